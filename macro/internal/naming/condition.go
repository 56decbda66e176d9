// Package naming names what is added: conditions by what they say, and logical ids
// by a hash of what they are for, so that the same always gets the same name.
package naming

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Conditions names the Condition attributes of what is added. Where no
// condition of the template says the same, one is generated, named by a hash
// of its definition: the same definition always gets the same name.
type Conditions struct {
	t         *template.Template
	Generated map[string]string // name -> definition
}

// NewConditions names conditions beside those of a template.
func NewConditions(t *template.Template) *Conditions {
	return &Conditions{t: t, Generated: map[string]string{}}
}

// Name returns the condition that is true where one of the guards is: "" where
// that is always.
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

// Define names a definition. A clash with a name of the template, or of another
// definition, is resolved by hashing once more.
func (c *Conditions) Define(definition string) string {
	if name, ok := c.t.DefinedAs(definition); ok {
		return name
	}
	name := "InvokeWhen" + Hash(definition)
	for c.t.Section("Conditions").Get(name).Exists() || c.Generated[name] != "" && c.Generated[name] != definition {
		name = "InvokeWhen" + Hash(name)
	}
	c.Generated[name] = definition
	return name
}

// expression is a definition that is true where one of the guards is. What
// they have in common stands in front.
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

// maxAlternatives bounds how many guards are compared with one another.
const maxAlternatives = 64

// reduce drops guards that others include, and all where together they are
// always true.
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

func commonTerms(guards []template.Guard) template.Guard {
	var common template.Guard
	for _, term := range guards[0] {
		if !slices.ContainsFunc(guards, func(g template.Guard) bool { return !g.Has(term) }) {
			common = append(common, term)
		}
	}
	return common
}

func operand(t template.Term) string {
	c := `{"Condition":` + template.Quote(t.Cond) + `}`
	if t.Not {
		return `{"Fn::Not":[` + c + `]}`
	}
	return c
}

// maxOperands is what Fn::And and Fn::Or take
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html).
const maxOperands = 10

// join combines operands, nesting where they are more than one function takes.
// An operand that is itself And or Or gets a name of its own, which reads
// better and is what other tools understand.
func (c *Conditions) join(fn string, operands []string) string {
	if len(operands) == 1 {
		return operands[0]
	}
	for len(operands) > maxOperands {
		var next []string
		for chunk := range slices.Chunk(operands, maxOperands) {
			next = append(next, c.join(fn, chunk))
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

// Everywhere reports whether one of the inner guards is true wherever one of
// the outer is.
func Everywhere(t *template.Template, outer, inner []template.Guard) bool {
	for _, g := range outer {
		if !t.Covered(g, inner) {
			return false
		}
	}
	return true
}
