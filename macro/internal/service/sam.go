package service

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What SAM itself grants for a service's events and connectors, before
// AWS::Serverless-2016-10-31, is a kind of that service, in its file: nothing is granted
// for it, and what it covers isn't granted again.

// A samSource returns what SAM permits for an event, under each condition; nothing where
// SAM permits nothing.
type samSource func(s *invoke.Finder, e invoke.Event) []invoke.Permitted

// eventKind is the kind of the calls for which SAM has events of some types, and of what
// it grants for them.
func eventKind(service string, find samSource, types ...string) invoke.Kind {
	return invoke.Kind{
		Name:  service + "-sam-event",
		Doc:   inWords(types) + " events of an AWS::Serverless::Function, which SAM permits itself",
		Types: []string{"AWS::Serverless::Function"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for _, typ := range types {
				for event := range s.Events(r, typ) {
					for _, x := range find(s, event) {
						s.GiveEvent(event, x)
					}
				}
			}
		},
	}
}

// ruleKind is the kind of events for which SAM makes a rule and permits only that to
// call. in is the part of the rule in which it names the function, see [invoke.Source].
func ruleKind(service, in string, types ...string) invoke.Kind {
	k := eventKind(service, func(s *invoke.Finder, e invoke.Event) []invoke.Permitted {
		arn := invoke.OwnARN(service, template.Literal("rule/"), template.RefTo(e.ResourceID()))
		if e.Properties.Get("EventBusName").Exists() { // which the ARN has before the name
			arn = template.AttOf(e.ResourceID(), "Arn")
		}
		return []invoke.Permitted{{Origin: s.OriginWithID(e.ResourceID()), Label: "rule " + e.ResourceID(), ARN: invoke.SourceARN{Exact: arn}, Events: []string{in}}}
	}, types...)
	k.Doc = inWords(types) + " events of an AWS::Serverless::Function, whose rules SAM makes and permits itself"
	return k
}

// eventsIn are the texts of a property, which is one or a list; SAM refuses an expression
// there.
func eventsIn(v template.Value) (all []string) {
	if _, isText := v.Text(); isText {
		return []string{word(v)}
	}
	for item := range v.Items() {
		all = append(all, word(item))
	}
	return all
}

// referred is the logical id of the resource that a property of an event refers to; else
// that of the one that SAM makes of the event.
func referred(e invoke.Event, property string) string {
	x, _ := e.Properties.Get(property).One()
	if p, single := x.Single(); single && p.Kind != template.Opaque {
		return p.ID()
	}
	return e.ResourceID()
}

// inWords lists words for a sentence.
func inWords(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " and " + words[n]
	}
	return words[0]
}

// connectorKind is the kind of what SAM itself grants for connectors from resources of a
// type to functions
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html).
func connectorKind(service, typ string, source func(template.Resource) template.Text) invoke.Kind {
	return invoke.Kind{
		Name:  service + "-sam-connector",
		Doc:   "AWS::Serverless::Connector and the attribute Connectors from an " + typ + " to a function: SAM's own grants",
		Types: []string{"AWS::Serverless::Connector", typ},
		Find: func(s *invoke.Finder, r template.Resource) {
			s.GiveLinks(r, typ, source)
		},
	}
}

// attribute returns the source of a connectorKind that is an attribute of the resource.
func attribute(name string) func(template.Resource) template.Text {
	return func(r template.Resource) template.Text { return template.AttOf(r.ID, name) }
}
