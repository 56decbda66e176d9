package apigateway

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var quickCreate = invoke.Kind{
	Name:  "quick-create",
	Doc:   "Target of an AWS::ApiGatewayV2::Api, with RouteKey or $default",
	Types: []string{"AWS::ApiGatewayV2::Api"},
	Find:  in(findQuickCreate),
}

func findQuickCreate(g *gateway, r template.Resource) {
	p := r.Properties()
	if !p.Get("Target").Exists() {
		return
	}
	own := g.apiOf(r)
	keys := p.Get("RouteKey").Variants()
	for _, k := range keys {
		if k.Absent {
			k.Text = template.Literal("$default")
		}
		g.connect(&wiring{
			property: invoke.Property{Resource: r, Value: p.Get("Target")},
			takes:    invoke.Takes{Holder: p, Name: "CredentialsArn"},
			form:     form{bare: true, proxy: true},
			own:      own, when: k.When, source: g.routeSource(k.Text, HTTP),
		})
	}
}
