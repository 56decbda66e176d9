package grant

import (
	"cmp"
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
)

// Estimates returns the sizes that all policies will have, with the statements that are
// added, sorted by function.
func Estimates(existing statement.Existing, docs []*Policy) []Estimate {
	list := make([]Estimate, 0, len(docs)+len(existing.Sizes))
	add := func(id string, now, x statement.Size) {
		list = append(list, Estimate{Function: id, Statements: x.Statements, Bytes: policy.Bytes(x.Bytes, x.Statements),
			Present: Share{now.Statements, policy.Bytes(now.Bytes, now.Statements)}})
	}
	var grows map[string]bool
	for _, doc := range docs {
		x, is := existing.Sizes[doc.ID]
		if is && grows == nil {
			grows = make(map[string]bool, len(existing.Sizes))
		}
		if is {
			grows[doc.ID] = true
		}
		now := x
		if doc.Whole {
			list = append(list, Estimate{Function: doc.ID, Statements: len(StatementsOf(doc.Wants)), Bytes: doc.bytes, Whole: true})
			continue
		}
		for _, w := range doc.Wants {
			x.Statements++
			x.Bytes += w.size
		}
		add(doc.ID, now, x)
	}
	for id, x := range existing.Sizes {
		if !grows[id] {
			add(id, x, x)
		}
	}
	slices.SortFunc(list, func(a, b Estimate) int { return cmp.Compare(a.Function, b.Function) })
	return list
}

// sizes estimates how long statements get. What neighbours have in common is
// estimated once.
type sizes struct {
	statement.Lengths
	origin *invoke.Origin // of the last want
	before int            // the length of what precedes its tail
}

// statement is the size of a want's statement; function is the length of its
// function's ARN.
func (z *sizes) statement(w *Want, function int) int {
	st := policy.Lengths{
		Principal: len(w.Call.Principal),
		Function:  function,
		Account:   w.SourceAccount,
	}
	st.Source = z.source(w)
	return st.Size()
}

// source is the length of a want's source ARN, 0 where it has none.
func (z *sizes) source(w *Want) int {
	if w.Call.Source.ARN != nil {
		return z.ARN(w.spelled)
	}
	if w.Call.Origin != z.origin {
		z.origin, z.before = w.Call.Origin, z.Before(w.Call.Service, w.Call.Origin)
	}
	return z.before + z.Tail(w.Tail)
}
