package caller

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

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
	stage, ok := s.samProperty(r, "StageName").One()
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
	if r.Type == "AWS::Serverless::Connector" {
		p := r.Properties()
		s.connector(r, p.Path("Source", "Id"), p.Path("Source", "Qualifier"), p.Get("Destination"), p.Get("Permissions"))
		return
	}
	for _, c := range r.Get("Connectors").Members() {
		p := c.Get("Properties")
		s.connectorOf(r, r, p.Path("SourceReference", "Qualifier"), p.Get("Destination"), p.Get("Permissions"))
	}
}

func (s *Scope) connector(r template.Resource, source, qualifier, destination, permissions template.Value) {
	id, _ := source.Text()
	if api, ok := s.t.Resource(id); ok {
		s.connectorOf(r, api, qualifier, destination, permissions)
	}
}

func (s *Scope) connectorOf(r, source template.Resource, qualifier, destination, permissions template.Value) {
	if _, isAPI := apiTypes[source.Type]; !isAPI || !contains(permissions, "Write") {
		return
	}
	tail, ok := qualifier.One()
	if !ok {
		tail = template.Literal("*")
	}
	when, ok := source.Condition().And(r.Condition())
	if !ok {
		return
	}
	for _, d := range elements(destination) {
		id, _ := d.Get("Id").Text()
		if fn, found := s.t.Resource(id); found && IsFunction(fn.Type) {
			s.t.Budget().Keep(2 * callBytes)
			s.found.Given = append(s.found.Given, Given{By: "SAM, for the connector of " + r.ID, API: s.ownAPI(source), Tail: tail,
				Target: s.ownFunction(fn), When: when})
		}
	}
}

// elements returns the items of an array, or the value alone.
func elements(v template.Value) []template.Value {
	if v.Kind() != template.Array {
		return []template.Value{v}
	}
	var out []template.Value
	for x := range v.Items() {
		out = append(out, x)
	}
	return out
}

func contains(list template.Value, word string) bool {
	for x := range list.Items() {
		if s, _ := x.Text(); s == word {
			return true
		}
	}
	return false
}
