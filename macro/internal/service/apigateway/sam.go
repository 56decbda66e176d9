package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What SAM itself adds, as of translator 1.110, is recorded as [invoke.Given], so that it
// isn't added twice. All of this concerns only templates in which the macro runs before
// AWS::Serverless-2016-10-31.

var samBody = invoke.Kind{
	Name:  "sam-body",
	Doc:   "x-amazon-apigateway-integration and -authorizer in the DefinitionBody of an AWS::Serverless::Api or HttpApi",
	Types: []string{"AWS::Serverless::Api", "AWS::Serverless::HttpApi"},
	Find: in(func(g *gateway, r template.Resource) {
		g.findBody(r, r.Properties().Get("DefinitionBody"), g.SAMProperty(r, "DefinitionUri"), template.Value{})
	}),
}

var samAuthorizer = invoke.Kind{
	Name:  "sam-authorizer",
	Doc:   "Auth.Authorizers.*.FunctionArn of an AWS::Serverless::Api or HttpApi, Globals included",
	Types: []string{"AWS::Serverless::Api", "AWS::Serverless::HttpApi"},
	Find:  in(findSAMAuthorizers),
}

var samEvent = invoke.Kind{
	Name:  "sam-event",
	Doc:   "Events of type Api and HttpApi of an AWS::Serverless::Function, which SAM permits itself",
	Types: []string{"AWS::Serverless::Function"},
	Find:  in(findSAMEvents),
}

func findSAMAuthorizers(g *gateway, r template.Resource) {
	own, global := r.Properties().Path("Auth", "Authorizers"), sam.Global(g.t, r.Type).Path("Auth", "Authorizers")
	api := g.apiOf(r)
	g.samAuthorizers(r, api, own, global, false)
	g.samAuthorizers(r, api, global, own, true)
}

// samAuthorizers reads the authorizers of an API: its own, for each of which the others, in
// Globals, may have more members; or those in Globals, but for the others, its own. Those
// in Globals belong to several APIs, so that no role is written there.
func (g *gateway) samAuthorizers(r template.Resource, api *invoke.Origin, authorizers, others template.Value, inGlobals bool) {
	for when, set := range authorizers.Branches {
		for name, v := range set.Members() {
			besides := others.Get(name)
			if inGlobals && besides.Exists() {
				continue
			}
			for inner, a := range v.Branches {
				holder := func(name string) template.Value {
					if !a.Get(name).Exists() && besides.Get(name).Exists() {
						return besides
					}
					return a
				}
				member := func(name string) template.Value { return holder(name).Get(name) }
				both, ok := when.And(inner)
				if !ok || !member("FunctionArn").Exists() {
					continue
				}
				role := holder("FunctionInvokeRole")
				w := &wiring{
					property: invoke.Property{Resource: r, Value: member("FunctionArn")},
					takes:    invoke.Takes{Holder: role, Name: "FunctionInvokeRole", None: "NONE", Fixed: inGlobals || role != a},
					form:     form{bare: true, arn: true},
					own:      api, when: both, source: authorizerSource(template.Literal("*"), name),
				}
				g.connect(w)
				if sam.Permits(r.Type, member) {
					g.give(w, "SAM, for the authorizer "+name+" of "+r.ID, r.ID+name+"AuthorizerPermission", template.Literal("authorizers/*"))
					g.samFails(w, sam.Switch(r.Type))
				}
			}
		}
	}
}

// samFails reports the permissions that SAM adds for functions of other accounts and
// Regions, which can't be created. hint says what to do so that SAM doesn't add them.
func (g *gateway) samFails(w *wiring, hint string) {
	for _, x := range w.property.Value.Variants() {
		t, problem := g.Function(x.Text)
		when, ok := template.All(w.when, w.property.Resource.Condition(), x.When)
		if problem == nil && ok && !x.Absent && t.Elsewhere() && g.t.PossibleHere(when) {
			g.Report(finding.Finding{Reason: SAMFails, At: w.property.Value.Pointer(), Hint: hint})
		}
	}
}

// give records what SAM grants for the functions of a wiring, by permissions whose logical
// ids begin with id.
func (g *gateway) give(w *wiring, by, id string, tail template.Text) {
	for _, x := range w.property.Value.Variants() {
		t, problem := g.Function(x.Text)
		when, ok := template.All(w.when, w.property.Resource.Condition(), x.When)
		if problem != nil || !ok || x.Absent {
			continue
		}
		for _, one := range t.Each() {
			if when, ok := when.And(one.When); ok {
				g.Give(invoke.Given{By: by, IDPrefix: id, Origin: w.own, Tail: tail, Target: one, When: when})
			}
		}
	}
}

// A samEventOf is an event of type Api or HttpApi.
type samEventOf struct {
	name       string
	value      template.Value
	properties template.Value
	api        *invoke.Origin // that calls
	given      *invoke.Origin // for which SAM's permission is
	notes      []finding.Finding
}

