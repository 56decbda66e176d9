package invoke

import (
	"cmp"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Environment is what is known beside the template.
type Environment struct {
	stack.Facts
	Services   *Catalog // whose calls are found
	Documents  map[definition.Location]*template.Template
	Unreadable map[definition.Location]*definition.Error // why a document is not among Documents
}

// Found is everything that is found in a template.
type Found struct {
	Calls    []*Call
	Given    []Given
	Problems []finding.Finding // findings that concern no single call: a body that can't be read, a loop
	Full     bool              // there are more calls than MaxCalls, and some are left out
	Names    *Names            // what texts of the template stand for
}

// MaxCalls is how many calls are found at most: every route may be called from
// every stage, so that a template of a megabyte can have a million.
const MaxCalls = 50_000

// Find returns the calls of all services of the environment, in template order.
func Find(t *template.Template, env Environment) Found {
	f := NewFinder(t, env)
	for r := range f.Each {
		for _, k := range f.catalog.byType[r.Type] {
			f.kind = k
			k.Find(f, r)
		}
	}
	for _, s := range f.catalog.origins {
		s.Origins.Finish(f)
	}
	return f.found
}

// A Finder makes calls of the properties that services hand over.
type Finder struct {
	*Names
	t      *template.Template
	env    Environment
	kind   wiredKind          // at work
	own    map[string]*Origin // the resources of the template that make calls, by logical id
	last   *Origin            // the resource that made the last call by itself
	shared []shared           // of the few services that share something
	found  Found
}

// NewFinder returns a finder that has found nothing yet.
func NewFinder(t *template.Template, env Environment) *Finder {
	catalog := env.Catalog()
	names := &Names{Names: function.Of(stack.New(t, env.Facts, catalog.Reads)), t: t, catalog: catalog}
	return &Finder{Names: names, t: t, env: env, found: Found{Names: names}}
}

// Environment is what is known beside the template.
func (f *Finder) Environment() Environment { return f.env }

// Shared returns the value that the kinds of a service share for this template.
// create makes it at the first call.
func (f *Finder) Shared(service string, create func(*Finder) any) any {
	for _, x := range f.shared {
		if x.service == service {
			return x.value
		}
	}
	x := create(f)
	f.shared = append(f.shared, shared{service, x})
	return x
}

// shared is a value that the kinds of a service share.
type shared struct {
	service string
	value   any
}

// As runs find for another kind of the service: the calls that it adds are of that
// kind.
func (f *Finder) As(kind, typ string, find func()) {
	before := f.kind
	for _, k := range f.catalog.byType[typ] {
		if k.Name == kind {
			f.kind = k
		}
	}
	find()
	f.kind = before
}

// OriginOf returns the origin that a resource of the template is. create makes it at
// the first call.
func (f *Finder) OriginOf(r template.Resource, create func(template.Resource) *Origin) *Origin {
	if o, ok := f.Made(r.ID); ok {
		return o
	}
	o := create(r)
	if f.own == nil {
		f.own = map[string]*Origin{}
	}
	f.own[r.ID] = o
	return o
}

// Made returns the origin that OriginOf has made of a resource already.
func (f *Finder) Made(id string) (o *Origin, ok bool) {
	o, ok = f.own[id]
	return o, ok
}

// itself is the origin that a resource is which makes calls by itself: one value for
// all of them, since a resource is read at once.
func (f *Finder) itself(r template.Resource) *Origin {
	if f.last == nil || f.last.ID != r.ID {
		x := &struct { // with its name
			Origin
			name [1]template.Part
		}{Origin{ID: r.ID, Key: stack.Key(r.ID), When: r.Condition()}, [1]template.Part{{Kind: template.Ref, Text: r.ID}}}
		x.Name, f.last = x.name[:], &x.Origin
	}
	return f.last
}

// What a call costs, see package budget.
const callSteps, callBytes = 20, 600

// Full reports whether there are more than MaxCalls.
func (f *Finder) Full() bool { return f.found.Full }

// Add records a call, unless its conditions exclude each other.
func (f *Finder) Add(c *Call) {
	f.t.Budget().Spend(callSteps)
	c.Kind, c.Service = f.kind.Kind, f.kind.service
	c.Principal = cmp.Or(c.Principal, c.Service.Principal)
	when, ok := c.When.And(c.Origin.When)
	if ok {
		when, ok = when.And(c.Target.When)
	}
	if !ok || !f.t.Possible(when) {
		return
	}
	if (c.Problem != nil || c.Target.Elsewhere()) && !f.t.PossibleHere(when) {
		return // a problem of a call that doesn't exist where the template is deployed
	}
	if len(f.found.Calls) == MaxCalls {
		f.found.Full = true
		return
	}
	if f.found.Calls == nil {
		f.found.Calls = make([]*Call, 0, 16)
	}
	f.t.Budget().Keep(callBytes)
	c.When = f.t.Simplify(when)
	f.found.Calls = append(f.found.Calls, c)
}

// Tell records a finding that concerns no single call.
func (f *Finder) Tell(r finding.Reason, at jsontext.Pointer, detail string) {
	f.Report(finding.Finding{Reason: r, At: at, Detail: detail})
}

// Report is [Finder.Tell] for a finding with a hint of its own.
func (f *Finder) Report(p finding.Finding) { f.found.Problems = append(f.found.Problems, p) }

// Calls returns the calls that have been found so far.
func (f *Finder) Calls() []*Call { return f.found.Calls }
