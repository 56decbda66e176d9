package caller

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// ServicePrincipal is API Gateway's, in every partition
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
const ServicePrincipal = "apigateway.amazonaws.com"

// Environment is what is known beside the template. Parameter values may
// decide something but are never written out.
type Environment struct {
	Region, Account string            // of the stack; empty: unknown
	Partition       string            // the Region's; empty: unknown
	Parameters      map[string]string // templateParameterValues
	Settled         bool              // their values are those of the one deployment in question, not of one of many
	Documents       map[Location]*template.Template
	Unreadable      map[Location]Unread // why a document is not among Documents
	Elements        []Element           // of the loop that is being read
	Partial         bool                // the template is a part of one: what it names may be elsewhere
	Services        *Catalog            // whose calls are found; nil: API Gateway's
}

// place is what is known of where the template is deployed, by pseudo parameter.
func (e Environment) place() map[string]string {
	var known map[string]string
	for name, value := range map[string]string{"AWS::Region": e.Region, "AWS::AccountId": e.Account, "AWS::Partition": e.Partition} {
		if value != "" {
			if known == nil {
				known = make(map[string]string, 3)
			}
			known[name] = value
		}
	}
	return known
}

// A Scope is the template with the cross references that finders need: which
// functions, APIs, routes and stages there are and how they are named.
type Scope struct {
	t        *template.Template
	env      Environment
	kinds    []*kind             // of the resources that a finder may read; nil for others
	byType   map[string]*kind    // what is known of the types of resources
	own      map[string]*API     // by logical id
	names    map[string][]bearer // FunctionName as text -> the functions that have it
	aliases  map[string][]bearer // function key + ":" + name -> the aliases that have it
	routes   map[string][]route  // integration -> routes
	stages   map[string][]Stage  // API key -> stages
	paths    map[string]restPath // AWS::ApiGateway::Resource -> its path
	loops    int8                // whether there are Fn::ForEach loops: 1 yes, -1 no, 0 nobody has looked
	catalog  *Catalog
	kind     wiredKind         // of the finder at work
	readings map[uri][]reading // URIs that were read before
	calls    *jsonindex.Values[Call]
	found    Found
	guesses  int // how many references were held against all names
}

func newScope(t *template.Template, env Environment) *Scope {
	env.Partition = cmp.Or(env.Partition, template.Partition(env.Region))
	s := &Scope{
		t: t, env: env, catalog: env.Catalog(), byType: map[string]*kind{}, kinds: make([]*kind, len(t.Resources())),
		calls: template.ValuesFor(t, &keptCalls),
	}
	t.Know(env.place())
	connectors := t.MayHave("Connectors")
	var last *kind
	for i, r := range t.Resources() {
		if last == nil || r.Type != last.name { // neighbours often have the same
			last = s.kindOf(r.Type)
		}
		if last.wired || connectors && r.Mentions("Connectors") && r.Get("Connectors").Exists() {
			s.kinds[i] = last
			last.count++
		}
	}
	return s
}

// A kind is a type of resources, as the template has it.
type kind struct {
	name      string
	finders   []wiredKind // that read it
	wired     bool        // it concerns calls
	count     int         // of the resources that are wired
	resources []template.Resource
}

// wired ranges over the resources that may concern calls, with their kinds.
func (s *Scope) wired(yield func(template.Resource, *kind) bool) {
	all := s.t.Resources()
	for i, k := range s.kinds {
		if k != nil && !yield(all[i], k) {
			return
		}
	}
}

func (s *Scope) kindOf(typ string) *kind {
	k := s.byType[typ]
	if k == nil {
		k = &kind{name: typ, finders: s.catalog.byType[typ]}
		k.wired = len(k.finders) > 0 || isWired(typ)
		s.byType[typ] = k
	}
	return k
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

// Template returns the template that the scope is about.
func (s *Scope) Template() *template.Template { return s.t }

// Resources returns the resources of a type, of those that concern calls.
func (s *Scope) Resources(typ string) []template.Resource {
	k := s.byType[typ]
	if k == nil {
		return nil
	}
	if len(k.resources) < k.count {
		k.resources = make([]template.Resource, 0, k.count)
		for r, of := range s.wired {
			if of == k {
				k.resources = append(k.resources, r)
			}
		}
	}
	return k.resources
}

// typeOf returns the type of a resource, "" where there is none with the id.
func (s *Scope) typeOf(id string) string {
	r, _ := s.t.Resource(id)
	return r.Type
}

// isParameter reports whether a name is a parameter or a pseudo parameter.
func (s *Scope) isParameter(name string) bool {
	return strings.HasPrefix(name, "AWS::") || s.t.Section("Parameters").Get(name).Exists()
}

// conditionOf returns the guard of the resources that a text names; ok is
// false where they can't exist together.
func (s *Scope) conditionOf(x template.Text) (g template.Guard, ok bool) {
	ok = true
	for name := range x.Names {
		id, _, _ := strings.Cut(name, ".")
		if r, found := s.t.Resource(id); found && ok {
			g, ok = g.And(r.Condition())
		}
	}
	return g, ok
}

// dangling returns the first name of a text that nothing in the template has.
// SAM makes resources whose ids begin with a function's or an API's.
func (s *Scope) dangling(x template.Text) (string, bool) {
	if s.env.Partial {
		return "", false
	}
	for name := range x.Names {
		id, _, _ := strings.Cut(name, ".")
		if _, ok := s.t.Resource(id); !ok && !s.isParameter(id) && !s.samMade(id) && !s.looped() {
			return id, true
		}
	}
	return "", false
}

// maxID is how long a logical id may be.
const maxID = 255

// samMade reports whether SAM may make a resource of that id: the implicit
// APIs, and what begins with the id of one of SAM's own resources.
func (s *Scope) samMade(id string) bool {
	if strings.HasPrefix(id, "Serverless") {
		for typ, k := range s.byType {
			if k.count > 0 && isSAM(typ) {
				return true
			}
		}
		return false
	}
	for n := range min(len(id), maxID) {
		if r, ok := s.t.Resource(id[:n]); ok && isSAM(r.Type) {
			return true
		}
	}
	return isSAM(s.typeOf(id))
}

func isSAM(typ string) bool { return strings.HasPrefix(typ, "AWS::Serverless::") }

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
