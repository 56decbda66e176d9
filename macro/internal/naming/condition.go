// Package naming gives names to what is added: to conditions by their definition,
// and to resources by a hash of what they are for, so that the same thing always
// gets the same name.
package naming

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Conditions finds the names for the Condition attribute of what is added. Where
// no condition of the template says the same, it generates one, named by a hash of
// its definition.
type Conditions struct {
	t         *template.Template
	Generated map[string]string // definitions, as JSON, by name
}

// NewConditions returns the Conditions of a template, none generated yet.
func NewConditions(t *template.Template) *Conditions {
	return &Conditions{t: t}
}

// Name returns the name of a condition that is true where one of the guards is, or
// "" where one of them is always true.
func (c *Conditions) Name(guards []template.Guard) string {
	if slices.ContainsFunc(guards, func(g template.Guard) bool { return len(g) == 0 }) {
		return ""
	}
	if guards = c.reduce(guards); len(guards) == 0 {
		return ""
	}
	if len(guards) == 1 && len(guards[0]) == 1 && !guards[0][0].Not {
		return guards[0][0].Cond
	}
	if name, ok := c.t.Equivalent(guards); ok {
		return name
	}
	return c.Define(c.expression(guards))
}

// Define returns the name of a condition with that definition: one of the
// template's, or one that it generates. Where the template or another definition
// has that name already, the name is hashed once more.
func (c *Conditions) Define(definition string) string {
	if name, ok := c.t.DefinedAs(definition); ok {
		return name
	}
	name := "InvokeWhen" + Hash(definition)
	for c.t.Section("Conditions").Get(name).Exists() || c.Generated[name] != "" && c.Generated[name] != definition {
		name = "InvokeWhen" + Hash(name)
	}
	if c.Generated == nil {
		c.Generated = map[string]string{}
	}
	c.Generated[name] = definition
	return name
}

// expression returns a definition that is true where one of the guards is: the
// terms they have in common, and an Fn::Or of the rest.
func (c *Conditions) expression(guards []template.Guard) string {
	common := commonTerms(guards)
	operands := make([]string, 0, len(common)+1)
	for _, term := range common {
		operands = append(operands, operand(term))
	}
	if len(guards) > 1 {
		var alternatives []string
		for _, g := range guards {
			var own []string
			for _, term := range g {
				if !common.Has(term) {
					own = append(own, operand(term))
				}
			}
			alternatives = append(alternatives, c.join("Fn::And", own))
		}
		slices.Sort(alternatives)
		operands = append(operands, c.join("Fn::Or", alternatives))
	}
	return c.join("Fn::And", operands)
}

// maxAlternatives is up to how many guards are compared with one another.
const maxAlternatives = 64

// reduce drops guards that are true only where others are, and returns none where
// one of them is always true. They come back sorted.
func (c *Conditions) reduce(guards []template.Guard) []template.Guard {
	if len(guards) > maxAlternatives {
		out := slices.Clone(guards)
		slices.SortFunc(out, func(a, b template.Guard) int { return strings.Compare(a.Key(), b.Key()) })
		return slices.CompactFunc(out, func(a, b template.Guard) bool { return a.Key() == b.Key() })
	}
	var out []template.Guard
	for i, g := range guards {
		others := slices.Clone(out)
		for _, later := range guards[i+1:] {
			if later.Key() != g.Key() {
				others = append(others, later)
			}
		}
		if !c.t.Covered(g, others) && !slices.ContainsFunc(out, func(o template.Guard) bool { return o.Key() == g.Key() }) {
			out = append(out, g)
		}
	}
	if len(out) == 0 && len(guards) > 0 {
		out = guards[:1] // each includes the others
	}
	if c.t.Covered(nil, out) {
		return nil
	}
	slices.SortFunc(out, func(a, b template.Guard) int { return strings.Compare(a.Key(), b.Key()) })
	return out
}

// commonTerms returns the terms that all guards have.
func commonTerms(guards []template.Guard) template.Guard {
	var common template.Guard
	for _, term := range guards[0] {
		if !slices.ContainsFunc(guards, func(g template.Guard) bool { return !g.Has(term) }) {
			common = append(common, term)
		}
	}
	return common
}

// operand returns a term as an operand of Fn::And or Fn::Or.
func operand(t template.Term) string {
	c := `{"Condition":` + template.Quote(t.Cond) + `}`
	if t.Not {
		return `{"Fn::Not":[` + c + `]}`
	}
	return c
}

// maxOperands is how many operands Fn::And and Fn::Or take
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html).
const maxOperands = 10

// join combines operands by Fn::And or Fn::Or, nested where there are more than
// one function takes. An operand that is itself Fn::And or Fn::Or becomes a
// condition of its own: that reads better, and other tools understand it.
func (c *Conditions) join(fn string, operands []string) string {
	if len(operands) == 1 {
		return operands[0]
	}
	for len(operands) > maxOperands {
		var next []string
		for part := range slices.Chunk(operands, maxOperands) {
			next = append(next, c.join(fn, part))
		}
		operands = next
	}
	for i, o := range operands {
		if strings.HasPrefix(o, `{"Fn::And"`) || strings.HasPrefix(o, `{"Fn::Or"`) {
			operands[i] = `{"Condition":` + template.Quote(c.Define(o)) + `}`
		}
	}
	return `{"` + fn + `":[` + strings.Join(operands, ",") + `]}`
}

// Everywhere reports whether, wherever one of the outer guards is true, one of the
// inner ones is.
func Everywhere(t *template.Template, outer, inner []template.Guard) bool {
	for _, g := range outer {
		if !t.Covered(g, inner) {
			return false
		}
	}
	return true
}
