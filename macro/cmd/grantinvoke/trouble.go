package main

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// A trouble is one error that people meet on the way from a template to an
// answered request.
type trouble struct {
	name  string
	text  string   // as AWS writes it
	match []string // regular expressions that find it in a text, whatever the case
	ours  bool     // it tells of a transform, which the first group of match names: only this macro's is meant
	means string
	see   string // how to look closer
	do    []string
}

// troubles is the table that explain reads. The general ones stand last.
func troubles() []trouble {
	return slices.Concat(gatewayTroubles, lambdaTroubles, serviceTroubles, byService, transformTroubles, stackTroubles, rightTroubles, generalTroubles,
		[]trouble{samFailed, otherTransform})
}

// generalTroubles are those that have many causes.
var generalTroubles = []trouble{
	{
		name:  "no-updates",
		text:  "No updates are to be performed",
		match: []string{`no updates are to be performed`},
		means: "The template, after all macros, is the one that is deployed. That is no error: a new version of the macro, too, only acts where its output differs.",
		see:   "`aws cloudformation get-template --stack-name NAME --template-stage Processed` shows what is deployed.",
		do:    []string{"nothing", "with the CDK, cdk deploy --force sends a template that it thinks unchanged"},
	},
	{
		name:  "internal-server-error",
		text:  "Internal server error",
		match: []string{`internal server error`},
		means: "The API answers status 500. That is what callers see when API Gateway may not call the function, and also when the function fails or answers in a form that API Gateway doesn't take.",
		see:   "the API's execution log (REST) or access log with $context.integrationErrorMessage and $context.authorizer.error (HTTP, WebSocket); the function's log group: no entry at the time of the request means that it was never called.",
		do: []string{
			"never called: grantinvoke check template.yaml, and the errors above",
			"called: its answer must be {\"statusCode\": 200, \"body\": \"text\"} for a proxy integration",
		},
	},
}

var compiled sync.Map // of expressions

// find reports whether a text has the trouble, and whether it has it of another
// transform than the macro.
func (x trouble) find(text, macro string) (found bool, other string) {
	for _, m := range x.match {
		re, ok := compiled.Load(m)
		if !ok {
			re, _ = compiled.LoadOrStore(m, regexp.MustCompile(`(?i)`+m))
		}
		for _, groups := range re.(*regexp.Regexp).FindAllStringSubmatch(text, -1) {
			if !x.ours || isMacro(groups[1], macro) {
				found = true
			} else {
				other = groups[1]
			}
		}
	}
	return found, other
}

// isMacro reports whether what CloudFormation calls a transform is the macro:
// ACCOUNT::NAME, NAME, or nearly so.
func isMacro(transform, macro string) bool {
	if strings.HasPrefix(transform, "AWS::") {
		return false
	}
	name := strings.Trim(transform[strings.LastIndex(transform, ":")+1:], ".,;…")
	return name == "" || finding.Nearest(name, []string{macro}) != ""
}
