package invoke

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
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
	Name       string
	Properties template.Value
	Given      Given // all but its source ARN
}

// Events ranges over the events of a type that an AWS::Serverless::Function
// has. SAM permits them on the alias where AutoPublishAlias makes one.
func (f *Finder) Events(r template.Resource, typ string) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for name, event := range sam.Events(r, typ) {
			e := Event{Name: name, Properties: event.Get("Properties"),
				Given: Given{By: "SAM, for the event " + name + " of " + r.ID, Target: f.EventTarget(r), When: r.Condition()}}
			if !yield(e) {
				return
			}
		}
	}
}

// GiveEvent records what SAM grants for an event, for a source ARN; empty: any
// source of the account.
func (f *Finder) GiveEvent(e Event, source template.Text) {
	e.Given.Source = source
	f.Give(e.Given)
}

// GiveLinks records what SAM grants for the connectors of a resource that let one of
// a type invoke a function: an AWS::Serverless::Connector, or the attribute
// Connectors of the resource itself. source is the ARN of such a resource.
func (f *Finder) GiveLinks(r template.Resource, typ string, source func(template.Resource) template.Text) {
	for l := range sam.Links(f.t, r, func(is string) bool { return is == typ }) {
		f.Give(Given{By: "SAM, for the connector of " + r.ID, Source: l.ARN.Or(source(l.From)), Target: f.Own(l.Function), When: l.When})
	}
}
