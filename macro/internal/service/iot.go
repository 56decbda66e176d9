package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// iot is IoT Core: rules and their error actions, authorizers, and the hook of
// a provisioning template, whose permission may be tried when the template is
// made
// (https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html,
// https://docs.aws.amazon.com/iot/latest/developerguide/pre-provisioning-hook.html).
var iot = invoke.Service{
	Name: "iot", Title: "AWS IoT Core", Word: "IoT", Principal: "iot.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "iot-rule",
		Doc:   "Actions[].Lambda.FunctionArn and ErrorAction.Lambda.FunctionArn of an AWS::IoT::TopicRule",
		Types: []string{"AWS::IoT::TopicRule"},
		Find:  findTopicRule,
	}, {
		Name:  "iot-certificate",
		Doc:   "LambdaFunctionArn of an AWS::IoT::CertificateProvider",
		Types: []string{"AWS::IoT::CertificateProvider"},
		Find: func(s *invoke.Finder, r template.Resource) {
			s.Wire(invoke.Wire{Resource: r, Function: r.Properties().Get("LambdaFunctionArn"), Always: true, Label: "certificate provider " + r.ID,
				Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn")}})
		},
		Watched: true,
	}, {
		Name:    "iot-domain",
		Doc:     "OcspLambdaArn and ClientCertificateCallbackArn of an AWS::IoT::DomainConfiguration",
		Types:   []string{"AWS::IoT::DomainConfiguration"},
		Find:    findDomain,
		Watched: true,
	}, ruleKind("iot", "Actions", "IoTRule"), {
		Name:  "iot-authorizer",
		Doc:   "AuthorizerFunctionArn of an AWS::IoT::Authorizer",
		Types: []string{"AWS::IoT::Authorizer"},
		Find: func(s *invoke.Finder, r template.Resource) {
			s.Wire(invoke.Wire{Resource: r, Function: r.Properties().Get("AuthorizerFunctionArn"), Always: true, Label: "authorizer " + r.ID,
				Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"), Wide: invoke.OwnARN("iot", template.Literal("authorizer/*")), Account: invoke.AccountSent}})
		},
	}, {
		Name:   "iot-provisioning",
		Doc:    "PreProvisioningHook.TargetArn of an AWS::IoT::ProvisioningTemplate",
		Types:  []string{"AWS::IoT::ProvisioningTemplate"},
		Find:   findProvisioning,
		Before: true,
	}},
	Spells: map[string]invoke.Spells{
		"AWS::IoT::TopicRule":            spellNamed("iot", "rule/", "RuleName"),
		"AWS::IoT::Authorizer":           spellNamed("iot", "authorizer/", "AuthorizerName"),
		"AWS::IoT::ProvisioningTemplate": spellNamed("iot", "provisioningtemplate/", "TemplateName"),
	},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "IoT: a message arrives and the function isn't called",
			Means: "Nothing is checked when a topic rule or an authorizer is made. A rule runs its error action, if it has one; an authorizer refuses the connection. A provisioning template's hook is treated as one that is tried: the permission comes first.",
			See:   "the metric Failure of the rule's action, and the AWS IoT logs at level ERROR.",
			Do:    []string{"name the macro, or add a permission with the ARN of rule, authorizer or template, and SourceAccount"},
		},
	},
}

// spellNamed is [invoke.Spells] of resources whose Ref is their name and whose Arn ends
// in it.
func spellNamed(service, before, property string) invoke.Spells {
	return func(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		name, _ := s.NameOf(r, property)
		switch attribute {
		case "":
			return name, true
		case "Arn", "TemplateArn":
			return invoke.OwnARN(service, template.Literal(before), name), true
		}
		return nil, false
	}
}

var anyTopicRule = invoke.OwnARN("iot", template.Literal("rule/*"))

func findTopicRule(s *invoke.Finder, r template.Resource) {
	source := invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"), Wide: anyTopicRule, Account: invoke.AccountAlways}
	action := func(event string, when template.Guard, v template.Value) {
		for inner, target := range v.Get("Lambda").Branches {
			if both, ok := when.And(inner); ok {
				s.Wire(invoke.Wire{Resource: r, Function: target.Get("FunctionArn"), When: both, Always: true, Label: "rule " + r.ID, Event: event, Source: source})
			}
		}
	}
	for outer, payload := range r.Properties().Get("TopicRulePayload").Branches {
		for when, v := range payload.Get("Actions").Elements {
			if both, ok := outer.And(when); ok {
				action("Actions", both, v)
			}
		}
		for when, v := range payload.Get("ErrorAction").Branches {
			if both, ok := outer.And(when); ok {
				action("ErrorAction", both, v)
			}
		}
	}
}

// findDomain reads the function that checks a domain's certificates. AWS documents no
// source for its calls.
func findDomain(s *invoke.Finder, r template.Resource) {
	for _, path := range [][2]string{{"ServerCertificateConfig", "OcspLambdaArn"}, {"ClientCertificateConfig", "ClientCertificateCallbackArn"}} {
		for when, config := range r.Properties().Get(path[0]).Branches {
			s.Wire(invoke.Wire{Resource: r, Function: config.Get(path[1]), When: when, Always: true, Label: "domain " + r.ID, Event: path[1],
				Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn")}})
		}
	}
}

func findProvisioning(s *invoke.Finder, r template.Resource) {
	arn := func(name template.Text) template.Text {
		return invoke.OwnARN("iot", template.Literal("provisioningtemplate/"), name)
	}
	for _, name := range s.NamesOf(r, "TemplateName") {
		source := invoke.SourceARN{Exact: arn(name.Text), Wide: arn(template.Literal("*")), Account: invoke.AccountAlways}
		if name.Absent {
			source.Exact, source.Presented = arn(template.Literal("*")), arn(template.RefTo(r.ID))
		}
		for inner, fn := range at(r.Properties(), "PreProvisioningHook.TargetArn") {
			if when, ok := name.When.And(inner); ok {
				s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "provisioning template " + r.ID, Source: source})
			}
		}
	}
}
