package function

import (
	"regexp"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var stageVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{stageVariables\.([A-Za-z0-9_]+)\}`) })

// staged returns what a text with variables is on each stage, or one text with the
// problem.
func (s *Names) staged(x template.Text, perStage PerStage) []Staged {
	detail := "stage variable " + Variable(x)
	if !isStageable(x) {
		return []Staged{{Text: x, Reading: Reading{Problem: &finding.Finding{Reason: StageVariableURI, Detail: detail}}}}
	}
	var all []Staged
	if perStage != nil {
		all = perStage(x)
	}
	if len(all) == 0 {
		return []Staged{{Text: x, Reading: Reading{Problem: &finding.Finding{Reason: NoStage, Detail: detail}}}}
	}
	return all
}

// isStageable reports whether the variables of a URI are where API Gateway takes
// them: in the function's name and qualifier, or in place of all that names the function
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html).
func isStageable(x template.Text) bool {
	parts := x.Split(":")
	for i, part := range parts {
		before := i < 5 // arn:P:apigateway:R:lambda or arn:P:lambda:R:A
		if len(parts) > 10 && i > 5 && i < 11 {
			_, whole := parts[5].TrimSuffix("/functions/arn")
			before = whole
		}
		if before && Variable(part) != "" {
			return false
		}
	}
	return true
}

// Variable returns the name of the first stage variable of a text; "" where it has
// none.
func Variable(x template.Text) string {
	for _, p := range x {
		if p.Kind == template.Lit && strings.Contains(p.Text, "${stageVariables.") {
			if m := stageVariable().FindStringSubmatch(p.Text); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

// ReplaceVariable returns a text with another in place of a stage variable.
func ReplaceVariable(x template.Text, name string, by template.Text) template.Text {
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
