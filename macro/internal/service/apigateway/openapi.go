package apigateway

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var restBody = invoke.Kind{
	Name:  "rest-body",
	Doc:   "x-amazon-apigateway-integration and -authorizer in the Body of an AWS::ApiGateway::RestApi",
	Types: []string{"AWS::ApiGateway::RestApi"},
	Find: in(func(g *gateway, r template.Resource) {
		p := r.Properties()
		g.findBody(r, p.Get("Body"), p.Get("BodyS3Location"), p.Path("Parameters", "basepath"))
		if len(unset(p.Get("CloneFrom"))) == 0 || canBe(p.Get("Mode"), "merge") {
			g.Tell(LiveAPI, r.Pointer(), "")
		}
	}),
}

// canBe reports whether a property may have a value, under some condition.
func canBe(v template.Value, word string) bool {
	for _, x := range v.Variants() {
		if plain, ok := x.Text.Plain(); ok && plain == word {
			return true
		}
	}
	return false
}

var httpBody = invoke.Kind{
	Name:  "http-body",
	Doc:   "x-amazon-apigateway-integration and -authorizer in the Body of an AWS::ApiGatewayV2::Api",
	Types: []string{"AWS::ApiGatewayV2::Api"},
	Find: in(func(g *gateway, r template.Resource) {
		p := r.Properties()
		g.findBody(r, p.Get("Body"), p.Get("BodyS3Location"), p.Get("BasePath"))
	}),
}

// A document is an OpenAPI document (Swagger 2 or OpenAPI 3) of an API.
type document struct {
	g        *gateway
	resource template.Resource
	api      *invoke.Origin
	root     template.Value
	when     template.Guard
	prefix   string // what comes before every path, see basePath
	fixed    bool   // the document can't be edited: text, or outside the template

	base jsontext.Pointer // of a fixed document: where the template has it, or names it
}

// at is the pointer of a value of the document. Of a fixed document it begins with base.
func (d *document) at(v template.Value) jsontext.Pointer { return d.base + v.Pointer() }

// findBody reads the definition of an API: an object in the template, JSON text, or a
// document outside.
func (g *gateway) findBody(r template.Resource, body, location, basePath template.Value) {
	if !body.Exists() {
		if location.Exists() {
			g.findOutside(r, location, basePath)
		}
		return
	}
	if include := includeIn(body); include.Exists() {
		g.findOutside(r, include, basePath)
		return
	}
	for when, v := range body.Branches {
		d := document{g: g, resource: r, api: g.apiOf(r), root: v, when: when}
		if !d.open() {
			continue
		}
		d.findBelow(basePath)
	}
}

// open makes the root an object. It reports false, and a problem, where it can't be read.
func (d *document) open() bool {
	switch d.root.Kind() {
	case template.String:
		text, _ := d.root.Text()
		inner, err := template.Parse([]byte(text))
		if err != nil || inner.Root().Kind() != template.Object {
			d.g.Tell(OpaqueBody, d.root.Pointer(), "")
			return false
		}
		d.base, d.root, d.fixed = d.root.Pointer(), inner.Limit(d.g.t.Budget()).Root(), true
		return true
	case template.Object:
		if fn, arg, ok := d.root.Intrinsic(); ok {
			return d.openExpression(fn, arg)
		}
		return true
	}
	d.g.Tell(OpaqueBody, d.root.Pointer(), "")
	return false
}

// openExpression reads a body that is JSON text in Fn::Sub: every string of the document
// becomes an Fn::Sub.
func (d *document) openExpression(fn string, arg template.Value) bool {
	text, vars := arg, "{}"
	if arg.Kind() == template.Array {
		text = arg.Item(0)
		if v := arg.Item(1); v.Exists() {
			vars = v.Raw()
		}
	}
	s, _ := text.Text()
	inner, err := template.Parse([]byte(s))
	if fn != "Fn::Sub" || err != nil || inner.Root().Kind() != template.Object || strings.Count(s, "${")*len(vars) > maxBody {
		d.g.Tell(OpaqueBody, d.root.Pointer(), fn)
		return false
	}
	d.base, d.root, d.fixed = d.root.Pointer(), template.Index(subEverywhere(inner.Root(), vars)).Limit(d.g.t.Budget()).Root(), true
	return true
}

// maxBody is what API Gateway imports, in bytes.
const maxBody = 6 << 20

