package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var restMethod = invoke.Kind{
	Name:  "rest-method",
	Doc:   "Integration.Uri of an AWS::ApiGateway::Method of type AWS or AWS_PROXY",
	Types: []string{"AWS::ApiGateway::Method"},
	Find:  in(findRestMethod),
}

func findRestMethod(g *gateway, r template.Resource) {
	p := r.Properties()
	for when, integration := range p.Get("Integration").Branches {
		uri, typ := integration.Get("Uri"), integration.Get("Type")
		if integration.Get("Fn::Transform").Exists() {
			g.Tell(OpaqueBody, integration.Pointer(), "Fn::Transform")
		}
		if !uri.Exists() {
			continue
		}
		for _, may := range mayInvoke(typ) {
			both, ok := when.And(may)
			if !ok {
				continue
			}
			for source, on := range g.restSources(p) {
				g.connect(&wiring{
					property: invoke.Property{Resource: r, Value: uri},
					takes:    invoke.Takes{Holder: integration, Name: "Credentials"},
					form:     form{proxy: isProxy(typ)},
					api:      p.Get("RestApiId"), when: both, source: source, sourceWhen: on,
				})
			}
		}
	}
}
