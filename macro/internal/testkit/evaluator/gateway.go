package evaluator

import (
	"maps"
	"slices"
	"strings"
)

const apiGateway = "apigateway.amazonaws.com"

// A Call is one way in which a service comes to invoke a function.
type Call struct {
	Service  string
	Wired    string // the resource that wires it
	Route    string // as people write it: "GET /pets/{id}", "$default", "authorizer"
	Function string // the ARN that is called, with its qualifier
	Identity string // the ARN of a role that calls; "" is the service itself
	Before   bool   // the service tries the permission while the resource is created, so that it must come first
	Sources  []Source
}

// A Source is one source ARN of a call. The call is allowed where each is.
type Source struct {
	ARN      string
	Declared bool // of a stage that the template declares, or of no stage
}

// An api is one whose routes the template has.
type api struct {
	id       string
	protocol string // REST, HTTP, WEBSOCKET
	stages   []stage
}

type stage struct {
	name      string
	declared  bool
	variables []object // at once: those of the stage, and of a canary
}

// readGateway makes the calls of API Gateway.
func readGateway(d *Deployment) {
	g := &gateway{Deployment: d, apis: map[string]*api{}}
	g.readStages()
	for _, id := range slices.Sorted(maps.Keys(d.raw)) {
		p := d.properties[id]
		switch member(d.raw[id], "Type") {
		case "AWS::ApiGateway::Method":
			g.method(id, p)
		case "AWS::ApiGateway::Authorizer":
			if !strings.EqualFold(str(p["Type"]), "COGNITO_USER_POOLS") {
				g.authorizer(id, str(p["RestApiId"]), d.code(id, 6), p["AuthorizerUri"], p["AuthorizerCredentials"], "REST")
			}
		case "AWS::ApiGatewayV2::Authorizer":
			if !strings.EqualFold(str(p["AuthorizerType"]), "JWT") {
				g.authorizer(id, str(p["ApiId"]), d.code(id, 6), p["AuthorizerUri"], p["AuthorizerCredentialsArn"], "")
			}
		case "AWS::ApiGatewayV2::Integration":
			g.integration(id, p)
		case "AWS::ApiGateway::RestApi":
			g.body(id, p["Body"], "REST")
		case "AWS::ApiGatewayV2::Api":
			g.body(id, p["Body"], "HTTP")
			g.quickCreate(id, p)
		}
	}
}

type gateway struct {
	*Deployment
	apis map[string]*api
}

func str(v any) string {
	s, _ := text(v)
	return s
}

