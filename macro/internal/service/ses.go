package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// ses is SES, which tries the permission when a receipt rule is made. The
// documented statement names both the rule and the account
// (https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html).
var ses = invoke.Service{
	Name: "ses", Title: "Amazon SES", Word: "SES", Principal: "ses.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:   "ses-receipt-rule",
		Doc:    "Rule.Actions[].LambdaAction.FunctionArn of an AWS::SES::ReceiptRule",
		Types:  []string{"AWS::SES::ReceiptRule"},
		Find:   findReceiptRule,
		Before: true,
	}},
	Spells: map[string]invoke.Spells{
		"AWS::SES::ReceiptRuleSet": spellNamed("ses", "receipt-rule-set/", "RuleSetName"),
		"AWS::SES::ReceiptRule": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
			name, ok := r.Properties().Path("Rule", "Name").One()
			return name, ok && len(name) > 0 && attribute == ""
		},
	},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "SES: a mail arrives and the function isn't called",
			Means: "A receipt rule isn't made where SES may not call its function (ses-function). Where the permission is taken away later, a function that decides about the mail lets the rule fail, and one that is only told doesn't get it.",
			See:   "the metric PublishFailure of the receipt rule.",
			Do:    []string{"name the macro: it adds a permission for the receipt rule, with SourceAccount, and lets the rule wait for it"},
		},
	},
}

func findReceiptRule(s *invoke.Finder, r template.Resource) {
	for _, set := range s.NamesOf(r, "RuleSetName") {
		for outer, rule := range r.Properties().Get("Rule").Branches {
			for _, name := range rule.Get("Name").Variants() {
				both, ok := set.When.And(outer)
				when, too := both.And(name.When)
				if ok && too {
					findLambdaActions(s, r, rule, when, receiptSource(r, set.Text, name.Text))
				}
			}
		}
	}
}

func findLambdaActions(s *invoke.Finder, r template.Resource, rule template.Value, outer template.Guard, source invoke.SourceARN) {
	for inner, fn := range at(rule, "Actions[].LambdaAction.FunctionArn") {
		if when, ok := outer.And(inner); ok {
			s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "receipt rule " + r.ID, Source: source})
		}
	}
}

// receiptSource is the ARN of a rule in a set; where the rule has no name, of any, since
// CloudFormation makes it.
func receiptSource(r template.Resource, set, name template.Text) invoke.SourceARN {
	any := template.Literal("*")
	if len(set) == 0 {
		set = any
	}
	arn := func(rule template.Text) template.Text {
		return invoke.OwnARN("ses", template.Literal("receipt-rule-set/"), set, template.Literal(":receipt-rule/"), rule)
	}
	if len(name) == 0 {
		return invoke.SourceARN{Exact: arn(any), Presented: arn(template.RefTo(r.ID)), Wide: arn(any), Account: invoke.AccountAlways}
	}
	return invoke.SourceARN{Exact: arn(name), Wide: arn(any), Account: invoke.AccountAlways}
}
