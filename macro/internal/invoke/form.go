package invoke

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

// A Form is one of the forms that a service's routes have in a source ARN. Each is
// one variable of the service, which is never changed and is compared by address.
type Form struct {
	Stageless bool          // without a stage before the route
	Asks      bool          // the function is an authorizer: it decides who may call
	Guess     template.Text // shown instead of the route, which has an id that the template can't know; empty: the route
}

// AnyRoute is the form of a source that stands for all calls of its origin. It has no
// route.
var AnyRoute = &Form{}

// Staged reports whether the call comes from a stage of its origin, so that a
// statement may name one.
func (s *Source) Staged() bool { return s.ARN == nil && (s.Form == nil || !s.Form.Stageless) }
