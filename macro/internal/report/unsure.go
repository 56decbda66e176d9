package report

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
)

// Unsure returns the findings about calls that can't be known, and about parts of the
// template that can't be read and may make calls, or that a parameter's value turns into
// calls; not those about functions elsewhere.
func (t Template) Unsure() []Finding {
	return slices.DeleteFunc(slices.Clone(t.Findings), func(f Finding) bool {
		if f.Name == invoke.MaybeFunction.Name {
			return f.About == "" // else the value decides whether there is a call
		}
		return !f.Fails || len(f.calls) > 0 && !slices.ContainsFunc(f.calls, func(i int) bool { return t.Result.Decisions[i].Verdict == grant.Unknown })
	})
}

// Differs returns the first call on which another report decides differently: its place in
// the file, and as messages have it. differs is false where a report has no result.
func (t Template) Differs(there Template) (at Place, call string, differs bool) {
	if t.Result == nil || there.Result == nil {
		return Place{}, "", false
	}
	for i, d := range t.Result.Decisions {
		if i < len(there.Result.Decisions) && there.Result.Decisions[i].Verdict != d.Verdict {
			return t.place(d.Call.At()), finding.Place(d.Call.At()), true
		}
	}
	return Place{}, "", false
}
