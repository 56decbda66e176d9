package engine

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// firstUnknown is the error of OnUnknown: fail: the calls that can't be known or
// can't be granted from this stack, and the places where calls may lie that can't
// be known. What is wrong with permissions fails no deployment.
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

// Hidden are the findings that somebody should act on about places where calls
// may lie that can't be known.
func (r *Result) Hidden() []finding.Finding {
	var out []finding.Finding
	for _, p := range r.Problems {
		if p.Severity.Matters() && p.Hides {
			out = append(out, p)
		}
	}
	return out
}
