package sam

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Link is what a connector connects: a source with a function, which SAM permits.
type Link struct {
	From      template.Resource // the source; absent where the connector names an ARN instead
	ARN       template.Text     // of the source, where the connector names it; else empty
	Function  template.Resource
	Name      string         // what the logical ids that SAM makes for the connector begin with
	Qualifier template.Value // of the source: what follows an API's id in the source ARN
	When      template.Guard
}

// Links ranges over the connectors that a resource has by its attribute
// Connectors, or that it is, and that let a resource invoke a function
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html).
// is reports whether sources of a type are wanted: of the resource's type, or of the
// type that the connector names.
func Links(t *template.Template, r template.Resource, is func(typ string) bool) iter.Seq[Link] {
	return func(yield func(Link) bool) {
		if r.Type == Connector {
			p := r.Properties()
			id, _ := p.Path("Source", "Id").Text()
			from, ok := t.Resource(id)
			if named, _ := p.Path("Source", "Type").Text(); ok && is(from.Type) || !ok && is(named) {
				links(t, Link{From: from, Name: r.ID, Qualifier: p.Path("Source", "Qualifier")}, r, p, yield)
			}
			return
		}
		for name, c := range r.Get("Connectors").Members() {
			p := c.Get("Properties")
			if !links(t, Link{From: r, Name: r.ID + name, Qualifier: p.Path("SourceReference", "Qualifier")}, r, p, yield) {
				return
			}
		}
	}
}

// links yields a link for each function that a connector of r with the properties p leads to.
func links(t *template.Template, l Link, r template.Resource, p template.Value, yield func(Link) bool) bool {
	ok := true
	if l.When = r.Condition(); l.From.Exists() {
		l.When, ok = l.From.Condition().And(l.When)
	}
	l.ARN, _ = p.Path("Source", "Arn").One()
	if !ok || !contains(p.Get("Permissions"), "Write") {
		return true
	}
	for _, d := range elements(p.Get("Destination")) {
		id, named := d.Get("Id").Text()
		if part, ok := d.Get("Arn").Part(); !named && ok {
			id = part.ID() // of Fn::GetAtt
		}
		if fn, found := t.Resource(id); found && (fn.Type == Function || fn.Type == "AWS::Lambda::Function") {
			l.Function = fn
			if !yield(l) {
				return false
			}
		}
	}
	return true
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

// contains reports whether a list has a text as an element.
func contains(list template.Value, word string) bool {
	for x := range list.Items() {
		if s, _ := x.Text(); s == word {
			return true
		}
	}
	return false
}
