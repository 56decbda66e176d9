package author

import (
	"encoding/json"
	"fmt"
	"strings"
)

// apis are the kinds of API. Another kind is another function here.
var apis = []func(*author){(*author).rest, (*author).restBody, (*author).http, (*author).httpBody, (*author).quickCreate, (*author).webSocket}

var pathParts = []string{"pets", "{id}", "toys", "{proxy+}", "a.b", "v1", "orders"}

var verbs = []string{"GET", "POST", "PUT", "DELETE", "ANY", "ANY", "PATCH"}

// wire notes that a call was wired, for permissions by hand.
func (a *author) wire(api any, tail string, t target) {
	a.calls = append(a.calls, wired{api, tail, t.fn, t.qual})
}

// star is a path as a source ARN has it.
func star(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

func tail(verb, path string) string {
	if verb == "ANY" {
		verb = "*"
	}
	return "*/" + verb + star(path)
}

// rest is a REST API of resources and methods.
func (a *author) rest() {
	api := a.id("Rest")
	condition := a.condition()
	a.add(api, "AWS::ApiGateway::RestApi", object{"Name": api}, condition)
	a.stages(api, "AWS::ApiGateway::Stage", "RestApiId", "Variables", condition)
	var resources []string
	paths := map[string]string{"": ""}
	for range a.IntN(4) {
		id := a.id("Res")
		parent, path := any(att(api, "RootResourceId")), ""
		if len(resources) > 0 && a.chance(2) {
			up := pick(a, resources)
			parent, path = ref(up), paths[up]
		}
		part := any(pick(a, pathParts))
		if a.chance(8) {
			a.parameter("Part", []string{"given", "other"})
			part = ref("Part")
		}
		if a.chance(12) {
			a.t.Imports["parent"] = "r0parent"
			parent, path = object{"Fn::ImportValue": "parent"}, ""
		}
		a.add(id, "AWS::ApiGateway::Resource", object{"RestApiId": ref(api), "ParentId": parent, "PathPart": part}, condition)
		resources, paths[id] = append(resources, id), path+"/"+shown(part)
	}
	for range 1 + a.IntN(4) {
		verb, on, path := pick(a, verbs), any(att(api, "RootResourceId")), "/"
		if len(resources) > 0 && !a.chance(5) {
			r := pick(a, resources)
			on, path = ref(r), paths[r]
		}
		t := a.target()
		i := object{"Type": pick(a, []any{"AWS_PROXY", "AWS_PROXY", "AWS_PROXY", "AWS", "MOCK"}), "IntegrationHttpMethod": "POST",
			"Uri": a.under(a.uri(t), func() any { return a.uri(a.target()) })}
		a.credentials(i, "Credentials")
		whole := a.under(i, func() any { return object{"Type": "MOCK"} })
		own := a.condition()
		if condition != "" {
			own = condition
		}
		a.add(a.id("Method"), "AWS::ApiGateway::Method", object{"RestApiId": ref(api), "ResourceId": on, "HttpMethod": verb, "Integration": whole}, own)
		a.wire(ref(api), tail(verb, path), t)
	}
	if a.chance(3) {
		t := a.target()
		id := a.id("Authorizer")
		p := object{"RestApiId": ref(api), "Name": id, "Type": pick(a, []any{"TOKEN", "REQUEST", "COGNITO_USER_POOLS"}), "AuthorizerUri": a.uri(t)}
		a.credentials(p, "AuthorizerCredentials")
		a.add(id, "AWS::ApiGateway::Authorizer", p, condition)
		a.wire(ref(api), "authorizers/*", t)
	}
}

// shown is a part of a path as a permission by hand may have it.
func shown(part any) string {
	if s, ok := part.(string); ok {
		return s
	}
	return "given"
}

// stages declares some, with variables.
func (a *author) stages(api, typ, apiProperty, variables, condition string) {
	for _, name := range []string{"prod", "dev"}[:a.IntN(3)] {
		p := object{apiProperty: ref(api), "StageName": name}
		if a.chance(3) {
			p[variables] = object{"alias": "live"}
		}
		a.add(a.id("Stage"), typ, p, condition)
	}
}

// restBody is a REST API with an OpenAPI definition.
func (a *author) restBody() {
	api := a.id("Spec")
	body := a.definition(api, false)
	p := object{"Body": body}
	if _, isObject := body["Fn::If"]; !isObject && a.chance(6) && isPlain(body) {
		text, _ := json.Marshal(body)
		p["Body"] = string(text)
	}
	a.add(api, "AWS::ApiGateway::RestApi", p, a.condition())
}

// isPlain reports whether a definition has no expression that its text would
// leave as it is.
func isPlain(body object) bool {
	text, _ := json.Marshal(body)
	return !strings.Contains(string(text), `"Fn::`) && !strings.Contains(string(text), `"Ref"`)
}

func (a *author) httpBody() {
	api := a.id("HttpSpec")
	a.add(api, "AWS::ApiGatewayV2::Api", object{"Body": a.definition(api, true)}, a.condition())
}

// definition is an OpenAPI document.
func (a *author) definition(api string, http bool) object {
	paths := object{}
	for range 1 + a.IntN(3) {
		path := "/" + pick(a, pathParts)
		if a.chance(4) {
			path = "/"
		} else if a.chance(2) {
			path += "/" + pick(a, pathParts)
		}
		item := object{}
		for range 1 + a.IntN(2) {
			verb, shown := strings.ToLower(pick(a, verbs)), ""
			shown = strings.ToUpper(verb)
			if verb == "any" {
				verb = "x-amazon-apigateway-any-method"
			}
			t := a.target()
			i := object{"type": pick(a, []any{"aws_proxy", "AWS_PROXY", "aws_proxy", "mock"}), "httpMethod": "POST", "uri": a.under(a.uri(t), func() any { return a.uri(a.target()) })}
			a.credentials(i, "credentials")
			item[verb] = a.under(object{"x-amazon-apigateway-integration": a.under(i, func() any { return noValue })}, func() any { return noValue })
			a.wire(ref(api), tail(shown, path), t)
		}
		paths[path] = a.under(item, func() any { return noValue })
	}
	body := object{"openapi": "3.0.1", "paths": paths}
	if a.chance(4) {
		t := a.target()
		x := object{"type": pick(a, []any{"token", "request", "jwt"}), "authorizerUri": a.uri(t)}
		a.credentials(x, "authorizerCredentials")
		body["components"] = object{"securitySchemes": object{"auth": object{"type": "apiKey", "x-amazon-apigateway-authorizer": x}}}
		a.wire(ref(api), "authorizers/*", t)
	}
	if http && a.chance(3) {
		t := a.target()
		paths["/$default"] = object{"x-amazon-apigateway-any-method": object{"isDefaultRoute": true,
			"x-amazon-apigateway-integration": object{"type": "aws_proxy", "uri": a.bare(t)}}}
		a.wire(ref(api), "*/$default", t)
	}
	return body
}

// http is an HTTP API of integrations and routes.
func (a *author) http() {
	api := a.id("Http")
	condition := a.condition()
	a.add(api, "AWS::ApiGatewayV2::Api", object{"Name": api, "ProtocolType": "HTTP"}, condition)
	a.stages(api, "AWS::ApiGatewayV2::Stage", "ApiId", "StageVariables", condition)
	keys := map[string]bool{}
	for range 1 + a.IntN(3) {
		i, t := a.id("Integration"), a.target()
		p := object{"ApiId": ref(api), "IntegrationType": "AWS_PROXY", "IntegrationUri": a.under(a.bare(t), func() any { return a.bare(a.target()) })}
		a.credentials(p, "CredentialsArn")
		a.add(i, "AWS::ApiGatewayV2::Integration", p, condition)
		for range a.IntN(4) {
			path := "/" + pick(a, pathParts)
			key, verb := "", pick(a, verbs)
			switch a.IntN(6) {
			case 0:
				path = "/"
			case 1:
				path += "/" + pick(a, pathParts)
			case 2:
				key = "$default"
			}
			if key == "" {
				key = verb + " " + path
				a.wire(ref(api), tail(verb, path), t)
			} else {
				a.wire(ref(api), "*/$default", t)
			}
			if keys[key] {
				continue
			}
			keys[key] = true
			routeKey := any(key)
			if key != "$default" && a.chance(8) {
				a.parameter("Part", []string{"given", "other"})
				routeKey = sub(verb + " /${Part}/" + i)
			}
			own := condition
			if own == "" {
				own = a.condition()
			}
			a.add(a.id("Route"), "AWS::ApiGatewayV2::Route", object{"ApiId": ref(api), "RouteKey": routeKey,
				"Target": pick(a, []any{sub("integrations/${" + i + "}"), object{"Fn::Join": []any{"/", []any{"integrations", ref(i)}}}})}, own)
		}
	}
	if a.chance(3) {
		t, id := a.target(), a.id("Authorizer")
		p := object{"ApiId": ref(api), "Name": id, "AuthorizerType": pick(a, []any{"REQUEST", "REQUEST", "JWT"}), "AuthorizerUri": a.uri(t)}
		a.credentials(p, "AuthorizerCredentialsArn")
		a.add(id, "AWS::ApiGatewayV2::Authorizer", p, condition)
		a.wire(ref(api), "authorizers/*", t)
	}
}

func (a *author) quickCreate() {
	api, t := a.id("Quick"), a.target()
	p := object{"Name": api, "ProtocolType": "HTTP", "Target": a.bare(t)}
	key := "*/$default"
	if a.chance(3) {
		p["RouteKey"], key = "GET /pets", "*/GET/pets"
	}
	a.credentials(p, "CredentialsArn")
	a.add(api, "AWS::ApiGatewayV2::Api", p, a.condition())
	a.wire(ref(api), key, t)
}

func (a *author) webSocket() {
	api := a.id("Socket")
	condition := a.condition()
	a.add(api, "AWS::ApiGatewayV2::Api", object{"Name": api, "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}, condition)
	a.stages(api, "AWS::ApiGatewayV2::Stage", "ApiId", "StageVariables", condition)
	for i, key := range []string{"$connect", "$disconnect", "$default", "send", "join/room"}[:1+a.IntN(5)] {
		id, t := a.id("Integration"), a.target()
		p := object{"ApiId": ref(api), "IntegrationType": pick(a, []any{"AWS_PROXY", "AWS"}), "IntegrationUri": a.uri(t)}
		a.credentials(p, "CredentialsArn")
		a.add(id, "AWS::ApiGatewayV2::Integration", p, condition)
		a.add(a.id(fmt.Sprint("Route", i, "x")), "AWS::ApiGatewayV2::Route", object{"ApiId": ref(api), "RouteKey": key, "Target": sub("integrations/${" + id + "}")}, condition)
		a.wire(ref(api), "*/"+key, t)
	}
}
