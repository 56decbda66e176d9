package caller

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// The reasons about routes and about where a URI leads.
var (
	SAMFails = finding.Reason{Name: "sam-fails", Severity: finding.Fault,
		Sentence: "SAM adds a permission for the function, which is in another account or Region, and the stack fails",
		Hint:     "set DisableFunctionDefaultPermissions: true on the authorizer"}
	KeyPattern = finding.Reason{Name: "key-pattern", Severity: finding.Info,
		Sentence: "the route's key has * or ?, which a source ARN takes for any text: the grant is wider than the route",
		Hint:     "nothing, where the wider grant is acceptable"}
	RouteElsewhere = finding.Reason{Name: "route-elsewhere", Severity: finding.Info,
		Sentence: "the route's integration is not in this template, and what it calls can't be known here",
		Hint:     "nothing, where the template that has the integration grants it"}
)

func routeReasons() []finding.Reason {
	return []finding.Reason{SAMFails, KeyPattern, RouteElsewhere}
}

// HidesCalls reports whether calls may lie where the finding is that nobody can
// know: a definition that can't be read, a loop, a route that leads elsewhere.
func HidesCalls(p finding.Finding) bool {
	return slices.ContainsFunc([]finding.Reason{OpaqueBody, ExternalBody, LiveAPI, Loop, RouteElsewhere, MaybeFunction},
		func(r finding.Reason) bool { return r.Name == p.Name })
}
