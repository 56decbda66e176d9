package caller

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A SAMGrant is an event or connector for which SAM itself adds a permission.
type SAMGrant struct {
	Name       string         // of an event
	By         string         // "SAM, for the event Upload of Fn"
	Source     template.Text  // the ARN that a connector gives instead of a resource; else empty
	Properties template.Value // of an event
	Target     function.Target
	When       template.Guard
}

// SAMEvents ranges over the events of a type that an AWS::Serverless::Function
// has. SAM permits them on the alias where AutoPublishAlias makes one.
func (s *Scope) SAMEvents(r template.Resource, typ string) iter.Seq[SAMGrant] {
	return func(yield func(SAMGrant) bool) {
		for name, event := range sam.Events(r, typ) {
			g := SAMGrant{Name: name, By: "SAM, for the event " + name + " of " + r.ID, Properties: event.Get("Properties"), Target: s.EventTarget(r), When: r.Condition()}
			if !yield(g) {
				return
			}
		}
	}
}

// Give records what SAM grants to the service at work, for the source ARN of
// the grant or else this one; empty: any source of the account.
func (s *Scope) Give(g SAMGrant, source template.Text) {
	source = g.Source.Or(source)
	s.found.Given = append(s.found.Given, Given{By: g.By, API: &API{}, Service: s.kind.service, Source: source, Target: g.Target, When: g.When})
}

// GiveURL records what SAM grants to everybody for the URL of a function.
func (s *Scope) GiveURL(r template.Resource, access Access) {
	s.found.Given = append(s.found.Given, Given{By: "SAM, for the URL of " + r.ID, API: &API{}, Service: s.kind.service, Access: access,
		Target: s.EventTarget(r), When: r.Condition()})
}

// SAMConnectors ranges over the connectors of a resource that let one of a type
// invoke a function: an AWS::Serverless::Connector, or the attribute Connectors
// of the resource itself.
func (s *Scope) SAMConnectors(r template.Resource, typ string) iter.Seq2[template.Resource, SAMGrant] {
	return func(yield func(template.Resource, SAMGrant) bool) {
		for l := range sam.Links(s.t, r, func(is string) bool { return is == typ }) {
			if !yield(l.From, SAMGrant{By: "SAM, for the connector of " + r.ID, Source: l.ARN, Target: s.Own(l.Function), When: l.When}) {
				return
			}
		}
	}
}
