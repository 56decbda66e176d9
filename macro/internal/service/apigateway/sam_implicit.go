package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// implicitAuthorizers reads the authorizers of the APIs that SAM makes for events without
// an API, which are in Globals only.
func (g *gateway) implicitAuthorizers() {
	for _, typ := range []string{"AWS::Serverless::Api", "AWS::Serverless::HttpApi"} {
		global := sam.Global(g.t, typ)
		authorizers := global.Path("Auth", "Authorizers")
		if !authorizers.Exists() {
			continue
		}
		id, event := "ServerlessRestApi", "Api"
		if typ == "AWS::Serverless::HttpApi" {
			id, event = "ServerlessHttpApi", "HttpApi"
		}
		if g.t.Taken(id) {
			continue // declared, and read as any other
		}
		for _, when := range g.implicitly(event) {
			api := &invoke.Origin{ID: id, Name: template.RefTo(id), Key: stack.Key(id), Kind: implicitAPIs[id], When: when}
			g.As(samAuthorizer.Name, typ, func() {
				g.samAuthorizers(template.Resource{ID: id, Type: typ, Value: global}, api, authorizers, template.Value{}, true)
			})
		}
	}
}

// implicitly returns when SAM makes the API for events of a type that name none:
// where one of their functions exists.
func (g *gateway) implicitly(event string) []template.Guard {
	var out []template.Guard
	for _, r := range g.Resources("AWS::Serverless::Function") {
		for _, e := range r.Properties().Get("Events").Members() {
			typ, _ := e.Get("Type").Text()
			if p := e.Get("Properties"); typ != event || p.Get("RestApiId").Exists() || p.Get("ApiId").Exists() {
				continue
			}
			if len(r.Condition()) == 0 {
				return always
			}
			out = append(out, r.Condition())
			break
		}
	}
	return out
}
