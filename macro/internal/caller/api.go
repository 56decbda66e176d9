package caller

import (
	"cmp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// An API is the one that makes a call.
type API struct {
	ID       string        // its logical id, "" where it isn't in the template
	Name     template.Text // how its id is written
	Key      string        // equal for all spellings of the same API; of the template's own one a symbol, which no text equals
	Protocol Protocol
	When     template.Guard
}

// Mark is what the ids of grants have of the API: its logical id, or else its key.
func (a *API) Mark() string {
	if a.ID != "" {
		return a.ID
	}
	return a.Key
}

// Protocol tells the kinds of API apart.
type Protocol uint8

// The protocols.
const (
	AnyProtocol Protocol = iota // not known: the API is not in the template
	REST
	HTTP
	WebSocket
)

func (p Protocol) String() string { return [...]string{"API", "REST", "HTTP", "WebSocket"}[p] }

var apiTypes = map[string]Protocol{
	"AWS::ApiGateway::RestApi":      REST,
	"AWS::ApiGatewayV2::Api":        HTTP,
	"AWS::Serverless::Api":          REST,
	"AWS::Serverless::HttpApi":      HTTP,
	"AWS::Serverless::WebSocketApi": WebSocket,
}

// implicitAPIs are the ones that SAM makes for events without an API.
var implicitAPIs = map[string]Protocol{"ServerlessRestApi": REST, "ServerlessHttpApi": HTTP}

// ownAPI is the API that a resource is.
func (s *Scope) ownAPI(r template.Resource) *API {
	if a, ok := s.own[r.ID]; ok {
		return a
	}
	a := &API{ID: r.ID, Name: template.RefTo(r.ID), Key: stack.Key(r.ID), Protocol: apiTypes[r.Type], When: r.Condition()}
	if r.Type == "AWS::Serverless::WebSocketApi" {
		a.Name = template.AttOf(r.ID, "ApiId")
	}
	if p, _ := r.Properties().Get("ProtocolType").Text(); p == "WEBSOCKET" {
		a.Protocol = WebSocket
	}
	if s.own == nil {
		s.own = map[string]*API{}
	}
	s.own[r.ID] = a
	return a
}

// An apiVariant is an API that a property can name.
type apiVariant struct {
	*API
	when template.Guard
	ok   bool // the reference leads somewhere
}

// ofType is an API that isn't in the template as a resource of the type has it:
// AWS::ApiGateway makes parts of REST APIs alone.
func ofType(a *API, resource string) *API {
	if a.Protocol != AnyProtocol || len(a.Name) == 0 || !strings.HasPrefix(resource, "AWS::ApiGateway::") {
		return a
	}
	rest := *a
	rest.Protocol = REST
	return &rest
}

// apis appends what RestApiId or ApiId names.
func (s *Scope) apis(out []apiVariant, v template.Value) []apiVariant {
	if p, ok := v.Part(); ok && p.Kind != template.Lit {
		if a, ok := s.referredAPI(p); ok {
			return append(out, apiVariant{API: a, ok: true})
		}
	}
	for _, x := range v.Variants() {
		if x.Absent {
			out = append(out, apiVariant{API: &API{}, when: x.When})
			continue
		}
		a, ok := s.API(x.Text)
		out = append(out, apiVariant{a, x.When, ok})
	}
	return out
}

// API resolves the text of an API's id. An id that isn't in the template is
// its own key. ok is false where the text refers to nothing.
func (s *Scope) API(x template.Text) (a *API, ok bool) {
	if p, single := x.Single(); single && p.Kind != template.Opaque {
		if a, ok := s.referredAPI(p); ok {
			return a, true
		}
	}
	if _, lost := s.Dangling(x); lost || len(x) == 0 || wrongAPI(x) != "" {
		return &API{Name: x, Key: x.Key()}, false
	}
	when, ok := s.ConditionOf(x)
	return &API{Name: x, Key: x.Key(), When: when}, ok
}

// wrongAPI tells why a text can be no API's id, as far as it is literal.
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
func (s *Scope) referredAPI(p template.Part) (*API, bool) {
	id, attribute, _ := strings.Cut(p.Text, ".")
	if r, found := s.t.Resource(id); found {
		_, isAPI := apiTypes[r.Type]
		if !isAPI || attribute != "" && attribute != "RestApiId" && attribute != "ApiId" {
			return nil, false
		}
		return s.ownAPI(r), true
	}
	protocol, implicit := implicitAPIs[id]
	if !implicit || !s.MadeBySAM(id) {
		return nil, false
	}
	return &API{ID: id, Name: template.RefTo(id), Key: stack.Key(id), Protocol: protocol}, true
}
