package caller

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// implicitAuthorizers reads the authorizers of the APIs that SAM makes for
// events without an API: they stand in Globals alone.
func (s *Scope) implicitAuthorizers() {
	for _, typ := range []string{"AWS::Serverless::Api", "AWS::Serverless::HttpApi"} {
		global := sam.Global(s.t, typ)
		authorizers := global.Path("Auth", "Authorizers")
		if !authorizers.Exists() {
			continue
		}
		id, event := "ServerlessRestApi", "Api"
		if typ == "AWS::Serverless::HttpApi" {
			id, event = "ServerlessHttpApi", "HttpApi"
		}
		if s.t.Taken(id) {
			continue // declared, and read as any other
		}
		for _, k := range s.catalog.byType[typ] {
			if k.Name == samAuthorizer.Name {
				s.kind = k
			}
		}
		for _, when := range s.implicitly(event) {
			api := &API{ID: id, Name: template.RefTo(id), Key: stack.Key(id), Protocol: implicitAPIs[id], When: when}
			s.samAuthorizers(template.Resource{ID: id, Type: typ, Value: global}, api, authorizers, template.Value{}, true)
		}
	}
}

// implicitly returns when SAM makes the API for events of a type that name none:
// where one of their functions exists.
func (s *Scope) implicitly(event string) []template.Guard {
	var out []template.Guard
	for _, r := range s.Resources("AWS::Serverless::Function") {
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
