package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// events is EventBridge, whose rules call their targets with a role or by the
// function's policy
// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
var events = invoke.Service{
	Name: "events", Title: "Amazon EventBridge", Word: "Events", Principal: "events.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "events-rule",
		Doc:   "Targets[].Arn of an AWS::Events::Rule, without RoleArn",
		Types: []string{"AWS::Events::Rule"},
		Find:  findRule,
	}, ruleKind("events", "", "Schedule", "CloudWatchEvent", "EventBridgeRule"),
		connectorKind("events", "AWS::Events::Rule", attribute("Arn"))},
	Spells: map[string]invoke.Spells{"AWS::Events::Rule": spellRule},
	Advice: invoke.Advice{
		Reasons: []finding.Reason{ruleRole},
		Without: invoke.Trouble{
			Text:  "EventBridge: a rule matches and the function isn't called",
			Match: []string{`failedinvocations`, `failed invocations`},
			Means: "Nothing is checked when a rule gets its target. EventBridge counts the failure and tries again for 24 hours, then the event is dropped, unless the target has a dead-letter queue. A rule on a bus of its own presents rule/BUS/NAME, which a statement for rule/NAME doesn't match.",
			See:   "the rule's metrics TriggeredRules and FailedInvocations.",
			Do:    []string{"name the macro, which takes the rule's ARN by Fn::GetAtt", "a target in another account needs a RoleArn in the target, and the function's policy has to allow that role"},
		},
	},
}

// ruleRole is for a role beside the targets instead of in one.
var ruleRole = finding.Reason{Name: "rule-role", Severity: finding.Info,
	Sentence: "the rule's RoleArn isn't documented to serve function targets: the function's policy is granted all the same",
	Hint:     "write RoleArn into the target, or remove it"}

var (
	ownRule = invoke.OwnARN("events", template.Literal("rule/"))
	anyRule = invoke.OwnARN("events", template.Literal("rule/*"))
)

func findRule(s *invoke.Finder, r template.Resource) {
	p := r.Properties()
	var notes []finding.Finding
	if p.Get("RoleArn").Exists() {
		notes = append(notes, finding.Finding{Reason: ruleRole})
	}
	for when, target := range p.Get("Targets").Elements {
		s.Wire(invoke.Wire{
			Resource: r, Function: target.Get("Arn"), When: when, Takes: invoke.Takes{Holder: target, Name: "RoleArn"},
			Label: "rule " + r.ID, Notes: notes,
			Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"), Wide: anyRule, Account: invoke.AccountSent,
				Mistaken: func() []template.Text { return ruleOnOtherBus(s.Names, r) }},
		})
	}
}

// spellRule is [invoke.Spells] of rules: on another bus than the default one, ARN and Ref
// have the bus before the name
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html).
func spellRule(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	name, _ := s.NameOf(r, "Name")
	bus, custom := ruleBus(s, r)
	switch {
	case attribute == "Arn" && custom:
		return template.Join(ownRule, bus, template.Literal("/"), name), true
	case attribute == "Arn":
		return template.Join(ownRule, name), true
	case attribute == "" && custom:
		return template.Join(bus, template.Literal("|"), name), true
	}
	return name, attribute == ""
}

// ruleOnOtherBus returns ARNs that authors write by mistake: of a rule on the default bus
// as if it were on another, and the reverse.
func ruleOnOtherBus(s *invoke.Names, r template.Resource) []template.Text {
	before := "rule/default/"
	if _, custom := ruleBus(s, r); custom {
		before = "rule/"
	}
	all := []template.Text{invoke.OwnARN("events", template.Literal(before), template.RefTo(r.ID))}
	if name, given := s.NameOf(r, "Name"); given {
		all = append(all, invoke.OwnARN("events", template.Literal(before), name))
	}
	return all
}

// ruleBus is the name of a rule's event bus; empty for the default one.
func ruleBus(s *invoke.Names, r template.Resource) (bus template.Text, custom bool) {
	x, ok := r.Properties().Get("EventBusName").One()
	if !ok {
		return nil, false
	}
	if arn, found := lastOf(x, "event-bus/"); found {
		x = arn
	}
	if name, plain := x.Plain(); plain && (name == "default" || name == "") {
		return nil, false
	}
	return x, true
}

// lastOf is the text after a word in an ARN.
func lastOf(x template.Text, word string) (template.Text, bool) {
	_, after, found := x.Cut(word)
	return after, found
}