func subEverywhere(v template.Value, vars string) string {
	var b strings.Builder
	switch v.Kind() {
	case template.Object:
		b.WriteByte('{')
		for name, m := range v.Members() {
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			b.WriteString(template.Quote(name) + ":" + subEverywhere(m, vars))
		}
		b.WriteByte('}')
	case template.Array:
		b.WriteByte('[')
		for m := range v.Items() {
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			b.WriteString(subEverywhere(m, vars))
		}
		b.WriteByte(']')
	case template.String:
		if s, _ := v.Text(); strings.Contains(s, "${") {
			return `{"Fn::Sub":[` + v.Raw() + `,` + vars + `]}`
		}
		return v.Raw()
	default:
		return v.Raw()
	}
	return b.String()
}

func (d *document) find() {
	if d.root.Get("Fn::Transform").Exists() || d.root.Path("paths", "Fn::Transform").Exists() || d.root.Path("components", "Fn::Transform").Exists() {
		d.opaque(d.root, "Fn::Transform")
	}
	for when, paths := range d.root.Get("paths").Branches {
		for path, item := range d.members(paths) {
			if item.Get("$ref").Exists() { // its siblings count, too
				d.findOperations(path, item, when)
			}
			for inner, it := range d.follow(item) {
				if both, ok := when.And(inner); ok {
					d.findOperations(path, it, both)
				}
			}
		}
	}
	d.findAuthorizers(d.root.Get("securityDefinitions"))
	d.findAuthorizers(d.root.Path("components", "securitySchemes"))
}

func (d *document) findOperations(path string, item template.Value, outer template.Guard) {
	for name, op := range d.members(item) {
		method := strings.ToLower(name)
		switch {
		case method == "x-amazon-apigateway-any-method":
			method = "ANY"
		case !isVerb(method) || method == "any":
			continue
		}
		for when, o := range d.follow(op) {
			for inner, integration := range d.follow(o.Get("x-amazon-apigateway-integration")) {
				if g, ok := template.All(outer, when, inner); ok {
					d.findIntegration(path, method, integration, g)
				}
			}
		}
	}
}

func (d *document) findIntegration(path, method string, i template.Value, when template.Guard) {
	if !i.Get("uri").Exists() {
		return
	}
	typ := i.Get("type")
	for _, may := range integrates(typ, i.Get("integrationSubtype")) {
		if g, ok := when.And(may); ok {
			d.connect(&wiring{
				takes: invoke.Takes{Holder: i, Name: "credentials"}, form: form{proxy: isProxy(typ)},
				when: g, source: d.source(path, method),
			}, "uri")
		}
	}
}

func (d *document) source(path, method string) invoke.Source {
	if d.api.Kind == HTTP && (path == "/$default" || path == "$default") {
		return invoke.Source{Form: Key, Route: template.Literal("$default"), Label: "$default"}
	}
	full := path
	if d.prefix != "" || !strings.HasPrefix(path, "/") {
		full = d.prefix + "/" + strings.TrimPrefix(path, "/")
	}
	return d.g.methodSource(plainVerb(method), template.Literal(full), d.api.Kind)
}

// findAuthorizers reads security schemes. API Gateway makes the ids of such authorizers,
// so that no template knows them.
func (d *document) findAuthorizers(schemes template.Value) {
	for when, set := range schemes.Branches {
		for name, scheme := range d.members(set) {
			for inner, sc := range d.follow(scheme) {
				for innermost, a := range d.follow(sc.Get("x-amazon-apigateway-authorizer")) {
					if !a.Get("authorizerUri").Exists() {
						continue
					}
					for _, may := range unless(a.Get("type"), "cognito_user_pools", "jwt") {
						if g, ok := template.All(when, inner, innermost, may); ok {
							d.connect(&wiring{
								takes: invoke.Takes{Holder: a, Name: "authorizerCredentials"}, form: form{proxy: true},
								when: g, source: authorizerSource(template.Literal("*"), name),
							}, "authorizerUri")
						}
					}
				}
			}
		}
	}
}

// connect makes the calls of the member of w's holder that has a URI.
func (d *document) connect(w *wiring, uri string) {
	var ok bool
	if w.when, ok = d.when.And(w.when); !ok {
		return
	}
	p := &w.property
	p.Resource, p.Value, p.At, p.Base = d.resource, w.takes.Holder.Get(uri), w.takes.Holder.Get(uri), d.base
	if plain, ok := p.Value.Text(); ok && nativeVariable().MatchString(plain) {
		p.Value = nativeText(plain)
	}
	w.own, w.takes.Fixed, w.form.bare = d.api, d.fixed, d.api.Kind == HTTP
	d.g.connect(w)
}
