package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// lex is Lex V2, whose bot aliases call functions as code hooks
// (https://docs.aws.amazon.com/lexv2/latest/dg/lambda-attach.html).
var lex = caller.Service{
	Name: "lex", Title: "Amazon Lex", Word: "Lex", Principal: "lexv2.amazonaws.com",
	Kinds: []caller.Finder{{
		Name:  "lex-alias",
		Doc:   "LambdaCodeHook.LambdaArn in the BotAliasLocaleSettings of an AWS::Lex::BotAlias",
		Types: []string{"AWS::Lex::BotAlias"},
		Find: func(s *caller.Scope, r template.Resource) {
			findCodeHooks(s, r, nil, r.Properties(), template.AttOf(r.ID, "Arn"))
		},
	}, {
		Name:  "lex-test-alias",
		Doc:   "LambdaCodeHook.LambdaArn in the TestBotAliasSettings of an AWS::Lex::Bot",
		Types: []string{"AWS::Lex::Bot"},
		Find: func(s *caller.Scope, r template.Resource) {
			for when, settings := range r.Properties().Get("TestBotAliasSettings").Branches {
				findCodeHooks(s, r, when, settings, botAliasARN(template.RefTo(r.ID), template.Literal("TSTALIASID")))
			}
		},
	}},
	Spells: map[string]caller.Spells{"AWS::Lex::BotAlias": func(_ *caller.Scope, r template.Resource, attribute string) (template.Text, bool) {
		bot, ok := r.Properties().Get("BotId").One()
		return botAliasARN(bot, template.AttOf(r.ID, "BotAliasId")), ok && attribute == "Arn"
	}},
}

func botAliasARN(bot, alias template.Text) template.Text {
	return caller.OwnARN("lex", template.Literal("bot-alias/"), bot, template.Literal("/"), alias)
}

func findCodeHooks(s *caller.Scope, r template.Resource, outer template.Guard, settings template.Value, source template.Text) {
	for when, locale := range settings.Get("BotAliasLocaleSettings").Elements {
		both, ok := outer.And(when)
		hook := locale.Path("BotAliasLocaleSetting", "CodeHookSpecification", "LambdaCodeHook", "LambdaArn")
		if ok && hook.Exists() {
			s.Wire(caller.Wire{Resource: r, Function: hook, When: both, Always: true, Label: "bot " + r.ID, Source: caller.SourceARN{Exact: source}})
		}
	}
}
