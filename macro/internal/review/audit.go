// Package review finds mistakes in what the author has written: permissions that
// nothing uses, that are there twice, or allow more than is needed or nearly what a call
// needs; integrations and roles that fail. Nothing is decided by it.
package review

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Audit returns findings about the permissions of the template: which nothing uses, which
// are there twice, which allow more than is needed. Those in near are left out. Nothing is
// decided by it: the local tool calls it, the macro doesn't.
func Audit(v *statement.View, existing statement.Existing, decisions []grant.Decision, problems []finding.Finding, near []NearMiss) []finding.Finding {
	v.Template.Limit(nil) // the local tool may take longer than an event
	a := audit{View: v, existing: existing, decisions: decisions, complete: true, partly: map[string]bool{}, unsureOrigins: map[string]bool{}, added: map[string]bool{}, near: map[string]bool{}, awaited: map[string]bool{}, passed: map[string]map[int]bool{}}
	for _, n := range near {
		a.near[n.ID] = true
	}
	for _, p := range problems {
		a.complete = a.complete && !p.Hides
	}
	a.tooEarly()
	a.readWaiting()
	for _, dec := range decisions {
		if c := dec.Call; statement.Unsure(c.Target) {
			a.unsureOrigins[c.Origin.Key] = true
		}
		if dec.Verdict == grant.Added {
			a.added[dec.Call.Origin.Key] = true
		}
		if key := dec.Call.Target.Key; dec.Verdict == grant.Unknown && key != "" {
			a.partly[key] = true
		} else if dec.Verdict == grant.Unknown {
			a.complete = false
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.existing.Findings)) {
		if !a.near[id] { // else the near miss says it, and for which call
			a.out = append(a.out, a.existing.Findings[id]...)
		}
	}
	var ids []string
	for id := range a.existing.ByTarget {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		a.function(id, a.existing.ByTarget[id])
	}
	a.besides()
	return slices.CompactFunc(a.out, func(x, y finding.Finding) bool { return x == y })
}

// An audit is the state of one Audit.
type audit struct {
	*statement.View
	existing      statement.Existing
	decisions     []grant.Decision
	complete      bool                    // every call's function is known, so that a permission that no call uses is unused
	partly        map[string]bool         // keys of functions with a call of which something else isn't known
	unsureOrigins map[string]bool         // keys of the origins with a call whose function isn't known
	added         map[string]bool         // keys of the origins with a call that nothing allows yet
	near          map[string]bool         // logical ids of permissions that are near misses
	awaited       map[string]bool         // logical ids that a DependsOn lists
	passed        map[string]map[int]bool // by logical id: the custom resources and nested stacks that refer to it
	given         []statement.Statement   // SAM's, for the function that is audited
	out           []finding.Finding
}

// A user is a call that a function's policy must allow, and the needs any of which a
// statement for it may match.
type user struct {
	call  *invoke.Call
	label string
	needs []statement.Need
}

// function audits the statements of one function and qualifier, in the order of the
// template's permissions. One permission may have several statements.
func (a *audit) function(id string, list []statement.Statement) {
	list = slices.DeleteFunc(slices.Clone(list), func(st statement.Statement) bool { return st.Copy })
	if len(list) == 0 {
		return
	}
	a.given = slices.DeleteFunc(slices.Clone(list), func(st statement.Statement) bool { return st.At.Exists() })
	var users []user
	for _, dec := range a.decisions {
		if c := dec.Call; c.Identity == invoke.AsService && list[0].IsFor(id, c.Target) {
			users = append(users, a.user(c))
		}
	}
	complete := a.complete
	for key := range a.partly {
		complete = complete && id != key && !strings.HasPrefix(id, key+":")
	}
	for start := 0; start < len(list); {
		end := start + 1
		for end < len(list) && list[end].By == list[start].By {
			end++
		}
		a.permission(list[:start], list[start:end], users, complete)
		start = end
	}
}

func (a *audit) user(c *invoke.Call) user {
	if c.Source.ARN != nil {
		return user{call: c, label: c.Source.Label, needs: []statement.Need{a.FullNeed(c)}}
	}
	u := user{call: c, label: c.Source.Label, needs: []statement.Need{statement.NewNeed(c, c.Source.Stage)}}
	for _, stage := range c.Stages() {
		u.needs = append(u.needs, statement.NewNeed(c, stage.Name))
	}
	return u
}

