package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// perStage replaces the stage variables of a URI by what each stage sets
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
func (g *gateway) perStage(x template.Text, a *invoke.Origin) []function.Staged {
	stages := g.stagesOf(a)
	var out []function.Staged
	for _, stage := range stages {
		g.t.Budget().Spend(stageSteps)
		left := maxStaged
		all := stage.expand(x, stage.When, &left)
		if left < 0 {
			problem := &finding.Finding{Reason: function.OpaqueURI, Detail: "its variables have too many values on the stage " + stage.Name.String()}
			all = []function.Staged{{Text: x, Reading: function.Reading{Stage: stage.Name, Problem: problem}}}
		}
		out = append(out, all...)
	}
	return out
}

// maxStaged bounds how many functions a URI can name by the variables of one stage.
const maxStaged = 128

// stageSteps is what a stage costs, see package budget.
const stageSteps = 20

// expand replaces the variables of a text by their values. left is how many more results
// there may be.
func (x stage) expand(text template.Text, when template.Guard, left *int) []function.Staged {
	name := function.Variable(text)
	if name == "" {
		*left--
		return []function.Staged{{Text: text, Reading: function.Reading{Stage: x.Name, When: when}}}
	}
	var out []function.Staged
	for _, v := range x.values(name) {
		if both, ok := when.And(v.When); ok && *left >= 0 {
			out = append(out, x.expand(function.ReplaceVariable(text, name, v.Text), both, left)...)
		}
	}
	if len(out) == 0 {
		problem := &finding.Finding{Reason: NoVariable, Detail: "stage " + x.Name.String() + ", variable " + name}
		return []function.Staged{{Text: text, Reading: function.Reading{Stage: x.Name, When: when, Problem: problem}}}
	}
	return out
}