// of is what is known of an API by its id, wherever the API is.
func (g *gateway) of(id string) *api {
	id = plain(id)
	if g.apis[id] == nil {
		g.apis[id] = &api{id: id}
		for logical, r := range g.raw {
			typ, _ := member(r, "Type").(string)
			if (typ == "AWS::ApiGateway::RestApi" || typ == "AWS::ApiGatewayV2::Api") && g.code(logical, 10) == id {
				g.apis[id].protocol = "REST"
				if typ == "AWS::ApiGatewayV2::Api" {
					g.apis[id].protocol = orElse(strings.ToUpper(str(g.properties[logical]["ProtocolType"])), "HTTP")
				}
			}
		}
	}
	return g.apis[id]
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (g *gateway) readStages() {
	for _, id := range slices.Sorted(maps.Keys(g.raw)) {
		p := g.properties[id]
		switch member(g.raw[id], "Type") {
		case "AWS::ApiGateway::Stage":
			g.declare(str(p["RestApiId"]), p["StageName"], p["Variables"], member(p["CanarySetting"], "StageVariableOverrides"))
		case "AWS::ApiGateway::Deployment":
			if p["StageName"] != nil {
				g.declare(str(p["RestApiId"]), p["StageName"], member(p["StageDescription"], "Variables"),
					member(p["StageDescription"], "CanarySetting", "StageVariableOverrides"), member(p["DeploymentCanarySettings"], "StageVariableOverrides"))
			}
		case "AWS::ApiGatewayV2::Stage":
			g.declare(str(p["ApiId"]), p["StageName"], p["StageVariables"])
		case "AWS::ApiGatewayV2::Api":
			if p["Target"] != nil {
				g.declare(g.code(id, 10), "$default")
			}
		}
	}
}

func (g *gateway) declare(api string, name any, variables ...any) {
	a := g.of(api)
	s := stage{name: plain(str(name)), declared: true}
	for _, v := range variables {
		if s2, isText := v.(string); isText {
			v, _ = Read([]byte(s2))
		}
		if o, ok := v.(object); ok && len(o) > 0 {
			s.variables = append(s.variables, o)
		}
	}
	a.stages = append(a.stages, s)
}

// on returns the stages from which calls can come: the declared ones, the
// console's Test button of REST APIs, and one that the template doesn't show.
func (a *api) on() []stage {
	all := slices.Clone(a.stages)
	if a.protocol == "REST" || a.protocol == "" {
		all = append(all, stage{name: "test-invoke-stage"})
	}
	return append(all, stage{name: "zz-other"})
}

// A wire is a property that names a function, before stage variables are replaced.
type wire struct {
	wired, route     string
	api              *api
	uri, credentials any
	bare             bool     // it may be a function's ARN instead of a URI
	tails            []string // what can follow the stage
	authorizer       string   // instead of stage and tail
}

// connect makes the calls of a wire: one for each stage on which the URI is
// another.
func (g *gateway) connect(w wire) {
	uri, ok := text(w.uri)
	if !ok || uri == "" {
		return
	}
	if !strings.Contains(uri, "${stageVariables.") {
		g.target(w, uri, w.api.on())
		return
	}
	stages := w.api.stages
	if len(stages) == 0 {
		g.doubt(w.wired, "a stage variable without a stage")
	}
	for _, s := range stages {
		if len(s.variables) == 0 {
			g.doubt(w.wired, "a stage without the variable")
		}
		for _, set := range s.variables {
			replaced := uri
			for _, base := range []object{set, s.variables[0]} { // an override leaves the other variables
				for name, value := range base {
					replaced = strings.ReplaceAll(replaced, "${stageVariables."+name+"}", str(value))
				}
			}
			if strings.Contains(replaced, "${stageVariables.") {
				g.doubt(w.wired, "a stage without the variable")
				continue
			}
			g.target(w, replaced, []stage{s})
		}
	}
}

func (d *Deployment) doubt(id, why string) { d.Doubts[id] = why }

// target makes the call of a URI whose text is final.
func (g *gateway) target(w wire, uri string, stages []stage) {
	name, ok := g.invoked(w, uri)
	if !ok {
		return
	}
	arn, ok := g.functionARN(name)
	if !ok || strings.HasSuffix(arn, ":$LATEST") {
		g.doubt(w.wired, "no function that can have a policy: "+name)
		return
	}
	c := Call{Service: apiGateway, Wired: w.wired, Route: w.route, Function: arn, Identity: plain(str(w.credentials))}
	parts := strings.SplitN(arn, ":", 5)
	base := strings.Join([]string{"arn", parts[1], "execute-api", parts[3], g.Account, w.api.id + "/"}, ":")
	if w.authorizer != "" {
		c.Sources = []Source{{base + "authorizers/" + w.authorizer, true}}
	} else {
		for _, s := range stages {
			for _, tail := range w.tails {
				c.Sources = append(c.Sources, Source{base + s.name + "/" + tail, s.declared})
			}
		}
	}
	g.Calls = append(g.Calls, c)
}

// invoked returns the function's part of a URI; false where it is another service's, or
// can't be known.
func (g *gateway) invoked(w wire, uri string) (string, bool) {
	before, after, isPath := strings.Cut(uri, ":lambda:path/")
	if !isPath {
		if !isKnown(uri) && strings.HasPrefix(uri, opening) {
			g.doubt(w.wired, "the whole URI is not known")
		}
		if !strings.HasPrefix(plain(uri), "arn:"+g.Partition+":lambda:") {
			return "", false
		}
		if !w.bare {
			g.doubt(w.wired, "a bare ARN")
		}
		return uri, true
	}
	if !isKnown(before) {
		g.doubt(w.wired, "the URI is not known up to the function")
	}
	_, name, ok := strings.Cut(after, "/functions/")
	for _, op := range []string{"/invocations", "/response-streaming-invocations", "/invoke-async"} {
		if rest, cut := strings.CutSuffix(strings.TrimRight(name, "/"), op); cut {
			return rest, ok
		}
	}
	return "", false
}
