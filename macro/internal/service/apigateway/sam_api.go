package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var samWebSocket = invoke.Kind{
	Name:  "sam-websocket",
	Doc:   "Routes.*.FunctionArn and Auth.AuthArn of an AWS::Serverless::WebSocketApi",
	Types: []string{"AWS::Serverless::WebSocketApi"},
	Find:  in(findSAMWebSocket),
}

var samConnector = invoke.Kind{
	Name: "sam-connector",
	Doc:  "AWS::Serverless::Connector and the attribute Connectors from an API to a function: SAM's own grants",
	Types: []string{"AWS::Serverless::Connector", "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api",
		"AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::WebSocketApi"},
	Find: in(findConnectors),
}

func findSAMWebSocket(g *gateway, r template.Resource) {
	api := g.apiOf(r)
	stage, ok := g.SAMProperty(r, "StageName").One()
	if !ok {
		stage = template.Literal("default")
	}
	for key, route := range r.Properties().Get("Routes").Members() {
		src := g.routeSource(template.Literal(key), WebSocket)
		w := &wiring{
			property: invoke.Property{Resource: r, Value: route.Get("FunctionArn")}, form: form{bare: true, arn: true},
			own: api, source: src,
		}
		g.connect(w)
		g.give(w, "SAM, for the route "+key+" of "+r.ID, r.ID, src.Tail(stage))
		g.samFails(w, "give the route an AWS::ApiGatewayV2::Integration and Route of its own")
	}
	auth := r.Properties().Get("Auth")
	if !auth.Get("AuthArn").Exists() {
		return
	}
	w := &wiring{
		property: invoke.Property{Resource: r, Value: auth.Get("AuthArn")},
		takes:    invoke.Takes{Holder: auth, Name: "InvokeRole"},
		form:     form{bare: true, arn: true},
		own:      api, source: authorizerSource(template.Literal("*"), r.ID),
	}
	g.connect(w)
	if !auth.Get("InvokeRole").Exists() {
		g.give(w, "SAM, for the authorizer of "+r.ID, r.ID+"AuthorizerPermission", template.Literal("authorizers/*"))
		g.samFails(w, "give the authorizer an InvokeRole")
	}
}

// linkBytes is what a connector costs, see package budget.
const linkBytes = 1200

// findConnectors reads connectors whose source is an API. Their qualifier is the tail of
// the source ARN, by default *.
func findConnectors(g *gateway, r template.Resource) {
	for l := range sam.Links(g.t, r, isAPI) {
		if !l.From.Exists() {
			continue
		}
		tail, ok := l.Qualifier.One()
		if !ok {
			tail = template.Literal("*")
		}
		g.t.Budget().Keep(linkBytes)
		g.Give(invoke.Given{By: "SAM, for the connector of " + r.ID, IDPrefix: l.Name + "Write", Origin: g.apiOf(l.From), Tail: tail,
			Target: g.Own(l.Function), When: l.When})
	}
}
