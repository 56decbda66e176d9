package caller

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var samWebSocket = Finder{
	Name:  "sam-websocket",
	Doc:   "Routes.*.FunctionArn and Auth.AuthArn of an AWS::Serverless::WebSocketApi",
	Types: []string{"AWS::Serverless::WebSocketApi"},
	Find:  findSAMWebSocket,
}

var samConnector = Finder{
	Name: "sam-connector",
	Doc:  "AWS::Serverless::Connector and the attribute Connectors from an API to a function: SAM's own grants",
	Types: []string{"AWS::Serverless::Connector", "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api",
		"AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::WebSocketApi"},
	Find: findConnectors,
}

func findSAMWebSocket(s *Scope, r template.Resource) {
	api := s.ownAPI(r)
	stage, ok := s.SAMProperty(r, "StageName").One()
	if !ok {
		stage = template.Literal("default")
	}
	for key, route := range r.Properties().Get("Routes").Members() {
		src := s.routeSource(template.Literal(key), WebSocket)
		w := &wiring{resource: r, own: api, uri: route.Get("FunctionArn"), bare: true, arn: true,
			source: src}
		s.connect(w)
		s.give(w, "SAM, for the route "+key+" of "+r.ID, src.Tail(stage))
		s.samFails(w, "give the route an AWS::ApiGatewayV2::Integration and Route of its own")
	}
	auth := r.Properties().Get("Auth")
	if !auth.Get("AuthArn").Exists() {
		return
	}
	w := &wiring{resource: r, own: api, uri: auth.Get("AuthArn"), holder: auth, credentials: "InvokeRole", bare: true, arn: true,
		source: authorizerSource(template.Literal("*"), r.ID)}
	s.connect(w)
	if !auth.Get("InvokeRole").Exists() {
		s.give(w, "SAM, for the authorizer of "+r.ID, template.Literal("authorizers/*"))
		s.samFails(w, "give the authorizer an InvokeRole")
	}
}

// findConnectors reads connectors whose source is an API. Their qualifier is
// what stands behind the API's id, by default everything.
func findConnectors(s *Scope, r template.Resource) {
	for l := range sam.Links(s.t, r, isAPIType) {
		if !l.From.Exists() {
			continue
		}
		tail, ok := l.Qualifier.One()
		if !ok {
			tail = template.Literal("*")
		}
		s.t.Budget().Keep(2 * callBytes)
		s.found.Given = append(s.found.Given, Given{By: "SAM, for the connector of " + r.ID, API: s.ownAPI(l.From), Tail: tail,
			Target: s.Own(l.Function), When: l.When})
	}
}
