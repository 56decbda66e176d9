// Package invoke connects the places of a template from which services come to
// invoke functions with those functions. What is peculiar to a service is told by
// its value ([Service]); the one machine ([Finder]) makes calls ([Call]) of the
// properties that the service hands over. It returns facts and edits nothing; how
// a call is allowed is not its business.
package invoke

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Service invokes functions by their resource policies. Whatever is peculiar
// to it is told by its value, so that nobody else knows one.
type Service struct {
	Name      string            // stable: the option Services and reports have it, "events"
	Title     string            // for people: "Amazon EventBridge"
	Word      string            // in logical ids, where a permission is for no one resource: "Events"
	Principal string            // in every partition: "events.amazonaws.com"
	Kinds     []Kind            // the places where a template wires it
	Spells    map[string]Spells // by resource type: what references to its resources stand for

	// Speaks tells which of its principals another spelling stands for; nil
	// where Principal has no other.
	Speaks func(principal string, known stack.Facts) (as string, ok bool)

	Public  bool    // it lets everybody in: granted only where the option Services names it
	Token   bool    // its statements may have an EventSourceToken in the place of a source
	Origins Origins // of a service whose source ARNs are put together of an id and what is called there

	Definitions Definitions // of a service that reads more than properties
	Advice      Advice
}

// HasOrigins reports whether the source ARNs of the service are put together of an
// origin's id and what is called there.
func (s *Service) HasOrigins() bool { return s.Origins.Named != nil }

// Origins is how a service finds what calls for it, where that has parts: an API
// with its routes and stages. A service tells all of it, or nothing.
type Origins struct {
	ARN    template.Text                                                      // what its source ARNs begin with, up to the origin's id
	IDs    int                                                                // how long the ids are at most
	Reads  []string                                                           // what the types of resources begin with that it looks up by itself
	Is     func(typ string) bool                                              // whether resources of a type are such origins
	Named  func(n *Names, x template.Text) (o *Origin, ok bool)               // which one an id in a source ARN names; ok is false where it refers to nothing
	Spells func(n *Names, r template.Resource, att string) []template.Variant // what a reference stands for, where conditions choose
	Finish func(f *Finder)                                                    // what is to be found when all kinds have been through
	Widen  func(calls iter.Seq[*Call]) Widener                                // how their sources get wider, in a template with such calls

	Opened   func(r template.Resource) (id string, ok bool) // the origin that a resource makes callable, by its logical id
	Redeploy func(n *Names, key string) Redeployment        // what makes an origin take changed credentials, by its key
}

// A Redeployment is what makes an origin take changed credentials. The zero value
// says that it takes them by itself.
type Redeployment struct {
	Snapshots []template.Resource // they get a new logical id, which changes with what they are of
	Of        []template.Resource
	Missing   *finding.Finding // what there is to tell where the template has nothing that does
}

// A Kind is one kind of place from which a function is called.
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

	// Watched says that nothing is granted: where the template allows the call,
	// that is seen, and else what to do is told.
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

// Spells tells what Ref (an empty attribute) or Fn::GetAtt of a resource stands
// for, as far as the template knows it: names as they are written, ARNs in the
// stack's own partition, Region and account. So source ARNs can be compared
// however they are spelled. ok is false where nothing more is known than the
// reference itself.
type Spells func(n *Names, r template.Resource, attribute string) (x template.Text, ok bool)
