package invoke

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

// A Form is one of the forms that a service's routes have in a source ARN. The
// service tells its own as values that nobody changes, and knows them again by
// their addresses.
type Form struct {
	Stageless bool          // no stage stands before the route
	Asks      bool          // its function says who may call, and answers no call itself
	Guess     template.Text // for people, where the route holds an id that the template can't know; empty: the route
}

// AnyRoute is the form of a source that is whatever its origin calls: it has no
// route of its own.
var AnyRoute = &Form{}

// Staged reports whether the call comes from a stage of its origin, so that a
// statement may name one.
func (s *Source) Staged() bool { return s.ARN == nil && (s.Form == nil || !s.Form.Stageless) }
