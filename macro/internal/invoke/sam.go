package invoke

import (
	"cmp"
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Give records a permission that another transform is going to add, or the service
// itself.
func (f *Finder) Give(g Given) {
	g.Service = f.kind.service
	f.found.Given = append(f.found.Given, g)
}

// An Event is one of SAM's, for which SAM itself adds a permission.
type Event struct {
	Function   template.Resource
	Name       string
	Value      template.Value
	Properties template.Value
	given      Given // all but its source ARN
}

// ResourceID is the logical id of the resource that SAM makes of the event, if it makes one
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
func (e Event) ResourceID() string { return e.Function.ID + e.Name }

// Events ranges over the events of a type that an AWS::Serverless::Function
// has. SAM permits them on the alias where AutoPublishAlias makes one.
func (f *Finder) Events(r template.Resource, typ string) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for name, event := range sam.Events(r, typ) {
			e := Event{Function: r, Name: name, Value: event, Properties: event.Get("Properties"),
				given: Given{By: "SAM, for the event " + name + " of " + r.ID, IDPrefix: r.ID + name + "Permission", Target: f.EventTarget(r), When: r.Condition()}}
			if !yield(e) {
				return
			}
		}
	}
}

// A Permitted is what makes the calls of an event, under a condition, and what SAM permits
// for them: the source ARN, or, where that is empty, any source of the account.
type Permitted struct {
	When   template.Guard
	Origin *Origin
	Label  string
	ARN    SourceARN
	Token  template.Text // the EventSourceToken; empty: none
	Events []string      // for which the origin calls, see [Source]; none where it has one

	Principal string // as which the origin calls, where SAM permits another; else ""
	IDPrefix  string // see Given, where the permission isn't named by the event; else ""
	Notes     []finding.Finding
}

// GiveEvent records what SAM grants for an event, and the calls that the event makes. Of
// several permissions with the same logical id, SAM keeps the one of the last event, in its
// order.
func (f *Finder) GiveEvent(e Event, x Permitted) {
	when, ok := x.When.And(e.given.When)
	if !ok {
		return
	}
	e.given.IDPrefix = cmp.Or(x.IDPrefix, e.given.IDPrefix)
	before := len(f.found.Given)
	for before > 0 && f.found.Given[before-1].IDPrefix == e.given.IDPrefix && f.found.Given[before-1].By != e.given.By {
		before--
	}
	f.found.Given = f.found.Given[:before]
	e.given.When, e.given.Source, e.given.Token = when, x.ARN.Exact, x.Token
	f.Give(e.given)
	if len(x.Events) == 0 {
		x.Events = []string{""}
	}
	for _, event := range x.Events {
		f.Add(&Call{Principal: x.Principal, Place: PlaceIn(e.Function, e.Value), Notes: x.Notes, Origin: x.Origin, Source: Source{Label: x.Label, Event: event, ARN: &x.ARN}, Target: &e.given.Target, When: when})
	}
}

// OriginWithID is the origin of a logical id: a resource of the template, or one that SAM
// is going to make.
func (f *Finder) OriginWithID(id string) *Origin {
	if r, ok := f.t.Resource(id); ok {
		return f.itself(r)
	}
	return &Origin{ID: id, Key: stack.Key(id), Name: template.RefTo(id)}
}

// GiveLinks records what SAM grants for the connectors of a resource that let one of
// a type invoke a function: an AWS::Serverless::Connector, or the attribute
// Connectors of the resource itself. source is the ARN of such a resource.
func (f *Finder) GiveLinks(r template.Resource, typ string, source func(template.Resource) template.Text) {
	for l := range sam.Links(f.t, r, func(is string) bool { return is == typ }) {
		f.Give(Given{By: "SAM, for the connector of " + r.ID, IDPrefix: l.Name + "Write", Source: l.ARN.Or(source(l.From)), Target: f.Own(l.Function), When: l.When})
	}
}
