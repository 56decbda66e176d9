package caller

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var restBody = Finder{
	Name:  "rest-body",
	Doc:   "x-amazon-apigateway-integration and -authorizer in the Body of an AWS::ApiGateway::RestApi",
	Types: []string{"AWS::ApiGateway::RestApi"},
	Find: func(s *Scope, r template.Resource) {
		p := r.Properties()
		s.findBody(r, p.Get("Body"), p.Get("BodyS3Location"), p.Path("Parameters", "basepath"))
		if len(unset(p.Get("CloneFrom"))) == 0 || canBe(p.Get("Mode"), "merge") {
			s.problem(LiveAPI, r.Pointer(), "")
		}
	},
}

// canBe reports whether a property may have a value, by some condition.
func canBe(v template.Value, word string) bool {
	for _, x := range v.Variants() {
		if plain, ok := x.Text.Plain(); ok && plain == word {
			return true
		}
	}
	return false
}

var httpBody = Finder{
	Name:  "http-body",
	Doc:   "x-amazon-apigateway-integration and -authorizer in the Body of an AWS::ApiGatewayV2::Api",
	Types: []string{"AWS::ApiGatewayV2::Api"},
	Find: func(s *Scope, r template.Resource) {
		p := r.Properties()
		s.findBody(r, p.Get("Body"), p.Get("BodyS3Location"), p.Get("BasePath"))
	},
}

// A definition is an OpenAPI document (Swagger 2 or OpenAPI 3) of an API.
type definition struct {
	s        *Scope
	resource template.Resource
	api      *API
	root     template.Value
	when     template.Guard
	prefix   string // what the base path puts before every path
	fixed    bool   // the document can't be edited: text, or outside the template

	base jsontext.Pointer // of a fixed document: where the template has it, or names it
}

// at is the place of a value of the document: behind that of the document's,
// where it isn't the template's own.
func (d *definition) at(v template.Value) jsontext.Pointer { return d.base + v.Pointer() }

// findBody reads the definition of an API: in the template, as JSON text, or
// where it lies outside.
func (s *Scope) findBody(r template.Resource, body, location, basePath template.Value) {
	if !body.Exists() {
		if location.Exists() {
			s.findOutside(r, location, basePath)
		}
		return
	}
	if include := includeIn(body); include.Exists() {
		s.findOutside(r, include, basePath)
		return
	}
	for when, v := range body.Branches {
		d := definition{s: s, resource: r, api: s.ownAPI(r), root: v, when: when}
		if !d.open() {
			continue
		}
		d.findBelow(basePath)
	}
}

// open makes the root an object; false, with a problem, where nobody can read it.
func (d *definition) open() bool {
	switch d.root.Kind() {
	case template.String:
		text, _ := d.root.Text()
		inner, err := template.Parse([]byte(text))
		if err != nil || inner.Root().Kind() != template.Object {
			d.s.problem(OpaqueBody, d.root.Pointer(), "")
			return false
		}
		d.base, d.root, d.fixed = d.root.Pointer(), inner.Limit(d.s.t.Budget()).Root(), true
		return true
	case template.Object:
		if fn, arg, ok := d.root.Intrinsic(); ok {
			return d.openExpression(fn, arg)
		}
		return true
	}
	d.s.problem(OpaqueBody, d.root.Pointer(), "")
	return false
}

// openExpression reads a body that is JSON text in Fn::Sub: every string of
// the document is then an Fn::Sub of its own.
func (d *definition) openExpression(fn string, arg template.Value) bool {
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
		d.s.problem(OpaqueBody, d.root.Pointer(), fn)
		return false
	}
	d.base, d.root, d.fixed = d.root.Pointer(), template.Index(subEverywhere(inner.Root(), vars)).Limit(d.s.t.Budget()).Root(), true
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

func (d *definition) find() {
	if d.root.Get("Fn::Transform").Exists() || d.root.Path("paths", "Fn::Transform").Exists() || d.root.Path("components", "Fn::Transform").Exists() {
		d.opaque(d.root, "Fn::Transform")
	}
	for when, paths := range d.root.Get("paths").Branches {
		for path, item := range d.members(paths) {
			if item.Get("$ref").Exists() { // what stands beside it counts as well
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

func (d *definition) findOperations(path string, item template.Value, outer template.Guard) {
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

func (d *definition) findIntegration(path, method string, i template.Value, when template.Guard) {
	if !i.Get("uri").Exists() {
		return
	}
	typ := i.Get("type")
	for _, may := range integrates(typ, i.Get("integrationSubtype")) {
		if g, ok := when.And(may); ok {
			d.connect(&wiring{holder: i, credentials: "credentials", when: g, proxy: isProxy(typ), source: d.source(path, method)}, "uri")
		}
	}
}

func (d *definition) source(path, method string) Source {
	if d.api.Protocol == HTTP && (path == "/$default" || path == "$default") {
		return Source{Form: Key, Route: template.Literal("$default"), Label: "$default"}
	}
	full := d.prefix + "/" + strings.TrimPrefix(path, "/")
	return d.s.methodSource(plainVerb(method), template.Literal(full), d.api.Protocol)
}

// findAuthorizers reads security schemes. API Gateway gives such an authorizer
// an id that no template can know.
func (d *definition) findAuthorizers(schemes template.Value) {
	for when, set := range schemes.Branches {
		for name, scheme := range d.members(set) {
			for inner, sc := range d.follow(scheme) {
				for innermost, a := range d.follow(sc.Get("x-amazon-apigateway-authorizer")) {
					if !a.Get("authorizerUri").Exists() {
						continue
					}
					for _, may := range unless(a.Get("type"), "cognito_user_pools", "jwt") {
						if g, ok := template.All(when, inner, innermost, may); ok {
							d.connect(&wiring{holder: a, credentials: "authorizerCredentials", when: g, proxy: true,
								source: authorizerSource(template.Literal("*"), name)}, "authorizerUri")
						}
					}
				}
			}
		}
	}
}

// connect connects what is wired by the member of the holder that has a URI.
func (d *definition) connect(w *wiring, uri string) {
	var ok bool
	if w.when, ok = d.when.And(w.when); !ok {
		return
	}
	w.uri = w.holder.Get(uri)
	if plain, ok := w.uri.Text(); ok && nativeVariable().MatchString(plain) {
		w.uri = nativeText(plain)
	}
	w.resource, w.own, w.at, w.base = d.resource, d.api, w.holder.Get(uri), d.base
	w.bare, w.fixed = d.api.Protocol == HTTP, d.fixed
	d.s.connect(w)
}
