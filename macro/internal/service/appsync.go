package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// appsync is AppSync, whose authorizers are called by the function's policy;
// data sources have a role
// (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#aws-lambda-authorization).
var appsync = invoke.Service{
	Name: "appsync", Title: "AWS AppSync", Word: "AppSync", Principal: "appsync.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "appsync-authorizer",
		Doc:   "LambdaAuthorizerConfig.AuthorizerUri of an AWS::AppSync::GraphQLApi and of its additional providers of type AWS_LAMBDA",
		Types: []string{"AWS::AppSync::GraphQLApi"},
		Find: func(s *invoke.Finder, r template.Resource) {
			p := r.Properties()
			findProvider(s, r, "AuthenticationType", nil, p, "Arn")
			for when, provider := range p.Get("AdditionalAuthenticationProviders").Elements {
				findProvider(s, r, "AuthenticationType", when, provider, "Arn")
			}
		},
	}, {
		Name:  "appsync-event-authorizer",
		Doc:   "EventConfig.AuthProviders[].LambdaAuthorizerConfig.AuthorizerUri of an AWS::AppSync::Api",
		Types: []string{"AWS::AppSync::Api"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for when, provider := range at(r.Properties(), "EventConfig.AuthProviders[]") {
				findProvider(s, r, "AuthType", when, provider, "ApiArn")
			}
		},
	}, connectorKind("appsync", "AWS::AppSync::GraphQLApi", func(r template.Resource) template.Text { return template.AttOf(r.ID, "Arn") })},
	Spells: map[string]invoke.Spells{
		"AWS::AppSync::GraphQLApi": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
			return appsyncARN(r), attribute == "" || attribute == "Arn"
		},
		"AWS::AppSync::Api": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
			return appsyncARN(r), attribute == "" || attribute == "ApiArn"
		},
	},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "AppSync: every request is Unauthorized, and the authorizer isn't called",
			Match: []string{`unauthorizedexception.{0,60}not authorized to make this call`},
			Means: "Nothing is checked when an API gets its authorizer; requests are refused as if the authorizer had done it. Data sources call with a role and need no permission.",
			See:   "the API's log at level ERROR; the authorizer's log group has no entry at the time of the request.",
			Do:    []string{"name the macro, or add a permission with Principal: appsync.amazonaws.com and the API's ARN"},
		},
	},
}

func appsyncARN(r template.Resource) template.Text {
	return invoke.OwnARN("appsync", template.Literal("apis/"), template.AttOf(r.ID, "ApiId"))
}

func findProvider(s *invoke.Finder, r template.Resource, typ string, outer template.Guard, provider template.Value, arn string) {
	for typed := range whenWord(s, provider.Get(typ), "AWS_LAMBDA") {
		for inner, fn := range at(provider, "LambdaAuthorizerConfig.AuthorizerUri") {
			both, ok := outer.And(typed)
			if when, too := both.And(inner); ok && too {
				s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "authorizer of " + r.ID,
					Source: invoke.SourceARN{Exact: template.AttOf(r.ID, arn), Wide: invoke.OwnARN("appsync", template.Literal("apis/*"))}})
			}
		}
	}
}
