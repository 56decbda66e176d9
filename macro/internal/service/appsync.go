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
			graphQLProviders.findAll(s, r, nil, r.Properties())
		},
	}, {
		Name:  "appsync-event-authorizer",
		Doc:   "EventConfig.AuthProviders[].LambdaAuthorizerConfig.AuthorizerUri of an AWS::AppSync::Api",
		Types: []string{"AWS::AppSync::Api"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for when, provider := range at(r.Properties(), "EventConfig.AuthProviders[]") {
				eventProviders.find(s, r, when, provider)
			}
		},
	}, {
		Name:  "appsync-sam-authorizer",
		Doc:   "Auth.LambdaAuthorizer.AuthorizerUri of an AWS::Serverless::GraphQLApi and of its Additional providers of type AWS_LAMBDA, which SAM permits itself",
		Types: []string{"AWS::Serverless::GraphQLApi"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for when, auth := range at(r.Properties(), "Auth") {
				samProviders.findAll(s, r, when, auth)
			}
		},
	}, connectorKind("appsync", "AWS::AppSync::GraphQLApi", attribute("Arn"))},
	Spells: map[string]invoke.Spells{
		"AWS::AppSync::GraphQLApi":    spellGraphQL,
		"AWS::Serverless::GraphQLApi": spellGraphQL,
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

func spellGraphQL(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	return appsyncARN(r), attribute == "" || attribute == "Arn"
}

func appsyncARN(r template.Resource) template.Text {
	return invoke.OwnARN("appsync", template.Literal("apis/"), template.AttOf(r.ID, "ApiId"))
}

// providers is how a resource type spells the authorizers of an API.
type providers struct {
	typ      string                                // the member that has the type of one
	function string                                // the members on the way from one to the function
	more     string                                // the member of the first that has the others
	arn      func(template.Resource) template.Text // of the API
	bySAM    bool                                  // SAM makes the API, and what permits the call
}

var (
	graphQLProviders = providers{typ: "AuthenticationType", function: "LambdaAuthorizerConfig.AuthorizerUri", more: "AdditionalAuthenticationProviders", arn: attribute("Arn")}
	eventProviders   = providers{typ: "AuthType", function: "LambdaAuthorizerConfig.AuthorizerUri", arn: attribute("ApiArn")}
	samProviders     = providers{typ: "Type", function: "LambdaAuthorizer.AuthorizerUri", more: "Additional", arn: appsyncARN, bySAM: true}
)

// findAll finds the calls of the first of them and of the others.
func (x providers) findAll(s *invoke.Finder, r template.Resource, when template.Guard, first template.Value) {
	x.find(s, r, when, first)
	for inner, provider := range first.Get(x.more).Elements {
		if both, ok := when.And(inner); ok {
			x.find(s, r, both, provider)
		}
	}
}

// find finds the call of one of them.
func (x providers) find(s *invoke.Finder, r template.Resource, outer template.Guard, provider template.Value) {
	var given invoke.Given
	if x.bySAM {
		given = invoke.Given{By: "SAM, for the authorizer of " + r.ID, IDPrefix: r.ID + "ToLambdaAuthConnector"}
	}
	for typed := range whenWord(s, provider.Get(x.typ), "AWS_LAMBDA") {
		for inner, fn := range at(provider, x.function) {
			both, ok := outer.And(typed)
			if when, too := both.And(inner); ok && too {
				s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "authorizer of " + r.ID, As: invoke.Caller{Given: given},
					Source: invoke.SourceARN{Exact: x.arn(r), Wide: invoke.OwnARN("appsync", template.Literal("apis/*"))}})
			}
		}
	}
}
