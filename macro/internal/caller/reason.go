package caller

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

// The reasons of this package.
var (
	OpaqueURI = finding.Reason{Name: "opaque-uri", Severity: finding.Warning,
		Sentence: "the whole URI is an expression whose value is not known before the deployment",
		Hint:     "write the URI with Fn::Sub around the function, or give the parameter a value that is an invocation URI"}
	OpaqueBody = finding.Reason{Name: "opaque-body", Severity: finding.Warning,
		Sentence: "the API definition is an expression or a text that can't be read",
		Hint:     "write the definition into the template as an object, or list the transform that makes it before this one"}
	ExternalBody = finding.Reason{Name: "external-body", Severity: finding.Warning,
		Sentence: "the API definition lies outside the template",
		Hint:     "put it into the template with AWS::Include, or let the macro read the bucket"}
	LiveAPI = finding.Reason{Name: "live-api", Severity: finding.Warning,
		Sentence: "the API is cloned or merged with what is deployed: it may have routes that the template doesn't show",
		Hint:     "grant those routes by hand"}
	Latest = finding.Reason{Name: "latest", Severity: finding.Fault,
		Sentence: "the function is named with $LATEST, for which Lambda accepts no permission",
		Hint:     "name the function without a qualifier, name an alias, or use Grant: role"}
	NoStage = finding.Reason{Name: "no-stage", Severity: finding.Warning,
		Sentence: "the URI has a stage variable and the template declares no stage of the API",
		Hint:     "declare the stage in this template, or grant the function by hand"}
	NoVariable = finding.Reason{Name: "no-variable", Severity: finding.Warning,
		Sentence: "a stage does not set the stage variable that the URI has",
		Hint:     "set the variable on the stage"}
	Unescaped = finding.Reason{Name: "unescaped-stage-variable", Severity: finding.Fault,
		Sentence: "Fn::Sub would replace ${stageVariables.…} itself",
		Hint:     "write ${!stageVariables.…}"}
	Dangling = finding.Reason{Name: "dangling", Severity: finding.Fault,
		Sentence: "the function's name refers to something that the template doesn't have",
		Hint:     "correct the reference"}
	Malformed = finding.Reason{Name: "malformed", Severity: finding.Fault,
		Sentence: "the text names no function that Lambda takes",
		Hint:     "write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations in Fn::Sub"}
	TextIsID = finding.Reason{Name: "text-is-id", Severity: finding.Warning,
		Sentence: "the text is the same as a logical id of the template, and is no reference to that resource",
		Hint:     "write !Ref, !GetAtt or ${…} in Fn::Sub, where the resource is meant"}
	BareARN = finding.Reason{Name: "bare-arn", Severity: finding.Fault,
		Sentence: "a REST API and an authorizer want an invocation URI, not a function ARN",
		Hint:     "write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/…/invocations"}
	NotARN = finding.Reason{Name: "not-arn", Severity: finding.Fault,
		Sentence: "the service wants the function's ARN",
		Hint:     "write !GetAtt Function.Arn"}
	OtherAccount = finding.Reason{Name: "other-account", Severity: finding.Warning,
		Sentence: "the function belongs to another account, where this stack can't add a permission",
		Hint:     "run the command there"}
	OtherRegion = finding.Reason{Name: "other-region", Severity: finding.Warning,
		Sentence: "the function is in another Region, where this stack can't add a permission",
		Hint:     "run the command there"}
	OtherPartition = finding.Reason{Name: "other-partition", Severity: finding.Warning,
		Sentence: "the function is in another partition, from which nothing is called here",
		Hint:     "correct the ARN, or run the command there"}
	Loop = finding.Reason{Name: "loop", Severity: finding.Warning,
		Sentence: "the resources of a Fn::ForEach are not expanded yet",
		Hint:     "list AWS::LanguageExtensions before this macro in Transform"}
	NoRoute = finding.Reason{Name: "no-route", Severity: finding.Info,
		Sentence: "no route of this template uses the integration: the whole API is granted",
		Hint:     "declare the route in this template for a narrower grant"}
	UnknownPath = finding.Reason{Name: "unknown-path", Severity: finding.Info,
		Sentence: "a part of the path is not in this template: the grant is wider than the route",
		Hint:     "nothing, where the wider grant is acceptable"}
	DynamicReference = finding.Reason{Name: "dynamic-reference", Severity: finding.Warning,
		Sentence: "the function's name is a dynamic reference, which CloudFormation resolves into an identifier that can't be updated in place",
		Hint:     "pass the name as a parameter"}
	AsyncURI = finding.Reason{Name: "invoke-async", Severity: finding.Info,
		Sentence: "the URI uses Lambda's deprecated InvokeAsync",
		Hint:     "use /invocations with the header X-Amz-Invocation-Type: Event"}
	NameTooLong = finding.Reason{Name: "name-too-long", Severity: finding.Fault,
		Sentence: "function and alias together are longer than the 140 characters that AWS::Lambda::Permission takes",
		Hint:     "give the alias or the function a shorter name, or use Grant: role"}
	NoAPI = finding.Reason{Name: "no-api", Severity: finding.Fault,
		Sentence: "the API's id is missing or refers to something that the template doesn't have",
		Hint:     "correct the reference"}
)

// MaybeFunction is told of a place that takes functions and other targets.
var MaybeFunction = finding.Reason{Name: "maybe-function", Severity: finding.Info,
	Sentence: "the target is an expression whose value is not known: nothing is granted, whether it is a function or not",
	Hint:     "give the parameter a value that is a function's ARN, or grant the function by hand"}

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return append([]finding.Reason{OpaqueURI, OpaqueBody, ExternalBody, LiveAPI, Latest, NoStage, NoVariable, Unescaped, Dangling, BareARN, NotARN,
		OtherAccount, OtherRegion, Loop, NoRoute, UnknownPath, DynamicReference, AsyncURI, NameTooLong, NoAPI, MaybeFunction,
		Malformed, TextIsID, OtherPartition}, routeReasons()...)
}
