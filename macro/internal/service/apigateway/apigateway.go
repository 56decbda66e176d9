// Package apigateway is one of the services that invoke functions, Amazon API Gateway:
// REST, HTTP and WebSocket APIs, as resources, as definitions and as SAM has them, with
// their routes, authorizers and stages. Each kind of property that names a function has
// a file.
package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Name is that of the service, as the option Services has it.
const Name = "apigateway"

// Principal is API Gateway's, in every partition
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
const Principal = "apigateway.amazonaws.com"

// Service is API Gateway, whose routes and authorizers call. A new kind is one file and
// one line here, in the order of the documentation.
var Service = invoke.Service{
	Name: Name, Title: "Amazon API Gateway", Word: "Api", Principal: Principal,
	Kinds: []invoke.Kind{
		restMethod, restAuthorizer, restBody,
		httpIntegration, httpAuthorizer, httpBody, quickCreate, managedOverrides,
		samBody, samAuthorizer, samWebSocket, samEvent, samConnector,
	},
	Spells: map[string]invoke.Spells{
		"AWS::ApiGateway::Stage": spellStage, "AWS::ApiGatewayV2::Stage": spellStage, sam.API: spellStage,
		"AWS::ApiGateway::Authorizer": spellAuthorizer, "AWS::ApiGatewayV2::Authorizer": spellAuthorizer,
	},
	Origins: invoke.Origins{
		ARN:    invoke.OwnARN("execute-api"), // https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
		IDs:    10,
		Reads:  []string{"AWS::ApiGateway"},
		Is:     isAPI,
		Named:  namedAPI,
		Spells: stageNames,
		Finish: func(f *invoke.Finder) { of(f).finish() },
		Widen:  widen,

		Opened:   opened,
		Redeploy: redeployment,
	},
	Advice: invoke.Advice{
		Reasons: reasons, Checks: []invoke.Check{notPost, noPayloadFormat, noLogsRole}, Slips: slips,
		Mistaken: map[string]string{"apigateway": "SourceArn is an ARN of API Gateway's management, and calls come from execute-api"},
	},
	Definitions: invoke.Definitions{Locations: locations, Interrupted: interrupted, Part: findPart},
}

// A gateway finds the calls of API Gateway in one template. It reads routes, stages and
// paths when they are first needed.
type gateway struct {
	*invoke.Finder
	t      *template.Template
	routes map[string][]route  // by logical id of the integration
	stages map[string][]stage  // by key of the API
	places map[stageKey]int    // index of a stage in its list, while they are read
	paths  map[string]restPath // by logical id of the AWS::ApiGateway::Resource
}

// of returns the gateway of a finder's template.
func of(f *invoke.Finder) *gateway {
	return f.Shared(Name, func(f *invoke.Finder) any { return &gateway{Finder: f, t: f.Template()} }).(*gateway)
}

// in turns a method of a gateway into a [invoke.Kind]'s Find.
func in(find func(*gateway, template.Resource)) func(*invoke.Finder, template.Resource) {
	return func(f *invoke.Finder, r template.Resource) { find(of(f), r) }
}

// testStage is the stage that the console's Test button and TestInvokeMethod
// call from. Only REST APIs have them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html).
const testStage = "test-invoke-stage"

// finish finds the calls that no resource of a kind makes, and sets the stages of every
// API.
func (g *gateway) finish() {
	g.implicitAuthorizers()
	g.routesElsewhere()
	var last *invoke.Origin
	for _, c := range g.Calls() {
		if c.Service.Name == Name && c.Origin != last {
			last = c.Origin
			last.Stages = g.declared(last)
			if last.Kind == REST {
				last.Trial = testStage
			}
		}
	}
}
