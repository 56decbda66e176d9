package function

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

// The reasons why it isn't known which function is named, or why Lambda takes no
// grant for it.
var (
	OpaqueURI = finding.Reason{Name: "opaque-uri", Severity: finding.Warning,
		Sentence: "the whole URI is an expression whose value is not known before the deployment",
		Hint:     "write the URI with Fn::Sub around the function, or give the parameter a value that is an invocation URI"}
	Latest = finding.Reason{Name: "latest", Severity: finding.Fault,
		Sentence: "the function is named with $LATEST, for which Lambda accepts no permission",
		Hint:     "name the function without a qualifier, name an alias, or use Grant: role"}
	NoStage = finding.Reason{Name: "no-stage", Severity: finding.Warning,
		Sentence: "the URI has a stage variable and the template declares no stage of the API",
		Hint:     "declare the stage in this template, or grant the function by hand"}
	Unescaped = finding.Reason{Name: "unescaped-stage-variable", Severity: finding.Fault,
		Sentence: "Fn::Sub would replace ${stageVariables.…} itself",
		Hint:     "write ${!stageVariables.…}"}
	Dangling = finding.Reason{Name: "dangling", Severity: finding.Fault,
		Sentence: "the function's name refers to something that the template doesn't have",
		Hint:     "correct the reference"}
	NotAlways = finding.Reason{Name: "not-always", Severity: finding.Warning,
		Sentence: "the function that has the name is in the template only under a condition: whether there is another one otherwise is not known",
		Hint:     "give the call the condition of the function, or allow the other function's call by hand"}
	APIVersion = finding.Reason{Name: "api-version", Severity: finding.Warning,
		Sentence: "the version of Lambda's API in the URI is none that invokes a function in this way",
		Hint:     "write /2015-03-31/functions/…/invocations, or /2021-11-15/functions/…/response-streaming-invocations"}
	Malformed = finding.Reason{Name: "malformed", Severity: finding.Fault,
		Sentence: "the text names no function that Lambda takes",
		Hint:     "write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations in Fn::Sub"}
	TextIsID = finding.Reason{Name: "text-is-id", Severity: finding.Warning,
		Sentence: "the text is the same as a logical id of the template, and is no reference to that resource",
		Hint:     "write !Ref, !GetAtt or ${…} in Fn::Sub, where the resource is meant"}
	BareARN = finding.Reason{Name: "bare-arn", Severity: finding.Fault,
		Sentence: "a REST API and an authorizer want an invocation URI, not a function ARN",
		Hint:     "write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/…/invocations"}
	OtherAccount = finding.Reason{Name: "other-account", Severity: finding.Warning,
		Sentence: "the function belongs to another account, where this stack can't add a permission",
		Hint:     "run the command there"}
	OtherRegion = finding.Reason{Name: "other-region", Severity: finding.Warning,
		Sentence: "the function is in another Region, where this stack can't add a permission",
		Hint:     "run the command there"}
	OtherPartition = finding.Reason{Name: "other-partition", Severity: finding.Warning,
		Sentence: "the function is in another partition, from which nothing is called here",
		Hint:     "correct the ARN, or run the command there"}
	DynamicReference = finding.Reason{Name: "dynamic-reference", Severity: finding.Warning,
		Sentence: "the function's name is a dynamic reference, which CloudFormation resolves into an identifier that can't be updated in place",
		Hint:     "pass the name as a parameter"}
	AsyncURI = finding.Reason{Name: "invoke-async", Severity: finding.Info,
		Sentence: "the URI uses Lambda's deprecated InvokeAsync",
		Hint:     "use /invocations with the header X-Amz-Invocation-Type: Event"}
	NameTooLong = finding.Reason{Name: "name-too-long", Severity: finding.Fault,
		Sentence: "function and alias together are longer than the 140 characters that AWS::Lambda::Permission takes",
		Hint:     "give the alias or the function a shorter name, or use Grant: role"}
	NotInvoked = finding.Reason{Name: "not-invoked", Severity: finding.Fault,
		Sentence: "the URI names an action of Lambda that doesn't invoke the function",
		Hint:     "end the URI in /invocations"}
	Unreachable = finding.Reason{Name: "unreachable", Severity: finding.Fault,
		Sentence: "the Region in the invocation URI isn't the function's: functions from one are not reachable in the other",
		Hint:     "write the function's Region into the URI"}
	StageVariableURI = finding.Reason{Name: "stage-variable-uri", Severity: finding.Fault,
		Sentence: "API Gateway takes stage variables in a URI of Lambda only for the function's name and qualifier",
		Hint:     "write arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${!stageVariables.…}/invocations"}
)

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return []finding.Reason{OpaqueURI, Latest, NoStage, Unescaped, Dangling, NotAlways, APIVersion, Malformed, TextIsID, BareARN, OtherAccount, OtherRegion, OtherPartition, DynamicReference, AsyncURI, NameTooLong, NotInvoked, Unreachable, StageVariableURI}
}
