package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// lex is Lex V2, whose bot aliases call functions as code hooks
// (https://docs.aws.amazon.com/lexv2/latest/dg/lambda-attach.html).
var lex = invoke.Service{
	Name: "lex", Title: "Amazon Lex", Word: "Lex", Principal: "lexv2.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "lex-alias",
		Doc:   "LambdaCodeHook.LambdaArn in the BotAliasLocaleSettings of an AWS::Lex::BotAlias",
		Types: []string{"AWS::Lex::BotAlias"},
		Find: func(s *invoke.Finder, r template.Resource) {
			findCodeHooks(s, r, "", template.AttOf(r.ID, "Arn"))
		},
	}, {
		Name:  "lex-test-alias",
		Doc:   "LambdaCodeHook.LambdaArn in the TestBotAliasSettings of an AWS::Lex::Bot",
		Types: []string{"AWS::Lex::Bot"},
		Find: func(s *invoke.Finder, r template.Resource) {
			findCodeHooks(s, r, "TestBotAliasSettings.", botAliasARN(template.RefTo(r.ID), template.Literal("TSTALIASID")))
		},
	}},
	Spells: map[string]invoke.Spells{"AWS::Lex::Bot": spellID("Id"), "AWS::Lex::BotAlias": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		bot, ok := r.Properties().Get("BotId").One()
		return botAliasARN(bot, template.AttOf(r.ID, "BotAliasId")), ok && attribute == "Arn"
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "Lex: Access denied while invoking lambda function … from …",
			Match: []string{`access denied while invoking lambda function .* from `},
			Means: "Nothing is checked when a bot alias gets its code hook; the conversation fails. Lex V2 calls as lexv2.amazonaws.com: a statement for lex.amazonaws.com doesn't serve. Every alias has an ARN of its own, the test alias too (TSTALIASID).",
			See:   "the text in the conversation log or the console's test window.",
			Do:    []string{"name the macro, or add a permission with Principal: lexv2.amazonaws.com and the alias's ARN"},
		},
	},
}

func botAliasARN(bot, alias template.Text) template.Text {
	return invoke.OwnARN("lex", template.Literal("bot-alias/"), bot, template.Literal("/"), alias)
}

func findCodeHooks(s *invoke.Finder, r template.Resource, above string, source template.Text) {
	for when, hook := range at(r.Properties(), above+"BotAliasLocaleSettings[].BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn") {
		s.Wire(invoke.Wire{Resource: r, Function: hook, When: when, Always: true, Label: "bot " + r.ID, Source: invoke.SourceARN{Exact: source, Wide: invoke.OwnARN("lex", template.Literal("bot-alias/*"))}})
	}
}
