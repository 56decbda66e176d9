package caller

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var restAuthorizer = Finder{
	Name:  "rest-authorizer",
	Doc:   "AuthorizerUri of an AWS::ApiGateway::Authorizer of type TOKEN or REQUEST",
	Types: []string{"AWS::ApiGateway::Authorizer"},
	Find: func(s *Scope, r template.Resource) {
		s.findAuthorizer(r, "RestApiId", "Type", "COGNITO_USER_POOLS", "AuthorizerCredentials")
	},
}

var httpAuthorizer = Finder{
	Name:  "http-authorizer",
	Doc:   "AuthorizerUri of an AWS::ApiGatewayV2::Authorizer of type REQUEST",
	Types: []string{"AWS::ApiGatewayV2::Authorizer"},
	Find: func(s *Scope, r template.Resource) {
		s.findAuthorizer(r, "ApiId", "AuthorizerType", "JWT", "AuthorizerCredentialsArn")
	},
}

// findAuthorizer reads an authorizer resource. Its source ARN has the
// authorizer's id and neither stage nor method.
func (s *Scope) findAuthorizer(r template.Resource, api, typ, noFunction, credentials string) {
	p := r.Properties()
	if !p.Get("AuthorizerUri").Exists() {
		return
	}
	name := r.ID
	if n, ok := p.Get("Name").One(); ok {
		name = n.String()
	}
	for _, when := range unless(p.Get(typ), noFunction) {
		s.connect(&wiring{
			resource: r, api: p.Get(api), uri: p.Get("AuthorizerUri"), when: when, holder: p, credentials: credentials, bare: true, proxy: true,
			source: authorizerSource(template.RefTo(r.ID), name),
		})
	}
}

func authorizerSource(id template.Text, name string) Source {
	return Source{Form: Authorizer, Route: id, Label: "authorizer " + name}
}
