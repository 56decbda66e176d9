package apigateway

import (
	"strconv"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A part is a value that may be the properties of an API's resource, an object in
// them, or a part of an API definition.
type part struct{ template.Value }

// findPart recognizes properties and what is in them, and the parts of an API
// definition.
func findPart(v template.Value) (invoke.Part, bool) {
	for _, find := range []func(part) (invoke.Part, bool){part.definition, part.properties, part.members} {
		if f, ok := find(part{v}); ok {
			return f, true
		}
	}
	return invoke.Part{}, false
}

// typed is a part of the properties of a resource.
func typed(typ, before, after string) invoke.Part {
	return invoke.Part{Name: typ, Type: typ, Before: before, After: after}
}

// inBody is a part of an API definition.
func inBody(name, before, after string) invoke.Part {
	return invoke.Part{Name: name, Type: "AWS::ApiGatewayV2::Api", Before: `{"Body":` + before, After: after + `}`}
}

func (p part) has(names ...string) bool {
	for _, n := range names {
		if !p.Get(n).Exists() {
			return false
		}
	}
	return true
}

// definition recognizes an API definition and its objects with names of their own.
func (p part) definition() (invoke.Part, bool) {
	const authorizer = "x-amazon-apigateway-authorizer"
	switch {
	case p.has("paths") && (p.has("openapi") || p.has("swagger") || p.has("info")):
		return inBody("Body", "", ""), true
	case p.has("uri"):
		return inBody("x-amazon-apigateway-integration", `{"paths":{"/":{"get":{"x-amazon-apigateway-integration":`, `}}}}`), true
	case p.has("authorizerUri"):
		return inBody(authorizer, `{"securityDefinitions":{"a":{"`+authorizer+`":`, `}}}`), true
	case p.has(authorizer):
		return inBody("security scheme", `{"securityDefinitions":{"a":`, `}}`), true
	case p.has("x-amazon-apigateway-integration"):
		return inBody("operation", `{"paths":{"/":{"get":`, `}}}`), true
	case p.has("x-amazon-apigateway-integrations"), p.has("securitySchemes"):
		return inBody("components", `{`+paths(p.Get("x-amazon-apigateway-integrations"))+`"components":`, `}`), true
	}
	return invoke.Part{}, false
}

// paths are routes that lead to the integrations of components: without one none
// would be read.
func paths(integrations template.Value) string {
	var b strings.Builder
	b.WriteString(`"paths":{`)
	n := 0
	for name := range integrations.Members() {
		if n++; n > 1 {
			b.WriteByte(',')
		}
		name = strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		b.WriteString(`"/` + strconv.Itoa(n) + `":{"get":{"x-amazon-apigateway-integration":{"$ref":` +
			template.Quote("#/components/x-amazon-apigateway-integrations/"+name) + `}}}`)
	}
	b.WriteString(`},`)
	return b.String()
}

// properties recognizes the properties of a resource, and objects in them.
func (p part) properties() (invoke.Part, bool) {
	switch {
	case p.has("RestApiId", "HttpMethod"):
		return typed("AWS::ApiGateway::Method", "", ""), true
	case p.has("Uri"):
		f := typed("AWS::ApiGateway::Method", `{"RestApiId":{"Ref":"Api"},"ResourceId":{"Ref":"Path"},"HttpMethod":"ANY","Integration":`, `}`)
		f.Name = "Integration"
		return f, true
	case p.has("AuthorizerUri", "RestApiId"):
		return typed("AWS::ApiGateway::Authorizer", "", ""), true
	case p.has("IntegrationUri", "ApiId"):
		return typed("AWS::ApiGatewayV2::Integration", "", ""), true
	case p.has("AuthorizerUri", "ApiId"):
		return typed("AWS::ApiGatewayV2::Authorizer", "", ""), true
	case p.has("Target", "ProtocolType"):
		return typed("AWS::ApiGatewayV2::Api", "", ""), true
	case p.has("Body"):
		return typed("AWS::ApiGatewayV2::Api", "", ""), true
	case p.has("DefinitionBody"):
		return typed("AWS::Serverless::HttpApi", "", ""), true
	}
	return invoke.Part{}, false
}

// members recognizes an object by what its members are: paths, the operations of
// one, security schemes, the integrations of components.
func (p part) members() (invoke.Part, bool) {
	for name, v := range p.Members() {
		switch m := (part{v}); {
		case strings.HasPrefix(name, "/") && v.Kind() == template.Object:
			return inBody("paths", `{"paths":`, `}`), true
		case m.has("x-amazon-apigateway-integration"):
			return inBody("path", `{"paths":{"/":`, `}}`), true
		case m.has("x-amazon-apigateway-authorizer"):
			return inBody("security schemes", `{"securityDefinitions":`, `}`), true
		case m.has("uri", "type"):
			return inBody("x-amazon-apigateway-integrations", `{`+paths(p.Value)+`"components":{"x-amazon-apigateway-integrations":`, `}}`), true
		}
	}
	return invoke.Part{}, false
}
