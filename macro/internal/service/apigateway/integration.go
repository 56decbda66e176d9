package apigateway

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// always is the list of guards for what has no condition.
var always = []template.Guard{nil}

// mayInvoke returns when an integration of this type can call a function: HTTP, HTTP_PROXY
// and MOCK can't.
func mayInvoke(typ template.Value) []template.Guard { return unless(typ, "HTTP", "HTTP_PROXY", "MOCK") }

// unless returns when a property is none of the words, in any case of letters, or isn't
// known.
func unless(v template.Value, words ...string) []template.Guard {
	is := func(text string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, text) })
	}
	if p, ok := v.Part(); ok { // nearly always
		if p.Kind == template.Lit && is(p.Text) {
			return nil
		}
		return always
	}
	variants := v.Variants()
	var out []template.Guard
	for _, x := range variants {
		if plain, ok := x.Text.Plain(); x.Absent || !ok || !is(plain) {
			out = append(out, x.When)
		}
	}
	if len(out) == len(variants) {
		return always
	}
	return out
}

// unset returns when a property has no value: it isn't there, or is
// AWS::NoValue, null or empty.
func unset(v template.Value) []template.Guard {
	if !v.Exists() {
		return always
	}
	var out []template.Guard
	for _, x := range v.Variants() {
		if x.Absent || len(x.Text) == 0 {
			out = append(out, x.When)
		}
	}
	return out
}

// isProxy reports whether an integration of this type passes the request on to a
// function: its URI can have no other action of Lambda.
func isProxy(typ template.Value) bool {
	if text, ok := typ.Scalar(); ok { // nearly always
		return strings.EqualFold(text, "AWS_PROXY")
	}
	x, ok := typ.One()
	plain, isText := x.Plain()
	return ok && isText && strings.EqualFold(plain, "AWS_PROXY")
}

// integrates returns when an integration may invoke a function: by its type, and
// as long as it names no action of another service, which only HTTP APIs do
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html).
func integrates(typ, subtype template.Value) []template.Guard {
	may := mayInvoke(typ)
	if !subtype.Exists() {
		return may
	}
	var out []template.Guard
	for _, g := range may {
		for _, x := range subtype.Variants() {
			plain, known := x.Text.Plain()
			if both, ok := g.And(x.When); ok && (x.Absent || plain == "" || !known) { // what isn't known may be none
				out = append(out, both)
			}
		}
	}
	return out
}
