package report

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// A View is what is decided about a call where its template is seen together
// with the others of its application.
type View struct {
	At       jsontext.Pointer // of the call, in its own template
	Decision grant.Decision
}

// Whole returns the report with what the application's other templates add: a permission
// there may allow a call here, and a function from there has a name. A call of a template
// that makes several stacks is allowed if it is in each. name returns the name of an id of
// the application.
func (t Template) Whole(views []View, name func(id string) string) Template {
	if t.Result == nil || len(views) == 0 {
		return t
	}
	type key struct {
		at    jsontext.Pointer
		label string
	}
	seen := map[key][]grant.Decision{}
	for _, v := range views {
		k := key{v.At, v.Decision.Call.Source.Label}
		seen[k] = append(seen[k], v.Decision)
	}
	r := *t.Result
	r.Decisions = slices.Clone(r.Decisions)
	for i, d := range r.Decisions {
		if all := seen[key{d.Call.At(), d.Call.Source.Label}]; len(all) > 0 {
			r.Decisions[i] = t.whole(d, worst(all), name)
		}
	}
	return New(t.File, &r, t.Err, t.Macro, t.place, t.readings...)
}

// worst is the worst of several decisions on a call.
func worst(all []grant.Decision) grant.Decision {
	rank := func(d grant.Decision) int {
		switch d.Verdict {
		case grant.Added, grant.RoleAdded:
			return 2
		case grant.Allowed:
			return 0
		}
		return 1
	}
	return slices.MaxFunc(all, func(a, b grant.Decision) int { return rank(a) - rank(b) })
}

// whole is the decision on a call, seen together with the application.
func (t Template) whole(d, seen grant.Decision, name func(id string) string) grant.Decision {
	undecided := d.Verdict == grant.Unknown || d.Verdict == grant.Added || d.Verdict == grant.RoleAdded
	switch {
	case undecided && seen.Verdict == grant.Allowed:
		d.Verdict, d.Problem, d.By = grant.Allowed, nil, make([]string, len(seen.By))
		for i, id := range seen.By {
			d.By[i] = name(id)
		}
	case d.Verdict == grant.Unknown && seen.Verdict == grant.Added && !t.Macro: // the macro wouldn't know it
		d.Verdict, d.Problem = grant.Added, nil
	}
	if d.Call.Target.Function == "" && seen.Call.Target.Function != "" {
		call, target := *d.Call, *d.Call.Target
		target.Function, target.Qualifier = name(seen.Call.Target.Function), seen.Call.Target.Qualifier
		call.Target = &target
		d.Call = &call
	}
	return d
}
