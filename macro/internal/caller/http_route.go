package caller

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

var httpIntegration = Finder{
	Name:  "http-integration",
	Doc:   "IntegrationUri of an AWS::ApiGatewayV2::Integration of type AWS_PROXY or AWS, for each of its routes (HTTP and WebSocket)",
	Types: []string{"AWS::ApiGatewayV2::Integration"},
	Find:  findHTTPIntegration,
}

var managedOverrides = Finder{
	Name:  "managed-overrides",
	Doc:   "Route.Target of an AWS::ApiGatewayV2::ApiGatewayManagedOverrides, which gives the quick-create route another integration",
	Types: []string{"AWS::ApiGatewayV2::ApiGatewayManagedOverrides"},
	Find:  func(*Scope, template.Resource) {}, // read with the routes, so that integrations know them
}

// routesElsewhere tells of the routes whose integration is not in the template:
// what they call can't be known.
func (s *Scope) routesElsewhere() {
	for _, r := range s.Resources("AWS::ApiGatewayV2::Route") {
		s.routeElsewhere(r.Properties().Get("Target"))
	}
}

func (s *Scope) routeElsewhere(target template.Value) {
	for _, x := range target.Variants() {
		rest, _ := x.Text.TrimPrefix("integrations/")
		if p, ok := rest.Single(); !x.Absent && !s.Partial && (!ok || s.TypeOf(p.ID()) != "AWS::ApiGatewayV2::Integration") {
			s.problem(RouteElsewhere, target.Pointer(), "")
			return
		}
	}
}

// A route leads to an integration.
type route struct {
	resource template.Resource
	key      template.Text
	when     template.Guard
}

func findHTTPIntegration(s *Scope, r template.Resource) {
	p := r.Properties()
	typ := p.Get("IntegrationType")
	if !p.Get("IntegrationUri").Exists() {
		return
	}
	for _, when := range integrates(typ, p.Get("IntegrationSubtype")) {
		w := &wiring{resource: r, api: p.Get("ApiId"), uri: p.Get("IntegrationUri"), when: when, holder: p, credentials: "CredentialsArn",
			bare: true, proxy: isProxy(typ)}
		routes := s.routesOf(r.ID)
		for i := range routes {
			w.via = []string{routes[i].resource.ID}
			w.route, w.sourceWhen = &routes[i], routes[i].when
			s.connect(w)
		}
		if len(routes) == 0 {
			w.notes = []finding.Finding{{Reason: NoRoute, At: r.Pointer()}}
			w.source = Source{Form: Whole, Label: "any route"}
			s.connect(w)
		}
	}
}

func (s *Scope) routesOf(integration string) []route {
	if s.routes == nil {
		s.routes = map[string][]route{}
		for _, r := range s.Resources("AWS::ApiGatewayV2::Route") {
			s.addRoute(r, r.Properties().Get("Target"), r.Properties().Get("RouteKey"))
		}
		for _, r := range s.Resources("AWS::ApiGatewayV2::ApiGatewayManagedOverrides") {
			s.addRoute(r, r.Properties().Path("Route", "Target"), s.managedRouteKey(r))
		}
	}
	return s.routes[integration]
}

// addRoute notes under which conditions a route leads to which integration:
// Target is "integrations/" and the integration's id.
func (s *Scope) addRoute(r template.Resource, target, key template.Value) {
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
				s.routes[id] = append(s.routes[id], route{r, k.Text, when})
			}
		}
	}
}

// managedRouteKey is the key of the route that quick create made.
func (s *Scope) managedRouteKey(r template.Resource) template.Value {
	if x, ok := r.Properties().Get("ApiId").One(); ok {
		if a, ok := s.API(x); ok && a.ID != "" {
			api, _ := s.t.Resource(a.ID)
			return api.Properties().Get("RouteKey")
		}
	}
	return template.Value{}
}
