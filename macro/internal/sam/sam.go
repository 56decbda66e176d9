// Package sam is what SAM makes of its own resources, as of translator 1.110: which it
// adds, what they inherit from Globals, and what it permits by itself, so that it isn't
// permitted twice. Which events and connectors it permits, and for which source ARNs,
// is with each service. All of this is about templates that the macro sees before
// AWS::Serverless-2016-10-31 has processed them.
package sam

import (
	"iter"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The types of resources that call, or are called.
const (
	Function     = "AWS::Serverless::Function"
	API          = "AWS::Serverless::Api"
	HTTPAPI      = "AWS::Serverless::HttpApi"
	WebSocketAPI = "AWS::Serverless::WebSocketApi"
	Connector    = "AWS::Serverless::Connector"
)

// Is reports whether a resource type is SAM's own.
func Is(typ string) bool { return strings.HasPrefix(typ, "AWS::Serverless::") }

// globals names the section of Globals for a resource type.
var globals = map[string]string{Function: "Function", API: "Api", HTTPAPI: "HttpApi", WebSocketAPI: "WebSocketApi"}

// Global is the part of Globals for resources of a type.
func Global(t *template.Template, typ string) template.Value {
	return t.Section("Globals").Get(globals[typ])
}

// Property is a property of a SAM resource, or a member of one, or else that of Globals
// for its type: SAM merges objects member by member
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html).
func Property(t *template.Template, r template.Resource, path ...string) template.Value {
	v := r.Properties()
	for _, name := range path {
		if _, _, call := v.Intrinsic(); call || v.Exists() && v.Kind() != template.Object {
			return template.Value{} // which replaces what Globals has
		}
		if v = v.Get(name); !v.Exists() {
			return Global(t, r.Type).Path(path...)
		}
	}
	return v
}

// Apart reports whether SAM makes other resources of a property, so that the resource
// doesn't wait for what the property names: of a function's Events it makes rules,
// permissions and the bucket's notifications.
func Apart(r template.Resource, property string) bool {
	return r.Type == Function && property == "Events"
}

// Events ranges over the events of a type that an AWS::Serverless::Function has, by their
// names, in the order in which SAM takes them: by path, or else by name.
func Events(r template.Resource, typ string) iter.Seq2[string, template.Value] {
	type named struct {
		name, order string
		value       template.Value
	}
	var all []named
	for name, event := range r.Properties().Get("Events").Members() {
		if is, _ := event.Get("Type").Text(); is == typ {
			x := named{name, name, event}
			if path, ok := event.Path("Properties", "Path").Text(); ok {
				x.order = path
			}
			all = append(all, x)
		}
	}
	slices.SortStableFunc(all, func(a, b named) int { return strings.Compare(a.order, b.order) })
	return func(yield func(string, template.Value) bool) {
		for _, x := range all {
			if !yield(x.name, x.value) {
				return
			}
		}
	}
}

// Permits reports whether SAM permits an authorizer of an API of a type: of a REST API
// unless the authorizer disables that, of an HTTP API only if it enables that. member
// returns a member of the authorizer.
func Permits(api string, member func(name string) template.Value) bool {
	if api == HTTPAPI {
		return member("EnableFunctionDefaultPermissions").Raw() == "true"
	}
	return member("DisableFunctionDefaultPermissions").Raw() != "true"
}

// Switch is what to do so that SAM doesn't permit an authorizer, for hints.
func Switch(api string) string {
	if api == HTTPAPI {
		return "leave EnableFunctionDefaultPermissions out"
	}
	return "set DisableFunctionDefaultPermissions: true on the authorizer"
}
