package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// conditions names the Condition attributes of what is added. Where no
// condition of the template says the same, one is generated, named by a hash
// of its definition: the same definition always gets the same name.
type conditions struct {
	t         *template.Template
	generated map[string]string // name -> definition
}

// name returns the condition that is true where one of the guards is: "" where
// that is always.
func (c *conditions) name(guards []template.Guard) string {
	guards = c.reduce(guards)
	if len(guards) == 0 || len(guards[0]) == 0 {
		return ""
	}
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
			alternatives = append(alternatives, join("Fn::And", own))
		}
		slices.Sort(alternatives)
		operands = append(operands, join("Fn::Or", alternatives))
	}
	if len(guards) == 1 && len(common) == 1 && !common[0].Not {
		return common[0].Cond
	}
	definition := join("Fn::And", operands)
	if name, ok := c.t.DefinedAs(definition); ok {
		return name
	}
	name := "InvokeWhen" + hash(definition)
	c.generated[name] = definition
	return name
}

// reduce drops guards that others include, and all where together they are
// always true.
func (c *conditions) reduce(guards []template.Guard) []template.Guard {
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
func join(fn string, operands []string) string {
	if len(operands) == 1 {
		return operands[0]
	}
	for len(operands) > maxOperands {
		var next []string
		for chunk := range slices.Chunk(operands, maxOperands) {
			next = append(next, join(fn, chunk))
		}
		operands = next
	}
	return `{"` + fn + `":[` + strings.Join(operands, ",") + `]}`
}
