// Package caller finds who calls a Lambda function: every place of a template
// from which a service does. Each kind of place is one [Finder] of a [Service];
// API Gateway's are here, those of the others in package service, which hand
// a property to [Scope.Wire]. A finder returns facts ([Call]) and edits nothing;
// how a call is allowed is not its business.
package caller

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Finder knows one kind of place from which a function is called.
type Finder struct {
	Name  string   // stable, shown to people: "rest-method"
	Doc   string   // one line: which property names the function, under which condition
	Types []string // the resource types it reads
	Find  func(*Scope, template.Resource)

	// Before says that the service tries the permission while the resource is
	// made: the permission must come first.
	Before bool

	// Itself says that the service adds the statement itself.
	Itself bool

	// Watched says that nothing is granted: where the template allows the call,
	// that is seen, and else what to do is told.
	Watched bool
}

// Finders returns all kinds, in the order of their names' appearance in the
// documentation. A new kind is one file and one line here.
func Finders() []Finder {
	return []Finder{
		restMethod, restAuthorizer, restBody,
		httpIntegration, httpAuthorizer, httpBody, quickCreate, managedOverrides,
		samBody, samAuthorizer, samWebSocket, samEvent, samConnector,
	}
}

// A Call is one way in which a service comes to invoke a function.
type Call struct {
	Kind      string   // the finder's name
	Service   *Service // that calls
	Principal string   // its principal: "apigateway.amazonaws.com"
	Access    Access
	Before    bool     // the permission must exist before Resource is made
	Watched   bool     // nothing is granted, see Finder
	Resource  string   // logical id of the resource that wires the call
	Via       []string // logical ids of the resources on the way, nearest first, without API and function
	API       *API     // shared by its calls
	Source    Source
	Target    *function.Target // shared by calls of the same function
	When      template.Guard   // when the call exists
	Credential
	Problem *finding.Finding  // why the function, or what may be granted, can't be known; nil where all is known
	Notes   []finding.Finding // what is worth telling although the call is known

	via   [1]string      // what most calls need of Via
	place template.Value // the property that names the function
	moved jsontext.Pointer
}

// At returns the place of the property that names the function.
func (c *Call) At() jsontext.Pointer {
	if c.moved != "" {
		return c.moved
	}
	return c.place.Pointer()
}

// MoveTo says that the property stands elsewhere than where it was read.
func (c *Call) MoveTo(at jsontext.Pointer) { c.moved = at }

// Credential says with which identity the call is made.
type Credential struct {
	Identity Identity
	Slot     Slot          // where credentials go or stand
	Given    template.Text // the credentials that are there
}

// A Slot is a place for credentials: a member of an object, which may hold
// null, "" or AWS::NoValue already. The zero Slot can't carry any.
type Slot struct {
	holder template.Value
	name   string
	vacant template.Value
}

// Exists reports whether the place can carry credentials.
func (s Slot) Exists() bool { return s.holder.Exists() }

// Vacant reports whether a value stands there that is to be replaced.
func (s Slot) Vacant() bool { return s.vacant.Exists() }

// Pointer returns the place of the credentials.
func (s Slot) Pointer() jsontext.Pointer {
	if s.Vacant() {
		return s.vacant.Pointer()
	}
	return s.holder.Pointer().AppendToken(s.name)
}

// Identity is who API Gateway is when it calls.
type Identity uint8

// The identities of a call.
const (
	AsService   Identity = iota // the service itself: the function's own policy decides
	Role                        // a role that the template gives: its policy decides
	PassThrough                 // the caller's own identity, arn:…:iam::*:user/*
)

// A Source is where a call comes from, as the last component of the source
// ARN has it behind the API's id (domain: arn:P:execute-api:R:A:api/stage/…,
// https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
type Source struct {
	Form  Form
	Stage template.Text // the one stage that makes the call; empty: any
	Route template.Text // Method: "GET/pets/*"; Key: "$default"; Authorizer: its id
	Plain template.Text // Method: the route with its parameters as written, which a statement may name too
	Root  template.Text // Open: the route where what isn't in the template is the root
	Label string        // for people: "GET /pets/{id}"
	Event string        // Full: what happens then, in the service's word for it: "s3:ObjectCreated:*", "PreSignUp"; "" where it has one kind alone
	Open  bool          // a part of the path isn't in the template
	ARN   *SourceARN    // Full: what there is instead of stage and route

	anyStage template.Text // the tail for any stage, as long as it ends in Route
}

// Form tells the shapes of a source ARN apart.
type Form uint8

// The forms of what stands behind the API's id.
const (
	Method     Form = iota // stage/VERB/path
	Key                    // stage/routeKey: WebSocket routes and the HTTP API's $default
	Authorizer             // authorizers/id, without a stage
	Whole                  // anything: the route is not known
	Full                   // no API's: the whole source ARN, see SourceARN
)

// Tail returns what stands behind the API's id for the stage: an empty stage
// is the wildcard.
func (s Source) Tail(stage template.Text) template.Text {
	switch s.Form {
	case Full:
		return s.ARN.Exact
	case Authorizer:
		return template.Join(template.Literal("authorizers/"), s.Route)
	case Whole:
		if len(stage) == 0 {
			return template.Literal("*")
		}
		return template.Join(stage, template.Literal("/*"))
	}
	if len(stage) == 0 {
		if len(s.anyStage) == 1 && len(s.Route) == 1 && s.anyStage[0].Text[2:] == s.Route[0].Text {
			return s.anyStage
		}
		stage = template.Literal("*")
	}
	return template.Join(stage, template.Literal("/"), s.Route)
}

// A Given is a permission that another transform is going to add: SAM, for the
// events and authorizers that it knows.
type Given struct {
	By      string // "SAM, for the event ApiEvent of Fn"
	API     *API
	Tail    template.Text
	Service *Service      // nil: API Gateway
	Source  template.Text // of another service: the source ARN; empty: any of the account
	Access  Access
	Target  function.Target
	When    template.Guard
}

// Found is everything that the finders have to say about a template.
type Found struct {
	Calls    []*Call
	Given    []Given
	Problems []finding.Finding // what concerns no single call: a body that can't be read, a loop
	Full     bool              // there are more than MaxCalls, and some are left out
}

// MaxCalls is how many calls are found at most: every route may be called from
// every stage, so that a template of a megabyte can have a million.
const MaxCalls = 50_000

// Find runs every finder over the template.
func Find(t *template.Template, env Environment) (*Scope, Found) {
	s := newScope(t, env)
	for r := range s.Stack.Read {
		for _, f := range s.catalog.byType[r.Type] {
			s.kind = f
			f.Find(s, r)
		}
	}
	s.implicitAuthorizers()
	s.routesElsewhere()
	return s, s.found
}
