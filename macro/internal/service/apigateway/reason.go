package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// The reasons of this package.
var (
	OpaqueBody = finding.Reason{Name: "opaque-body", Severity: finding.Warning, Hides: true, Unread: true,
		Sentence: "the API definition is an expression or a text that can't be read",
		Hint:     "write the definition into the template as an object, or list the transform that makes it before this one"}
	ExternalBody = finding.Reason{Name: "external-body", Severity: finding.Warning, Hides: true, Unread: true,
		Sentence: "the API definition lies outside the template",
		Hint:     "put it into the template with AWS::Include, or let the macro read the bucket"}
	LiveAPI = finding.Reason{Name: "live-api", Severity: finding.Warning, Hides: true,
		Sentence: "the API is cloned or merged with what is deployed: it may have routes that the template doesn't show",
		Hint:     "grant those routes by hand"}
	NoVariable = finding.Reason{Name: "no-variable", Severity: finding.Warning,
		Sentence: "a stage does not set the stage variable that the URI has",
		Hint:     "set the variable on the stage"}
	NoRoute = finding.Reason{Name: "no-route", Severity: finding.Info, OfGrant: true,
		Sentence: "no route of this template uses the integration: the whole API is granted",
		Hint:     "declare the route in this template for a narrower grant"}
	UnknownPath = finding.Reason{Name: "unknown-path", Severity: finding.Info, OfGrant: true,
		Sentence: "a part of the path is not in this template: the grant is wider than the route",
		Hint:     "nothing, where the wider grant is acceptable"}
	NoAPI = finding.Reason{Name: "no-api", Severity: finding.Fault,
		Sentence: "the API's id is missing or refers to something that the template doesn't have",
		Hint:     "correct the reference"}
	SAMFails = finding.Reason{Name: "sam-fails", Severity: finding.Fault,
		Sentence: "SAM adds a permission for the function, which is in another account or Region, and the stack fails",
		Hint:     "set DisableFunctionDefaultPermissions: true on the authorizer"}
	KeyPattern = finding.Reason{Name: "key-pattern", Severity: finding.Info,
		Sentence: "the route's key has * or ?, which a source ARN takes for any text: the grant is wider than the route",
		Hint:     "nothing, where the wider grant is acceptable"}
	noDeployment = finding.Reason{Name: "no-deployment", Severity: finding.Warning, OfGrant: true,
		Sentence: "credentials were added, and the template has no deployment of the API that would put them into effect",
		Hint:     "deploy the API again after the stack's update"}
	RouteElsewhere = finding.Reason{Name: "route-elsewhere", Severity: finding.Info, Hides: true,
		Sentence: "the route's integration is not in this template, and what it calls can't be known here",
		Hint:     "nothing, where the template that has the integration grants it"}
)

// reasons are all of them, for the documentation.
var reasons = []finding.Reason{OpaqueBody, ExternalBody, LiveAPI, NoVariable, NoRoute, UnknownPath, NoAPI, SAMFails, KeyPattern, noDeployment, RouteElsewhere}
