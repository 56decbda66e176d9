package apigateway

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var httpIntegration = invoke.Kind{
	Name:  "http-integration",
	Doc:   "IntegrationUri of an AWS::ApiGatewayV2::Integration of type AWS_PROXY or AWS, for each of its routes (HTTP and WebSocket)",
	Types: []string{"AWS::ApiGatewayV2::Integration"},
	Find:  in(findHTTPIntegration),
}

var managedOverrides = invoke.Kind{
	Name:  "managed-overrides",
	Doc:   "Route.Target of an AWS::ApiGatewayV2::ApiGatewayManagedOverrides, which gives the quick-create route another integration",
	Types: []string{"AWS::ApiGatewayV2::ApiGatewayManagedOverrides"},
	Find:  func(*invoke.Finder, template.Resource) {}, // routes are read with their integrations
}

// routesElsewhere reports the routes whose integration is not in the template: what they
// call can't be known.
func (g *gateway) routesElsewhere() {
	for _, r := range g.Resources("AWS::ApiGatewayV2::Route") {
		g.routeElsewhere(r.Properties().Get("Target"))
	}
}

func (g *gateway) routeElsewhere(target template.Value) {
	for _, x := range target.Variants() {
		rest, _ := x.Text.TrimPrefix("integrations/")
		if p, ok := rest.Single(); !x.Absent && !g.Partial && (!ok || g.TypeOf(p.ID()) != "AWS::ApiGatewayV2::Integration") {
			g.Tell(RouteElsewhere, target.Pointer(), "")
			return
		}
	}
}

// A route is the key of a route of an integration.
type route struct {
	resource template.Resource
	key      template.Text
	when     template.Guard
}

func findHTTPIntegration(g *gateway, r template.Resource) {
	p := r.Properties()
	typ := p.Get("IntegrationType")
	if !p.Get("IntegrationUri").Exists() {
		return
	}
	for _, when := range integrates(typ, p.Get("IntegrationSubtype")) {
		w := &wiring{
			property: invoke.Property{Resource: r, Value: p.Get("IntegrationUri")},
			takes:    invoke.Takes{Holder: p, Name: "CredentialsArn"},
			form:     form{bare: true, proxy: isProxy(typ)},
			api:      p.Get("ApiId"), when: when,
		}
		routes := g.routesOf(r.ID)
		for i := range routes {
			w.property.Via = []string{routes[i].resource.ID}
			w.route, w.sourceWhen = &routes[i], routes[i].when
			g.connect(w)
		}
		if len(routes) == 0 {
			w.notes = []finding.Finding{{Reason: NoRoute, At: r.Pointer()}}
			w.source = invoke.Source{Form: invoke.AnyRoute, Label: "any route"}
			g.connect(w)
		}
	}
}

func (g *gateway) routesOf(integration string) []route {
	if g.routes == nil {
		g.routes = map[string][]route{}
		for _, r := range g.Resources("AWS::ApiGatewayV2::Route") {
			g.addRoute(r, r.Properties().Get("Target"), r.Properties().Get("RouteKey"))
		}
		for _, r := range g.Resources("AWS::ApiGatewayV2::ApiGatewayManagedOverrides") {
			g.addRoute(r, r.Properties().Path("Route", "Target"), g.managedRouteKey(r))
		}
	}
	return g.routes[integration]
}

// addRoute adds a route to the integrations that its Target names ("integrations/" and an
// id), each under its condition.
func (g *gateway) addRoute(r template.Resource, target, key template.Value) {
	keys := key.Variants()
	if !key.Exists() {
		keys = []template.Variant{{Text: template.Literal("$default")}}
	}
	for _, x := range target.Variants() {
		rest, _ := x.Text.TrimPrefix("integrations/")
		p, ok := rest.Single()
		if !ok || p.Kind == template.Opaque {
			continue
		}
		id, _, _ := strings.Cut(p.Text, ".")
		for _, k := range keys {
			if when, ok := template.All(x.When, k.When, r.Condition()); ok && !k.Absent {
				g.routes[id] = append(g.routes[id], route{r, k.Text, when})
			}
		}
	}
}

// managedRouteKey is the key of the route that quick create made.
func (g *gateway) managedRouteKey(r template.Resource) template.Value {
	if x, ok := r.Properties().Get("ApiId").One(); ok {
		if a, ok := g.api(x); ok && a.ID != "" {
			api, _ := g.t.Resource(a.ID)
			return api.Properties().Get("RouteKey")
		}
	}
	return template.Value{}
}
