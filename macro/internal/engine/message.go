package engine

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// firstUnknown returns the error of OnUnknown: fail: the calls that can't be known or
// can't be granted from this stack, and the places where there may be calls that
// can't be seen. Findings about permissions don't fail a deployment.
func (r *Result) firstUnknown() error {
	var all finding.Errors
	for _, dec := range r.Decisions {
		if dec.Problem != nil && (dec.Verdict == grant.Unknown || dec.Verdict == grant.Elsewhere) {
			all = append(all, *dec.Problem)
		}
	}
	all = append(all, r.Hidden()...)
	if len(all) == 0 {
		return nil
	}
	return all
}

// Hidden returns the findings to act on about places where there may be calls that
// can't be seen.
func (r *Result) Hidden() []finding.Finding {
	var out []finding.Finding
	for _, p := range r.Problems {
		if p.Severity.Matters() && p.Hides {
			out = append(out, p)
		}
	}
	return out
}