// samEvents returns a function's events of an API of the template, or of one that SAM makes.
func (g *gateway) samEvents(r template.Resource) (all []samEventOf) {
	for name, event := range r.Properties().Get("Events").Members() {
		typ, _ := event.Get("Type").Text()
		protocol, idName, implicit := REST, "RestApiId", "ServerlessRestApi"
		switch typ {
		case "Api":
		case "HttpApi":
			protocol, idName, implicit = HTTP, "ApiId", "ServerlessHttpApi"
		default:
			continue
		}
		e := samEventOf{name: name, value: event, properties: event.Get("Properties")}
		e.api = &invoke.Origin{ID: implicit, Key: stack.Key(implicit), Name: template.RefTo(implicit), Kind: protocol}
		e.given = e.api
		if id := e.properties.Get(idName); id.Exists() {
			x, _ := id.One()
			api, ok := g.api(x)
			if !ok {
				continue
			}
			e.api, e.given = api, api
			if own, ok := g.wiredByText(x); ok {
				e.api, e.notes = own, []finding.Finding{{Reason: function.TextIsID, At: id.Pointer(), Detail: own.ID}}
			}
		}
		if e.api.Kind != protocol { // an API outside of the template
			kind := *e.api
			kind.Kind = protocol
			e.api = &kind
		}
		all = append(all, e)
	}
	return all
}

// isDefault reports whether the event is the route $default of an HTTP API, for any method.
func (e samEventOf) isDefault() bool {
	path, hasPath := e.properties.Get("Path").One()
	method, _ := e.properties.Get("Method").One()
	return e.api.Kind == HTTP && (!hasPath || path.String() == "$default" && verbOf(method) == "*")
}

// findSAMEvents finds the calls of a function's events, and SAM's grants for them: of the
// alias where AutoPublishAlias makes one. Without one, SAM's permission for the route
// $default of an HTTP API serves all of the function's routes there, which get no other.
func findSAMEvents(g *gateway, r template.Resource) {
	target, events := g.EventTarget(r), g.samEvents(r)
	served := map[string]bool{} // by the API's key
	for _, e := range events {
		if e.isDefault() && target.Qualifier == "" {
			served[e.given.Key] = true
		}
	}
	for _, e := range events {
		src, tail := g.eventSource(e.properties, e.api.Kind)
		for _, c := range g.eventIdentities(e.api.Kind, e.api, e.properties.Get("Auth")) {
			if when, ok := c.When.And(r.Condition()); ok {
				g.Add(&invoke.Call{Place: invoke.PlaceIn(r, e.value), Origin: e.api, Source: src, Target: &target, When: when, Credential: c.Credential, Notes: e.notes})
			}
		}
		if served[e.given.Key] && !e.isDefault() {
			continue
		}
		g.Give(invoke.Given{By: "SAM, for the event " + e.name + " of " + r.ID, IDPrefix: r.ID + e.name + "Permission", Origin: e.given, Tail: tail,
			Target: target, When: r.Condition()})
	}
}

// eventIdentities are the identities of the calls for an event with such an Auth. Where the
// authorizer of an Api event is AWS_IAM, SAM writes credentials into the integration: those
// of the caller, unless InvokeRole says otherwise. Its permission then counts for nothing
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-apifunctionauth.html).
func (g *gateway) eventIdentities(protocol string, api *invoke.Origin, auth template.Value) []invoke.CredentialWhen {
	r, own := g.t.Resource(api.ID)
	p := r.Properties()
	merges, _ := p.Get("MergeDefinitions").Scalar()
	service := []invoke.CredentialWhen{{}}
	if protocol != REST || own && (r.Type != sam.API || merges != "true" && (p.Get("DefinitionBody").Exists() || p.Get("DefinitionUri").Exists())) {
		return service // SAM makes no integration of the event, or one without credentials
	}
	nearest := func(name string, holders ...template.Value) template.Value {
		for _, h := range holders {
			if h.Get(name).Exists() {
				return h
			}
		}
		return template.Value{}
	}
	ofAPI, global := p.Get("Auth"), sam.Global(g.t, sam.API).Get("Auth")
	authorizer := auth.Get("Authorizer")
	if auth.Len() == 0 {
		authorizer = nearest("DefaultAuthorizer", ofAPI, global).Get("DefaultAuthorizer")
	}
	if name, _ := authorizer.Text(); name != "AWS_IAM" {
		return service
	}
	holder := nearest("InvokeRole", auth, ofAPI, global)
	if word, _ := holder.Get("InvokeRole").Text(); word == "CALLER_CREDENTIALS" || !holder.Exists() {
		return []invoke.CredentialWhen{{Credential: invoke.Credential{Identity: invoke.PassThrough}}}
	}
	return g.CredentialsOf(nil, &invoke.Takes{Holder: holder, Name: "InvokeRole", None: "NONE", Fixed: true})
}

// wiredByText is the API that an event names by its logical id as text. SAM adds the route
// to the API, but keeps the text in its permission, which then matches nothing
// (https://github.com/aws/serverless-application-model/issues/3393).
func (g *gateway) wiredByText(x template.Text) (*invoke.Origin, bool) {
	id, plain := x.Plain()
	if r, ok := g.t.Resource(id); plain && ok && sam.Is(r.Type) && apiTypes[r.Type] != "" {
		return g.apiOf(r), true
	}
	return nil, false
}

func (g *gateway) eventSource(p template.Value, protocol string) (invoke.Source, template.Text) {
	path, hasPath := p.Get("Path").One()
	method, _ := p.Get("Method").One()
	if protocol == HTTP && (!hasPath || path.String() == "$default") {
		tail := "*/*"
		if verb := verbOf(method); hasPath && verb != "*" {
			tail = "*/" + verb
		}
		return invoke.Source{Form: Key, Route: template.Literal("$default"), Label: "$default"}, template.Literal(tail)
	}
	src := g.methodSource(verbOf(method), path, protocol)
	return src, src.Tail(nil)
}
