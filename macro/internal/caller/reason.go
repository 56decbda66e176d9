package caller

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

// The words of package finding, while others still use the old names.
type (
	Reason   = finding.Reason
	Severity = finding.Severity
	Problem  = finding.Finding
)

// The severities.
const (
	Info    = finding.Info
	Warning = finding.Warning
	Fault   = finding.Fault
)

// The reasons of this package.
var (
	OpaqueURI = Reason{Name: "opaque-uri", Severity: Warning,
		Sentence: "the whole URI is an expression whose value is not known before the deployment",
		Hint:     "write the URI with Fn::Sub around the function, or give the parameter a value that is an invocation URI"}
	OpaqueBody = Reason{Name: "opaque-body", Severity: Warning,
		Sentence: "the API definition is an expression or a text that can't be read",
		Hint:     "write the definition into the template as an object, or list the transform that makes it before this one"}
	ExternalBody = Reason{Name: "external-body", Severity: Warning,
		Sentence: "the API definition lies outside the template",
		Hint:     "put it into the template with AWS::Include, or let the macro read the bucket"}
	LiveAPI = Reason{Name: "live-api", Severity: Warning,
		Sentence: "the API is cloned or merged with what is deployed: it may have routes that the template doesn't show",
		Hint:     "grant those routes by hand"}
	Latest = Reason{Name: "latest", Severity: Fault,
		Sentence: "the URI names $LATEST, for which Lambda accepts no permission",
		Hint:     "name the function without a qualifier, name an alias, or use Grant: role"}
	NoStage = Reason{Name: "no-stage", Severity: Warning,
		Sentence: "the URI has a stage variable and the template declares no stage of the API",
		Hint:     "declare the stage in this template, or grant the function by hand"}
	NoVariable = Reason{Name: "no-variable", Severity: Warning,
		Sentence: "a stage does not set the stage variable that the URI has",
		Hint:     "set the variable on the stage"}
	Unescaped = Reason{Name: "unescaped-stage-variable", Severity: Fault,
		Sentence: "Fn::Sub would replace ${stageVariables.…} itself",
		Hint:     "write ${!stageVariables.…}"}
	Dangling = Reason{Name: "dangling", Severity: Fault,
		Sentence: "the function's name refers to something that the template doesn't have",
		Hint:     "correct the reference"}
	Malformed = Reason{Name: "malformed", Severity: Fault,
		Sentence: "the text names no function that Lambda takes",
		Hint:     "write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations in Fn::Sub"}
	TextIsID = Reason{Name: "text-is-id", Severity: Warning,
		Sentence: "the text is the same as a logical id of the template, and is no reference to that resource",
		Hint:     "write !Ref, !GetAtt or ${…} in Fn::Sub, where the resource is meant"}
	BareARN = Reason{Name: "bare-arn", Severity: Fault,
		Sentence: "a REST API and an authorizer want an invocation URI, not a function ARN",
		Hint:     "write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/…/invocations"}
	NotARN = Reason{Name: "not-arn", Severity: Fault,
		Sentence: "the service wants the function's ARN",
		Hint:     "write !GetAtt Function.Arn"}
	OtherAccount = Reason{Name: "other-account", Severity: Warning,
		Sentence: "the function belongs to another account, where this stack can't add a permission",
		Hint:     "run the command there"}
	OtherRegion = Reason{Name: "other-region", Severity: Warning,
		Sentence: "the function is in another Region, where this stack can't add a permission",
		Hint:     "run the command there"}
	OtherPartition = Reason{Name: "other-partition", Severity: Warning,
		Sentence: "the function is in another partition, from which nothing is called here",
		Hint:     "correct the ARN, or run the command there"}
	Loop = Reason{Name: "loop", Severity: Warning,
		Sentence: "the resources of a Fn::ForEach are not expanded yet",
		Hint:     "list AWS::LanguageExtensions before this macro in Transform"}
	NoRoute = Reason{Name: "no-route", Severity: Info,
		Sentence: "no route of this template uses the integration: the whole API is granted",
		Hint:     "declare the route in this template for a narrower grant"}
	UnknownPath = Reason{Name: "unknown-path", Severity: Info,
		Sentence: "a part of the path is not in this template: the grant is wider than the route",
		Hint:     "nothing, where the wider grant is acceptable"}
	DynamicReference = Reason{Name: "dynamic-reference", Severity: Warning,
		Sentence: "the function's name is a dynamic reference, which CloudFormation resolves into an identifier that can't be updated in place",
		Hint:     "pass the name as a parameter"}
	AsyncURI = Reason{Name: "invoke-async", Severity: Info,
		Sentence: "the URI uses Lambda's deprecated InvokeAsync",
		Hint:     "use /invocations with the header X-Amz-Invocation-Type: Event"}
	NameTooLong = Reason{Name: "name-too-long", Severity: Fault,
		Sentence: "function and alias together are longer than the 140 characters that AWS::Lambda::Permission takes",
		Hint:     "give the alias or the function a shorter name, or use Grant: role"}
	NoAPI = Reason{Name: "no-api", Severity: Fault,
		Sentence: "the API's id is missing or refers to something that the template doesn't have",
		Hint:     "correct the reference"}
)

// MaybeFunction is told of a place that takes functions and other targets.
var MaybeFunction = Reason{Name: "maybe-function", Severity: Info,
	Sentence: "the target is an expression whose value is not known: nothing is granted, whether it is a function or not",
	Hint:     "give the parameter a value that is a function's ARN, or grant the function by hand"}

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []Reason {
	return append([]Reason{OpaqueURI, OpaqueBody, ExternalBody, LiveAPI, Latest, NoStage, NoVariable, Unescaped, Dangling, BareARN, NotARN,
		OtherAccount, OtherRegion, Loop, NoRoute, UnknownPath, DynamicReference, AsyncURI, NameTooLong, NoAPI, MaybeFunction,
		Malformed, TextIsID, OtherPartition}, routeReasons()...)
}
