package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var restAuthorizer = invoke.Kind{
	Name:  "rest-authorizer",
	Doc:   "AuthorizerUri of an AWS::ApiGateway::Authorizer of type TOKEN or REQUEST",
	Types: []string{"AWS::ApiGateway::Authorizer"},
	Find: in(func(g *gateway, r template.Resource) {
		g.findAuthorizer(r, "RestApiId", "Type", "COGNITO_USER_POOLS", "AuthorizerCredentials")
	}),
}

var httpAuthorizer = invoke.Kind{
	Name:  "http-authorizer",
	Doc:   "AuthorizerUri of an AWS::ApiGatewayV2::Authorizer of type REQUEST",
	Types: []string{"AWS::ApiGatewayV2::Authorizer"},
	Find: in(func(g *gateway, r template.Resource) {
		g.findAuthorizer(r, "ApiId", "AuthorizerType", "JWT", "AuthorizerCredentialsArn")
	}),
}

// findAuthorizer reads an authorizer resource. Its source ARN has the
// authorizer's id and neither stage nor method.
func (g *gateway) findAuthorizer(r template.Resource, api, typ, noFunction, credentials string) {
	p := r.Properties()
	if !p.Get("AuthorizerUri").Exists() {
		return
	}
	name := r.ID
	if n, ok := p.Get("Name").One(); ok {
		name = n.String()
	}
	for _, when := range unless(p.Get(typ), noFunction) {
		g.connect(&wiring{
			property: invoke.Property{Resource: r, Value: p.Get("AuthorizerUri")},
			takes:    invoke.Takes{Holder: p, Name: credentials},
			form:     form{bare: true, proxy: true},
			api:      p.Get(api), when: when, source: authorizerSource(template.RefTo(r.ID), name),
		})
	}
}

func authorizerSource(id template.Text, name string) invoke.Source {
	return invoke.Source{Form: Authorizer, Route: template.Join(template.Literal("authorizers/"), id), Label: "authorizer " + name}
}
