package caller

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

var quickCreate = Finder{
	Name:  "quick-create",
	Doc:   "Target of an AWS::ApiGatewayV2::Api, with RouteKey or $default",
	Types: []string{"AWS::ApiGatewayV2::Api"},
	Find:  findQuickCreate,
}

func findQuickCreate(s *Scope, r template.Resource) {
	p := r.Properties()
	if !p.Get("Target").Exists() {
		return
	}
	own := s.ownAPI(r)
	keys := p.Get("RouteKey").Variants()
	for _, k := range keys {
		if k.Absent {
			k.Text = template.Literal("$default")
		}
		s.connect(&wiring{
			resource: r, own: own, uri: p.Get("Target"), when: k.When, holder: p, credentials: "CredentialsArn", bare: true, proxy: true,
			source: s.routeSource(k.Text, HTTP),
		})
	}
}
