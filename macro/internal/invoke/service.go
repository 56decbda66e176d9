// Package invoke finds the calls of a template: the places by which services come to
// invoke functions, each with its function. What is peculiar to a service is in its
// value ([Service]); a [Finder] makes a [Call] of each property that the service
// hands over. The package changes nothing, and doesn't decide how a call is allowed.
package invoke

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Service invokes functions by their resource policies. Whatever is peculiar to a
// service is in its value, so that no other code knows one by name.
type Service struct {
	Name      string            // stable, for the option Services and reports: "events"
	Title     string            // for people: "Amazon EventBridge"
	Word      string            // for logical ids of permissions that are for several resources: "Events"
	Principal string            // in every partition: "events.amazonaws.com"
	Kinds     []Kind            // the properties by which a template makes it invoke functions
	Spells    map[string]Spells // by resource type: what references to its resources stand for

	// OtherPrincipal returns which of the service's principals another spelling stands
	// for; ok is false where it is none. It is nil where there are no others.
	OtherPrincipal func(principal string, known stack.Facts) (as string, ok bool)

	Public  bool    // it lets everybody in: granted only where the option Services names it
	Token   bool    // its statements may have an EventSourceToken instead of a source
	Origins Origins // of a service whose source ARNs are made of an id and a route; else the zero value

	Definitions Definitions // of a service that reads more than properties
	Advice      Advice
}

// HasOrigins reports whether the source ARNs of the service are made of an origin's
// id and a route.
func (s *Service) HasOrigins() bool { return s.Origins.Named != nil }

// Origins is how a service finds what calls for it, where that has parts: an API
// with its routes and stages. A service sets all of its members, or none.
type Origins struct {
	ARN    template.Text                                                      // what its source ARNs begin with, up to the origin's id
	IDs    int                                                                // how long the ids are at most
	Reads  []string                                                           // what the types of resources begin with that it looks up by itself
	Is     func(typ string) bool                                              // whether resources of a type are such origins
	Named  func(n *Names, x template.Text) (o *Origin, ok bool)               // the one that an id in a source ARN names; ok is false where it refers to nothing
	Spells func(n *Names, r template.Resource, att string) []template.Variant // what a reference stands for, where conditions choose
	Finish func(f *Finder)                                                    // finds what needs the calls of all kinds, after them
	Widen  func(calls iter.Seq[*Call]) Widener                                // how sources are widened, in a template with such calls

	Opened   func(r template.Resource) (id string, ok bool) // the origin that a resource makes callable, by its logical id
	Redeploy func(n *Names, key string) Redeployment        // of the origin with a key, see Redeployment
}

// A Redeployment is what makes an origin use changed credentials: new logical ids of
// its snapshots (API Gateway's deployments). The zero value says that it uses them at
// once.
type Redeployment struct {
	Snapshots []template.Resource // they get a new logical id, which is made of the content of Of
	Of        []template.Resource // what they are snapshots of
	Missing   *finding.Finding    // where the template has no snapshot; else nil
}

// A Kind is one kind of property by which a function is invoked.
type Kind struct {
	Name  string   // stable, shown to people: "rest-method"
	Doc   string   // one line: which property names the function, under which condition
	Types []string // the resource types it reads
	Find  func(*Finder, template.Resource)

	// Before says that the service tries the permission while the resource is
	// made: the permission must come first.
	Before bool

	// Itself says that the service adds the statement itself.
	Itself bool

	// Watched says that nothing is granted: the call is only reported, with what to
	// do where the template doesn't allow it.
	Watched bool
}

// Granted reports whether calls of the service are ever granted: only then it is
// a value of the option Services.
func (s *Service) Granted() bool {
	for _, k := range s.Kinds {
		if !k.Watched && !k.Itself {
			return true
		}
	}
	return false
}

// Spells returns what Ref (an empty attribute) or Fn::GetAtt of a resource stands
// for, as far as the template says it: names as they are written, ARNs in the
// stack's own partition, Region and account, so that source ARNs can be compared in
// every spelling. ok is false where nothing more is known than the reference itself.
// [Names.Canonical] follows the references in x, so that a Spells must not call it: it
// would never end where resources refer to themselves.
type Spells func(n *Names, r template.Resource, attribute string) (x template.Text, ok bool)
