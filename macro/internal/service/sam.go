package service

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What SAM itself grants for a service's events and connectors, before
// AWS::Serverless-2016-10-31, is a kind of that service, in its file: nothing is granted
// for it, and what it covers isn't granted again.

// A samSource returns the source ARN that SAM writes for an event of a function; empty
// for any source of the account. ok is false where SAM grants nothing.
type samSource func(function template.Resource, e invoke.Event) (source template.Text, ok bool)

// eventKind is the kind of what SAM itself grants for events of some types.
func eventKind(service string, source samSource, types ...string) invoke.Kind {
	return invoke.Kind{
		Name:  service + "-sam-event",
		Doc:   inWords(types) + " events of an AWS::Serverless::Function, which SAM permits itself",
		Types: []string{"AWS::Serverless::Function"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for _, typ := range types {
				for event := range s.Events(r, typ) {
					if arn, ok := source(r, event); ok {
						s.GiveEvent(event, arn)
					}
				}
			}
		},
	}
}

// ruleKind is the kind of events for which SAM makes a rule and permits only that to
// call.
func ruleKind(service string, types ...string) invoke.Kind {
	k := eventKind(service, func(function template.Resource, e invoke.Event) (template.Text, bool) {
		return invoke.OwnARN(service, template.Literal("rule/"), template.RefTo(function.ID+e.Name)), true
	}, types...)
	k.Doc = inWords(types) + " events of an AWS::Serverless::Function, whose rules SAM makes and permits itself"
	return k
}

// anyOfAccount is the source of events for which SAM permits any source of the account.
func anyOfAccount(template.Resource, invoke.Event) (template.Text, bool) { return nil, true }

// named is the samSource that a property of the event names.
func named(property string, arn func(name template.Text) template.Text) samSource {
	return func(_ template.Resource, e invoke.Event) (template.Text, bool) {
		name, ok := e.Properties.Get(property).One()
		if !ok {
			return nil, false
		}
		return arn(name), true
	}
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
