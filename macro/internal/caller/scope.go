package caller

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// ServicePrincipal is API Gateway's, in every partition
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
const ServicePrincipal = "apigateway.amazonaws.com"

// Environment is what is known beside the template.
type Environment struct {
	stack.Facts
	Documents  map[Location]*template.Template
	Unreadable map[Location]Unread // why a document is not among Documents
	Services   *Catalog            // whose calls are found; nil: API Gateway's
}

// A Scope is the template with the cross references that finders need: which
// functions, APIs, routes and stages there are and how they are named.
type Scope struct {
	*function.Names
	t       *template.Template
	env     Environment
	own     map[string]*API     // by logical id
	routes  map[string][]route  // integration -> routes
	stages  map[string][]Stage  // API key -> stages
	paths   map[string]restPath // AWS::ApiGateway::Resource -> its path
	catalog *Catalog
	kind    wiredKind // of the finder at work
	calls   *jsonindex.Values[Call]
	found   Found
}

func newScope(t *template.Template, env Environment) *Scope {
	catalog := env.Catalog()
	return &Scope{Names: function.Of(stack.New(t, env.Facts, catalog.Reads)), t: t, env: env, catalog: catalog,
		calls: template.ValuesFor(t, &keptCalls)}
}

// isWired reports whether the type is one that finders look up by themselves:
// functions, their aliases and permissions, and what an API is made of.
func isWired(typ string) bool {
	rest, _ := strings.CutPrefix(typ, "AWS::")
	service, _, _ := strings.Cut(rest, "::")
	switch service {
	case "Lambda", "Serverless", "ApiGateway", "ApiGatewayV2":
		return len(rest) < len(typ)
	}
	return false
}

// keptCalls keeps the memory of those of former templates.
var keptCalls jsonindex.Store[Call]

// What a call costs, see package budget.
const callSteps, callBytes = 20, 600

// add records a call where it can exist at all.
func (s *Scope) add(c *Call) {
	s.t.Budget().Spend(callSteps)
	c.Kind, c.Service, c.Before, c.Watched = s.kind.Name, s.kind.service, s.kind.Before, s.kind.Watched
	c.Principal = cmp.Or(c.Principal, c.Service.Principal)
	when, ok := c.When.And(c.API.When)
	if ok {
		when, ok = when.And(c.Target.When)
	}
	if !ok || !s.t.Possible(when) {
		return
	}
	if (c.Problem != nil || c.Target.Elsewhere()) && !s.t.PossibleHere(when) {
		return // nothing to tell of what can't be where the template is deployed
	}
	if len(s.found.Calls) == MaxCalls {
		s.found.Full = true
		return
	}
	if s.found.Calls == nil {
		s.found.Calls = make([]*Call, 0, 16)
	}
	s.t.Budget().Keep(callBytes)
	c.When = s.t.Simplify(when)
	s.found.Calls = append(s.found.Calls, c)
}

func (s *Scope) problem(r finding.Reason, at jsontext.Pointer, detail string) {
	s.found.Problems = append(s.found.Problems, finding.Finding{Reason: r, At: at, Detail: detail})
}
