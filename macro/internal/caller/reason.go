package caller

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
)

// The reasons of this package.
var (
	OpaqueBody = finding.Reason{Name: "opaque-body", Severity: finding.Warning,
		Sentence: "the API definition is an expression or a text that can't be read",
		Hint:     "write the definition into the template as an object, or list the transform that makes it before this one"}
	ExternalBody = finding.Reason{Name: "external-body", Severity: finding.Warning,
		Sentence: "the API definition lies outside the template",
		Hint:     "put it into the template with AWS::Include, or let the macro read the bucket"}
	LiveAPI = finding.Reason{Name: "live-api", Severity: finding.Warning,
		Sentence: "the API is cloned or merged with what is deployed: it may have routes that the template doesn't show",
		Hint:     "grant those routes by hand"}
	NoVariable = finding.Reason{Name: "no-variable", Severity: finding.Warning,
		Sentence: "a stage does not set the stage variable that the URI has",
		Hint:     "set the variable on the stage"}
	NotARN = finding.Reason{Name: "not-arn", Severity: finding.Fault,
		Sentence: "the service wants the function's ARN",
		Hint:     "write !GetAtt Function.Arn"}
	Loop = finding.Reason{Name: "loop", Severity: finding.Warning,
		Sentence: "the resources of a Fn::ForEach are not expanded yet",
		Hint:     "list AWS::LanguageExtensions before this macro in Transform"}
	NoRoute = finding.Reason{Name: "no-route", Severity: finding.Info,
		Sentence: "no route of this template uses the integration: the whole API is granted",
		Hint:     "declare the route in this template for a narrower grant"}
	UnknownPath = finding.Reason{Name: "unknown-path", Severity: finding.Info,
		Sentence: "a part of the path is not in this template: the grant is wider than the route",
		Hint:     "nothing, where the wider grant is acceptable"}
	NoAPI = finding.Reason{Name: "no-api", Severity: finding.Fault,
		Sentence: "the API's id is missing or refers to something that the template doesn't have",
		Hint:     "correct the reference"}
)

// MaybeFunction is told of a place that takes functions and other targets.
var MaybeFunction = finding.Reason{Name: "maybe-function", Severity: finding.Info,
	Sentence: "the target is an expression whose value is not known: nothing is granted, whether it is a function or not",
	Hint:     "give the parameter a value that is a function's ARN, or grant the function by hand"}

// Reasons returns all reasons why a call isn't known, for the documentation.
func Reasons() []finding.Reason {
	return slices.Concat(function.Reasons(), []finding.Reason{OpaqueBody, ExternalBody, LiveAPI, NoVariable, NotARN, Loop, NoRoute, UnknownPath, NoAPI, MaybeFunction}, routeReasons())
}