// permission audits the statements of one permission against those before it
// and the calls of its function.
func (a *audit) permission(before, own []statement.Statement, users []user, complete bool) {
	r, ok := a.Template.Resource(own[0].By)
	if !ok {
		return // SAM's grant
	}
	for _, st := range own {
		a.out = append(a.out, st.Notes...)
	}
	if i := a.duplicate(before, own); i >= 0 {
		a.say(repeated, r, before[i].By)
		return
	}
	awaited := a.awaited[r.ID]
	if i := a.samIncludes(own); i >= 0 && !awaited { // nothing can wait for SAM's
		a.say(repeated, r, a.given[i].By)
		return
	}
	var routes []string
	wide, watched := false, 0
	for _, st := range own {
		exact := len(st.Notes) > 0 // its notes say already that it is wide
		n := len(routes)
		for _, u := range users {
			if fits, same := u.uses(&st); fits {
				routes, exact = append(routes, u.label), exact || same
				if u.call.Kind.Watched {
					watched++
				}
			}
		}
		wide = wide || !exact && len(routes) > n
	}
	switch {
	case a.near[r.ID]: // the near miss says more
	case len(routes) == 0 && len(a.existing.Findings[r.ID]) > 0:
		// they say why it is unused
	case len(routes) == 0 && complete && a.inside(own) && !awaited && !a.passedOn(own):
		a.say(unused, r, "")
	case wide:
		f := finding.Finding{Reason: wider, At: r.Pointer()}
		switch watched {
		case 0:
		case len(routes):
			f.Hint = "narrow it, or nothing; the macro grants none of these calls"
		default:
			f.Hint = "narrow it, or nothing; the macro grants some of these calls only"
		}
		slices.Sort(routes)
		f.Detail = "needed for " + strings.Join(slices.Compact(routes), ", ")
		a.out = append(a.out, f)
	}
}

// uses reports whether a statement allows what the call needs, and whether the call
// needs all that it allows.
func (u user) uses(st *statement.Statement) (fits, all bool) {
	if !st.Serves(u.call) {
		return false, false
	}
	pattern := st.Pattern
	if a := u.call.Source.ARN; a != nil && len(a.Exact) == 0 && st.AnySource() { // no exact source can be written
		return true, true
	}
	for _, n := range u.needs {
		all = all || pattern == n.Literal || pattern == n.Root || statement.Covers(n.Pattern, pattern)
		fits = fits || all || statement.Covers(pattern, n.Pattern) || statement.Covers(pattern, n.Literal) || n.Root != "" && statement.Covers(pattern, n.Root)
	}
	return fits, all
}

// duplicate returns the index of an earlier statement that allows the same as a
// permission, or -1. A permission with several statements has none.
func (a *audit) duplicate(before, own []statement.Statement) int {
	if len(own) != 1 {
		return -1
	}
	return slices.IndexFunc(before, func(x statement.Statement) bool {
		return x.Pattern == own[0].Pattern && x.Includes(&own[0]) && a.Template.Implies(own[0].When, x.When)
	})
}

// samIncludes returns the index in given of a statement of SAM's that allows all that a
// permission does, or -1.
func (a *audit) samIncludes(own []statement.Statement) int {
	if len(own) != 1 {
		return -1
	}
	return slices.IndexFunc(a.given, func(x statement.Statement) bool {
		return x.Includes(&own[0]) && a.Template.Implies(own[0].When, x.When)
	})
}

// inside reports whether the sources of the statements are resources of the template,
// so that all calls from there are known.
func (a *audit) inside(list []statement.Statement) bool {
	return !slices.ContainsFunc(list, func(st statement.Statement) bool {
		if strings.Contains(st.Pattern, statement.HeadEnd) {
			return !a.mentions(st.Pattern)
		}
		symbol, ok := strings.CutPrefix(st.Pattern, "\x01\x01")
		id, _, _ := strings.Cut(symbol, "\x02")
		_, own := a.Template.Resource(id)
		key := "\x01" + id + "\x02"
		own = own || strings.HasPrefix(id, "Serverless") && a.Scope.MadeBySAM(id) // the API that SAM makes for events without one
		return !ok || !own || st.Unsure && a.added[key] || a.unsureOrigins[key]
	})
}

// say adds a finding about a resource.
func (a *audit) say(reason finding.Reason, r template.Resource, detail string) {
	a.out = append(a.out, finding.Finding{Reason: reason, At: jsontext.Pointer("/Resources").AppendToken(r.ID), Detail: detail})
}

// mentions reports whether a pattern refers to a resource of the template.
func (a *audit) mentions(pattern string) bool {
	for _, piece := range strings.Split(pattern, "\x01")[1:] {
		name, _, _ := strings.Cut(piece, "\x02")
		id, _, _ := strings.Cut(name, ".")
		if _, own := a.Template.Resource(id); own {
			return true
		}
	}
	return false
}

// besides adds findings about the permissions of functions that have a whole policy.
func (a *audit) besides() {
	for _, by := range slices.Sorted(maps.Keys(a.existing.Beside)) {
		policy := a.existing.Beside[by]
		if r, ok := a.Template.Resource(by); ok {
			a.say(besidePolicy, r, policy)
		} else { // SAM's grant
			r, _ = a.Template.Resource(policy)
			a.say(besidePolicy, r, by)
		}
	}
}
