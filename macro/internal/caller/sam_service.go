package caller

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A SAMGrant is an event or connector for which SAM itself adds a permission.
type SAMGrant struct {
	Name       string         // of an event
	By         string         // "SAM, for the event Upload of Fn"
	Source     template.Text  // the ARN that a connector gives instead of a resource; else empty
	Properties template.Value // of an event
	Target     Target
	When       template.Guard
}

// SAMEvents ranges over the events of a type that an AWS::Serverless::Function
// has. SAM permits them on the alias where AutoPublishAlias makes one.
func (s *Scope) SAMEvents(r template.Resource, typ string) iter.Seq[SAMGrant] {
	return func(yield func(SAMGrant) bool) {
		for name, event := range r.Properties().Get("Events").Members() {
			if is, _ := event.Get("Type").Text(); is != typ {
				continue
			}
			g := SAMGrant{Name: name, By: "SAM, for the event " + name + " of " + r.ID, Properties: event.Get("Properties"), Target: s.EventTarget(r), When: r.Condition()}
			if !yield(g) {
				return
			}
		}
	}
}

// EventTarget is what SAM lets the events of a function call.
func (s *Scope) EventTarget(r template.Resource) Target { return s.eventTarget(r) }

// SAMProperty is a property of a SAM resource, or else what Globals has for it.
func (s *Scope) SAMProperty(r template.Resource, name string) template.Value {
	return s.samProperty(r, name)
}

// Give records what SAM grants to the service at work, for the source ARN of
// the grant or else this one; empty: any source of the account.
func (s *Scope) Give(g SAMGrant, source template.Text) {
	source = nonEmpty(g.Source, source)
	s.found.Given = append(s.found.Given, Given{By: g.By, API: &API{}, Service: s.kind.service, Source: source, Target: g.Target, When: g.When})
}

// GiveURL records what SAM grants to everybody for the URL of a function.
func (s *Scope) GiveURL(r template.Resource, access Access) {
	s.found.Given = append(s.found.Given, Given{By: "SAM, for the URL of " + r.ID, API: &API{}, Service: s.kind.service, Access: access,
		Target: s.eventTarget(r), When: r.Condition()})
}

// SAMConnectors ranges over the connectors of a resource that let one of a type
// invoke a function: an AWS::Serverless::Connector, or the attribute Connectors
// of the resource itself.
func (s *Scope) SAMConnectors(r template.Resource, typ string) iter.Seq2[template.Resource, SAMGrant] {
	return func(yield func(template.Resource, SAMGrant) bool) {
		if r.Type == "AWS::Serverless::Connector" {
			p := r.Properties()
			id, _ := p.Path("Source", "Id").Text()
			from, ok := s.t.Resource(id)
			if named, _ := p.Path("Source", "Type").Text(); ok && from.Type == typ || !ok && named == typ {
				s.connectorGrants(r, from, p, yield)
			}
			return
		}
		for _, c := range r.Get("Connectors").Members() {
			if !s.connectorGrants(r, r, c.Get("Properties"), yield) {
				return
			}
		}
	}
}

func (s *Scope) connectorGrants(r, from template.Resource, p template.Value, yield func(template.Resource, SAMGrant) bool) bool {
	when, ok := r.Condition(), true
	if from.Exists() {
		when, ok = from.Condition().And(when)
	}
	arn, _ := p.Path("Source", "Arn").One()
	if !ok || !contains(p.Get("Permissions"), "Write") {
		return true
	}
	for _, d := range elements(p.Get("Destination")) {
		id, _ := d.Get("Id").Text()
		if fn, found := s.t.Resource(id); found && IsFunction(fn.Type) {
			if !yield(from, SAMGrant{By: "SAM, for the connector of " + r.ID, Source: arn, Target: s.ownFunction(fn), When: when}) {
				return false
			}
		}
	}
	return true
}
