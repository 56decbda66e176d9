package caller

import "github.com/go-json-experiment/json/jsontext"

// A Reason is one kind of thing to tell about a call. Its name is stable:
// people write it into their pipelines.
type Reason struct {
	Name     string
	Severity Severity
	Sentence string // what is wrong, for the table of reasons
	Hint     string // what to do
}

// Severity orders reasons by how much they matter.
type Severity uint8

// The severities.
const (
	Info    Severity = iota // worth knowing; nothing to do
	Warning                 // a call that may not be allowed, or more than needed is
	Fault                   // an error of the template's author: the call can't work
)

// Matters reports whether somebody should act.
func (s Severity) Matters() bool { return s > Info }

func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// A Problem is a reason at a place.
type Problem struct {
	Reason
	At     jsontext.Pointer
	Detail string // the particulars of this case; may be empty
}

// The reasons of this room.
var (
	OpaqueURI = Reason{"opaque-uri", Warning, "the whole URI is an expression whose value is not known before the deployment",
		"write the URI with Fn::Sub around the function, or give the parameter a value that is an invocation URI"}
	OpaqueBody = Reason{"opaque-body", Warning, "the API definition is an expression or a text that can't be read",
		"write the definition into the template as an object, or list the transform that makes it before this one"}
	ExternalBody = Reason{"external-body", Warning, "the API definition lies outside the template",
		"put it into the template with AWS::Include, or let the macro read the bucket"}
	LiveAPI = Reason{"live-api", Warning, "the API is cloned or merged with what is deployed: it may have routes that the template doesn't show",
		"grant those routes by hand"}
	Latest = Reason{"latest", Fault, "the URI names $LATEST, for which Lambda accepts no permission",
		"name the function without a qualifier, name an alias, or use Grant: role"}
	NoStage = Reason{"no-stage", Warning, "the URI has a stage variable and the template declares no stage of the API",
		"declare the stage in this template, or grant the function by hand"}
	NoVariable = Reason{"no-variable", Warning, "a stage does not set the stage variable that the URI has",
		"set the variable on the stage"}
	Unescaped = Reason{"unescaped-stage-variable", Fault, "Fn::Sub would replace ${stageVariables.…} itself",
		"write ${!stageVariables.…}"}
	Dangling = Reason{"dangling", Fault, "the function's name refers to something that the template doesn't have",
		"correct the reference"}
	BareARN = Reason{"bare-arn", Fault, "a REST API and an authorizer want an invocation URI, not a function ARN",
		"write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/…/invocations"}
	OtherAccount = Reason{"other-account", Warning, "the function belongs to another account, where this stack can't add a permission",
		"run the command there"}
	OtherRegion = Reason{"other-region", Warning, "the function is in another Region, where this stack can't add a permission",
		"run the command there"}
	Loop = Reason{"loop", Warning, "the resources of a Fn::ForEach are not expanded yet",
		"list AWS::LanguageExtensions before this macro in Transform"}
	NoRoute = Reason{"no-route", Info, "no route of this template uses the integration: the whole API is granted",
		"declare the route in this template for a narrower grant"}
	UnknownPath = Reason{"unknown-path", Info, "a part of the path is not in this template: the grant is wider than the route",
		"nothing, where the wider grant is acceptable"}
	DynamicReference = Reason{"dynamic-reference", Warning, "the function's name is a dynamic reference, which CloudFormation resolves into an identifier that can't be updated in place",
		"pass the name as a parameter"}
	AsyncURI = Reason{"invoke-async", Info, "the URI uses Lambda's deprecated InvokeAsync",
		"use /invocations with the header X-Amz-Invocation-Type: Event"}
	NameTooLong = Reason{"name-too-long", Fault, "function and alias together are longer than the 140 characters that AWS::Lambda::Permission takes",
		"give the alias or the function a shorter name, or use Grant: role"}
	NoAPI = Reason{"no-api", Fault, "the API's id is missing or refers to something that the template doesn't have",
		"correct the reference"}
)

// Reasons returns all reasons of this room, for the documentation.
func Reasons() []Reason {
	return []Reason{OpaqueURI, OpaqueBody, ExternalBody, LiveAPI, Latest, NoStage, NoVariable, Unescaped, Dangling, BareARN,
		OtherAccount, OtherRegion, Loop, NoRoute, UnknownPath, DynamicReference, AsyncURI, NameTooLong, NoAPI}
}
