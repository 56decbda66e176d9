package caller

import (
	"regexp"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var stageVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{stageVariables\.([A-Za-z0-9_]+)\}`) })

// A staged text is a URI on one stage.
type staged struct {
	reading
	text template.Text
}

// perStage replaces the stage variables of a URI by what each stage sets
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
func (s *Scope) perStage(x template.Text, a *API) []staged {
	name := variableIn(x)
	if name == "" {
		return []staged{{text: x}}
	}
	if !isStageable(x) {
		return []staged{{text: x, reading: reading{problem: &finding.Finding{Reason: StageVariableURI, Detail: "stage variable " + name}}}}
	}
	stages := s.Stages(a)
	if len(stages) == 0 {
		return []staged{{text: x, reading: reading{problem: &finding.Finding{Reason: NoStage, Detail: "stage variable " + name}}}}
	}
	var out []staged
	for _, stage := range stages {
		s.t.Budget().Spend(callSteps)
		left := maxStaged
		all := stage.expand(x, stage.When, &left)
		if left < 0 {
			problem := &finding.Finding{Reason: OpaqueURI, Detail: "its variables have too many values on the stage " + stage.Name.String()}
			all = []staged{{text: x, reading: reading{stage: stage.Name, problem: problem}}}
		}
		out = append(out, all...)
	}
	return out
}

// isStageable reports whether the variables of a URI stand where API Gateway takes
// them: behind the service
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
func isStageable(x template.Text) bool {
	parts := x.Split(":")
	for _, part := range parts[:min(len(parts), 5)] {
		if variableIn(part) != "" {
			return false
		}
	}
	return true
}

// maxStaged bounds to how many functions the variables of a URI are followed
// on one stage.
const maxStaged = 128

// expand replaces the variables of a text, as long as there are any left.
func (x Stage) expand(text template.Text, when template.Guard, left *int) []staged {
	name := variableIn(text)
	if name == "" {
		*left--
		return []staged{{text: text, reading: reading{stage: x.Name, when: when}}}
	}
	var out []staged
	for _, v := range x.values(name) {
		if both, ok := when.And(v.When); ok && *left >= 0 {
			out = append(out, x.expand(replaceVariable(text, name, v.Text), both, left)...)
		}
	}
	if len(out) == 0 {
		problem := &finding.Finding{Reason: NoVariable, Detail: "stage " + x.Name.String() + ", variable " + name}
		return []staged{{text: text, reading: reading{stage: x.Name, when: when, problem: problem}}}
	}
	return out
}

func variableIn(x template.Text) string {
	for _, p := range x {
		if p.Kind == template.Lit && strings.Contains(p.Text, "${stageVariables.") {
			if m := stageVariable().FindStringSubmatch(p.Text); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

func replaceVariable(x template.Text, name string, by template.Text) template.Text {
	var out template.Text
	for {
		before, after, found := x.Cut("${stageVariables." + name + "}")
		out = template.Join(out, before)
		if !found {
			return out
		}
		out, x = template.Join(out, by), after
	}
}
