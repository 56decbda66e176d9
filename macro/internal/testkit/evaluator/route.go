package evaluator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

var requestVerbs = []string{"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"}

// verbsOf returns the verbs that a request to a method can have.
func verbsOf(method string) []string {
	if method = strings.ToUpper(method); method != "ANY" {
		return []string{method}
	}
	return requestVerbs
}

func tailsOf(method, path string) []string {
	var out []string
	for _, v := range verbsOf(method) {
		out = append(out, v+path)
	}
	return out
}

func invokes(typ any) bool {
	t := strings.ToUpper(str(typ))
	return t == "AWS" || t == "AWS_PROXY"
}

// method reads an AWS::ApiGateway::Method.
func (g *gateway) method(id string, p object) {
	i, verb := p["Integration"], strings.ToUpper(str(p["HttpMethod"]))
	if !invokes(member(i, "Type")) {
		return
	}
	path, known := g.path(str(p["ResourceId"]), 0)
	w := wire{wired: id, api: g.of(str(p["RestApiId"])), uri: member(i, "Uri"), credentials: member(i, "Credentials"),
		route: verb + " " + path, tails: tailsOf(verb, path)}
	if !known { // some resource of elsewhere stands above, which may be the root: a permission for that counts
		w.route, w.tails = verb+" ?", tailsOf(verb, orElse(path, "/"))
	}
	g.connect(w)
}

// path follows a resource's id up to the root.
func (g *gateway) path(resource string, depth int) (path string, known bool) {
	for _, id := range slices.Sorted(maps.Keys(g.raw)) {
		switch member(g.raw[id], "Type") {
		case "AWS::ApiGateway::RestApi":
			if g.code(id+"/root", 6) == resource {
				return "/", true
			}
		case "AWS::ApiGateway::Resource":
			if g.code(id, 6) == resource && depth < 50 {
				above, known := g.path(str(g.properties[id]["ParentId"]), depth+1)
				return strings.TrimSuffix(above, "/") + "/" + plain(str(g.properties[id]["PathPart"])), known
			}
		}
	}
	return "", false
}

func (g *gateway) authorizer(id, api, own string, uri, credentials any, protocol string) {
	g.connect(wire{wired: id, api: g.of(api), uri: uri, credentials: credentials, bare: true, route: "authorizer", authorizer: own})
}

// integration reads an AWS::ApiGatewayV2::Integration and the routes to it.
func (g *gateway) integration(id string, p object) {
	if !invokes(p["IntegrationType"]) || p["IntegrationSubtype"] != nil {
		return
	}
	a := g.of(str(p["ApiId"]))
	w := wire{wired: id, api: a, uri: p["IntegrationUri"], credentials: p["CredentialsArn"], bare: true}
	routes := 0
	for _, other := range slices.Sorted(maps.Keys(g.raw)) {
		r := g.properties[other]
		var target, key any
		switch member(g.raw[other], "Type") {
		case "AWS::ApiGatewayV2::Route":
			target, key = r["Target"], r["RouteKey"]
		case "AWS::ApiGatewayV2::ApiGatewayManagedOverrides":
			target, key = member(r["Route"], "Target"), "$default"
			for logical := range g.raw {
				if k := g.properties[logical]["RouteKey"]; g.code(logical, 10) == plain(str(r["ApiId"])) && k != nil {
					key = k
				}
			}
		}
		if plain(str(target)) == "integrations/"+g.code(id, 6) {
			routes++
			g.route(w, plain(str(key)))
		}
	}
	if routes == 0 && !g.routed(id) { // its routes are elsewhere
		w.route, w.tails = "any route", []string{"GET/pets", "$default", "POST/", "message"}
		g.connect(w)
	}
}

// routed reports whether the template has a route to an integration in any world.
func (g *gateway) routed(integration string) bool {
	for _, r := range section(g.template, "Resources") {
		switch member(r, "Type") {
		case "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::ApiGatewayManagedOverrides":
			if text := fmt.Sprint(member(r, "Properties")); strings.Contains(text, "${"+integration+"}") || strings.Contains(text, "[Ref:"+integration+"]") {
				return true
			}
		}
	}
	return false
}

// route makes the calls of a route key.
func (g *gateway) route(w wire, key string) {
	w.route, w.tails = key, []string{key}
	verb, path, spaced := strings.Cut(key, " ")
	if spaced && w.api.protocol != "WEBSOCKET" {
		path = "/" + strings.TrimPrefix(strings.TrimSpace(path), "/")
		w.route, w.tails = strings.ToUpper(verb)+" "+path, tailsOf(verb, path)
	}
	g.connect(w)
}

// quickCreate reads Target of an AWS::ApiGatewayV2::Api.
func (g *gateway) quickCreate(id string, p object) {
	if p["Target"] == nil {
		return
	}
	w := wire{wired: id, api: g.of(g.code(id, 10)), uri: p["Target"], credentials: p["CredentialsArn"], bare: true}
	g.route(w, orElse(plain(str(p["RouteKey"])), "$default"))
}

// body reads an OpenAPI definition.
func (g *gateway) body(id string, body any, protocol string) {
	if s, isText := body.(string); isText {
		parsed, err := Read([]byte(plain(s)))
		if err != nil || !isKnown(s) {
			g.doubt(id, "the body is not known")
		}
		body = object(parsed)
	}
	b := definition{gateway: g, id: id, root: body, protocol: protocol}
	paths, _ := member(body, "paths").(object)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item, _ := paths[path].(object)
		for _, verb := range slices.Sorted(maps.Keys(item)) {
			b.operation(path, verb, item[verb])
		}
	}
	for _, schemes := range []any{member(body, "securityDefinitions"), member(body, "components", "securitySchemes")} {
		all, _ := schemes.(object)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			b.scheme(member(all[name], "x-amazon-apigateway-authorizer"))
		}
	}
}

type definition struct {
	*gateway
	id, protocol string
	root         any
}

// native replaces the variables that API Gateway replaces itself.
func (b definition) native(v any) any {
	s, ok := text(v)
	if !ok {
		return nil
	}
	return strings.NewReplacer("${AWS::Region}", b.Region, "${AWS::AccountId}", b.Account, "${AWS::Partition}", b.Partition).Replace(s)
}

func (b definition) operation(path, verb string, operation any) {
	i := member(operation, "x-amazon-apigateway-integration")
	if ref := str(member(i, "$ref")); ref != "" {
		steps := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
		i = member(b.root, steps...)
	}
	if verb == "x-amazon-apigateway-any-method" {
		verb = "ANY"
	}
	if !invokes(member(i, "type")) || member(i, "integrationSubtype") != nil {
		return
	}
	w := wire{wired: b.id, api: b.of(b.code(b.id, 10)), uri: b.native(member(i, "uri")), credentials: member(i, "credentials"), bare: b.protocol == "HTTP"}
	if b.protocol == "HTTP" && (path == "/$default" || path == "$default") {
		b.route(w, "$default")
		return
	}
	sent := path
	if b.protocol == "REST" && len(path) > 1 {
		sent = "/" + strings.Trim(path, "/")
	}
	w.route, w.tails = strings.ToUpper(verb)+" "+path, tailsOf(verb, sent)
	b.connect(w)
}

// scheme reads an authorizer; API Gateway gives it an id that no template knows.
func (b definition) scheme(a any) {
	switch strings.ToLower(str(member(a, "type"))) {
	case "cognito_user_pools", "jwt":
		return
	}
	b.authorizer(b.id, b.code(b.id, 10), "zz8auth", b.native(member(a, "authorizerUri")), member(a, "authorizerCredentials"), b.protocol)
}
