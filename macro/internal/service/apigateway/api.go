package apigateway

import (
	"cmp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The kinds of API, for [invoke.Origin]. An API that isn't in the template may be of any.
const (
	REST      = "REST"
	HTTP      = "HTTP"
	WebSocket = "WebSocket"
)

var apiTypes = map[string]string{
	"AWS::ApiGateway::RestApi":      REST,
	"AWS::ApiGatewayV2::Api":        HTTP,
	"AWS::Serverless::Api":          REST,
	"AWS::Serverless::HttpApi":      HTTP,
	"AWS::Serverless::WebSocketApi": WebSocket,
}

// implicitAPIs are those that SAM makes for events without an API.
var implicitAPIs = map[string]string{"ServerlessRestApi": REST, "ServerlessHttpApi": HTTP}

func isAPI(typ string) bool { return apiTypes[typ] != "" }

// apiOf is the API that a resource is.
func (g *gateway) apiOf(r template.Resource) *invoke.Origin { return g.OriginOf(r, ownAPI) }

func ownAPI(r template.Resource) *invoke.Origin {
	a := &invoke.Origin{ID: r.ID, Name: template.RefTo(r.ID), Key: stack.Key(r.ID), Kind: apiTypes[r.Type], When: r.Condition()}
	if r.Type == sam.WebSocketAPI {
		a.Name = template.AttOf(r.ID, "ApiId")
	}
	if p, _ := r.Properties().Get("ProtocolType").Text(); p == "WEBSOCKET" {
		a.Kind = WebSocket
	}
	return a
}

// An apiVariant is an API that a property can name.
type apiVariant struct {
	*invoke.Origin
	when template.Guard
	ok   bool // the reference leads somewhere
}

// ofType is an API that isn't in the template, with the kind that the type of a resource
// of it tells: AWS::ApiGateway resources are parts of REST APIs only.
func ofType(a *invoke.Origin, resource string) *invoke.Origin {
	if a.Kind != "" || len(a.Name) == 0 || !strings.HasPrefix(resource, "AWS::ApiGateway::") {
		return a
	}
	rest := *a
	rest.Kind = REST
	return &rest
}

// apis appends the APIs that RestApiId or ApiId names.
func (g *gateway) apis(out []apiVariant, v template.Value) []apiVariant {
	if p, ok := v.Part(); ok && p.Kind != template.Lit {
		if a, ok := g.referredAPI(p); ok {
			return append(out, apiVariant{Origin: a, ok: true})
		}
	}
	for _, x := range v.Variants() {
		if x.Absent {
			out = append(out, apiVariant{Origin: &invoke.Origin{}, when: x.When})
			continue
		}
		a, ok := g.api(x.Text)
		out = append(out, apiVariant{a, x.When, ok})
	}
	return out
}

// api resolves the text of an API's id. An id that isn't in the template is
// its own key. ok is false where the text refers to nothing.
func (g *gateway) api(x template.Text) (a *invoke.Origin, ok bool) {
	if p, single := x.Single(); single && p.Kind != template.Opaque {
		if a, ok := g.referredAPI(p); ok {
			return a, true
		}
	}
	return otherAPI(g.Names, x)
}

// namedAPI is api without a finder.
func namedAPI(n *invoke.Names, x template.Text) (a *invoke.Origin, ok bool) {
	if p, single := x.Single(); single && p.Kind != template.Opaque {
		if r, implicit := apiResource(n, p); r.Exists() {
			return ownAPI(r), true
		} else if implicit != nil {
			return implicit, true
		}
	}
	return otherAPI(n, x)
}

// otherAPI is the API of an id that isn't in the template.
func otherAPI(n *invoke.Names, x template.Text) (a *invoke.Origin, ok bool) {
	if _, lost := n.Dangling(x); lost || len(x) == 0 || wrongAPI(x) != "" {
		return &invoke.Origin{Name: x, Key: x.Key()}, false
	}
	when, ok := n.ConditionOf(x)
	return &invoke.Origin{Name: x, Key: x.Key(), When: when}, ok
}

// wrongAPI returns why a text can't be an API's id, as far as it is literal; "" where it
// may be one.
func wrongAPI(x template.Text) string {
	for _, p := range x.Visible() {
		if p.Kind == template.Opaque && p.Expr.Exists() && !p.Expr.IsExpression() {
			return "an object that is no function of CloudFormation"
		}
		if p.Kind == template.Lit && strings.ContainsAny(p.Text, "/:*?{}$ \n\r\t") {
			wrong, _ := function.WrongText(x)
			return cmp.Or(wrong, "“"+p.Text+"” is no API's id")
		}
	}
	return ""
}

// referredAPI is the API of the template that a Ref or Fn::GetAtt names.
func (g *gateway) referredAPI(p template.Part) (*invoke.Origin, bool) {
	if a, ok := g.Made(p.Text); ok { // nearly always
		return a, true
	}
	r, implicit := apiResource(g.Names, p)
	if r.Exists() {
		return g.apiOf(r), true
	}
	return implicit, implicit != nil
}

// apiResource is the resource of the API that a Ref or Fn::GetAtt names, or the API that
// SAM is going to make.
func apiResource(n *invoke.Names, p template.Part) (r template.Resource, implicit *invoke.Origin) {
	id, attribute, _ := strings.Cut(p.Text, ".")
	if r, found := n.Template().Resource(id); found {
		if !isAPI(r.Type) || attribute != "" && attribute != "RestApiId" && attribute != "ApiId" {
			return template.Resource{}, nil
		}
		return r, nil
	}
	kind, is := implicitAPIs[id]
	if !is || !n.MadeBySAM(id) {
		return r, nil
	}
	return r, &invoke.Origin{ID: id, Name: template.RefTo(id), Key: stack.Key(id), Kind: kind}
}

// nameAPI adds to the problem that an API is missing which one was named, and which may
// have been meant.
func (g *gateway) nameAPI(p *finding.Finding, a apiVariant) {
	if p == nil || p.Name != NoAPI.Name || p.Detail != "" {
		return
	}
	if id, lost := g.Dangling(a.Name); lost {
		p.Detail, p.Hint, p.About = id+" is not in the template", g.Meant(id, isAPI), id
	}
}
