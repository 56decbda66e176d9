package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// config is AWS Config, which tries the permission when a rule is made. The
// rule's ARN ends in an id that isn't known before, so that only the account restricts
// the statement, which then serves all rules of a function
// (https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html).
var config = invoke.Service{
	Name: "config", Title: "AWS Config", Word: "Config", Principal: "config.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:   "config-rule",
		Doc:    "Source.SourceIdentifier of an AWS::Config::ConfigRule with Owner CUSTOM_LAMBDA",
		Types:  []string{"AWS::Config::ConfigRule"},
		Find:   findConfigRule,
		Before: true,
	}, {
		Name:  "config-organization-rule",
		Doc:   "OrganizationCustomRuleMetadata.LambdaFunctionArn of an AWS::Config::OrganizationConfigRule, which every member account calls",
		Types: []string{"AWS::Config::OrganizationConfigRule"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for when, rule := range r.Properties().Get("OrganizationCustomRuleMetadata").Branches {
				s.Wire(invoke.Wire{Resource: r, Function: rule.Get("LambdaFunctionArn"), When: when, Always: true, Label: "organization rule " + r.ID,
					Source: invoke.SourceARN{Presented: template.Literal("arn:aws:config:*:*:config-rule/*")}})
			}
		},
		Watched: true,
	}},
	Spells: map[string]invoke.Spells{"AWS::Config::ConfigRule": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		return invoke.OwnARN("config", template.Literal("config-rule/"), template.AttOf(r.ID, "ConfigRuleId")), attribute == "Arn"
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "AWS Config: a custom rule has no results",
			Match: []string{`insufficientpermissionsexception`},
			Means: "A custom rule isn't made where AWS Config may not call its function (config-function). Where the permission is taken away later, the rule's evaluations stay as they were.",
			See:   "`aws configservice describe-config-rule-evaluation-status`: LastErrorCode and LastErrorMessage.",
			Do:    []string{"name the macro: it adds one permission for all rules of the account, by SourceAccount, and lets each rule wait for it"},
		},
	},
}

func findConfigRule(s *invoke.Finder, r template.Resource) {
	for outer, rule := range r.Properties().Get("Source").Branches {
		for typed, surely := range whenWord(s, rule.Get("Owner"), "CUSTOM_LAMBDA") {
			if x, one := rule.Get("SourceIdentifier").One(); !surely && one && !namesFunction(s, x) {
				continue // the name of a managed rule
			}
			if when, ok := outer.And(typed); ok {
				s.Wire(invoke.Wire{Resource: r, Function: rule.Get("SourceIdentifier"), When: when, Always: surely, Label: "rule " + r.ID,
					Source: invoke.SourceARN{Presented: template.AttOf(r.ID, "Arn"), AnySource: true, Account: invoke.AccountAlways}})
			}
		}
	}
}
