package main

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// A trouble is one error that people meet between writing a template and getting a
// request answered, with its explanation.
type trouble struct {
	name  string
	text  string   // as AWS writes it
	match []string // regular expressions that find it in a text, in any case of letters
	ours  bool     // it is about a transform, the first group of match: only about this macro
	means string   // what it means, and why it happens
	see   string   // how to look closer
	do    []string // what to do
}

// troubles returns the table that explain reads, the general ones last.
func troubles() []trouble {
	return slices.Concat(gatewayTroubles, lambdaTroubles, serviceTroubles, byService(), transformTroubles, stackTroubles, rightTroubles, generalTroubles,
		[]trouble{samFailed, otherTransform})
}

// generalTroubles are errors with many causes.
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

var compiled sync.Map // regular expressions by their text

// find reports whether a text has the error, and returns a transform other than the
// macro that it is about, or "".
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

// isMacro reports whether a transform, as CloudFormation names it, is the macro:
// ACCOUNT::NAME or NAME, spelled nearly like the macro's.
func isMacro(transform, macro string) bool {
	if strings.HasPrefix(transform, "AWS::") {
		return false
	}
	name := strings.Trim(transform[strings.LastIndex(transform, ":")+1:], ".,;…")
	return name == "" || finding.Nearest(name, []string{macro}) != ""
}
