package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// ses is SES, which tries the permission when a receipt rule is made. The
// documented statement names both the rule and the account
// (https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html).
var ses = caller.Service{
	Name: "ses", Title: "Amazon SES", Word: "SES", Principal: "ses.amazonaws.com",
	Kinds: []caller.Finder{{
		Name:   "ses-receipt-rule",
		Doc:    "Rule.Actions[].LambdaAction.FunctionArn of an AWS::SES::ReceiptRule",
		Types:  []string{"AWS::SES::ReceiptRule"},
		Find:   findReceiptRule,
		Before: true,
	}},
	Spells: map[string]caller.Spells{
		"AWS::SES::ReceiptRuleSet": spellNamed("ses", "receipt-rule-set/", "RuleSetName"),
		"AWS::SES::ReceiptRule": func(s *caller.Scope, r template.Resource, attribute string) (template.Text, bool) {
			return receiptRuleName(r, template.RefTo(r.ID)), attribute == ""
		},
	},
}

// receiptRuleName is the rule's name as it is written, else the one given.
func receiptRuleName(r template.Resource, otherwise template.Text) template.Text {
	if x, ok := r.Properties().Path("Rule", "Name").One(); ok && len(x) > 0 {
		return x
	}
	return otherwise
}

func findReceiptRule(s *caller.Scope, r template.Resource) {
	set, ok := r.Properties().Get("RuleSetName").One()
	if !ok {
		set = template.Literal("*")
	}
	arn := func(rule template.Text) template.Text {
		return caller.OwnARN("ses", template.Literal("receipt-rule-set/"), set, template.Literal(":receipt-rule/"), rule)
	}
	any := template.Literal("*")
	source := caller.SourceARN{Exact: arn(receiptRuleName(r, any)), Presented: arn(receiptRuleName(r, template.RefTo(r.ID))), Wide: arn(any), Account: caller.AccountAlways}
	for outer, rule := range r.Properties().Get("Rule").Branches {
		for when, action := range rule.Get("Actions").Elements {
			for inner, lambda := range action.Get("LambdaAction").Branches {
				if both, ok := outer.And(when); ok {
					if all, ok := both.And(inner); ok {
						s.Wire(caller.Wire{Resource: r, Function: lambda.Get("FunctionArn"), When: all, Always: true, Label: "receipt rule " + r.ID, Source: source})
					}
				}
			}
		}
	}
}
