package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// transfer is Transfer Family, whose servers may authenticate users by a function
// (https://docs.aws.amazon.com/transfer/latest/userguide/custom-lambda-idp.html).
var transfer = invoke.Service{
	Name: "transfer", Title: "AWS Transfer Family", Word: "Transfer", Principal: "transfer.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "transfer-server",
		Doc:   "IdentityProviderDetails.Function of an AWS::Transfer::Server with IdentityProviderType AWS_LAMBDA",
		Types: []string{"AWS::Transfer::Server"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for typed := range whenWord(s, r.Properties().Get("IdentityProviderType"), "AWS_LAMBDA") {
				for inner, fn := range at(r.Properties(), "IdentityProviderDetails.Function") {
					if when, ok := typed.And(inner); ok {
						s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "server " + r.ID,
							Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"), Wide: invoke.OwnARN("transfer", template.Literal("server/*"))}})
					}
				}
			}
		},
	}},
	Spells: map[string]invoke.Spells{"AWS::Transfer::Server": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		return invoke.OwnARN("transfer", template.Literal("server/"), template.AttOf(r.ID, "ServerId")), attribute == "" || attribute == "Arn"
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "Transfer Family: nobody can log in to the server",
			Match: []string{`unable to call identity provider`},
			Means: "Nothing is checked when a server gets its function as identity provider; each login is refused.",
			See:   "`aws transfer test-identity-provider --server-id ID --user-name NAME`, and the server's log group.",
			Do:    []string{"name the macro, or add a permission with Principal: transfer.amazonaws.com and the server's ARN"},
		},
	},
}
