// Package review looks at what the author has written: permissions that nothing
// uses, that say the same twice, allow more than is needed or nearly what a call
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

// Audit tells what there is to say about the permissions that the template
// has itself: which nothing uses, which say the same twice, which allow more
// than is needed. Nothing is decided by it, so that only who asks pays for it.
func Audit(v *statement.View, existing statement.Existing, decisions []grant.Decision, problems []finding.Finding, near []NearMiss) []finding.Finding {
	v.Template.Limit(nil) // an event's is spent, and nobody waits for this one
	a := audit{View: v, existing: existing, decisions: decisions, complete: true, partly: map[string]bool{}, unsureOrigins: map[string]bool{}, added: map[string]bool{}, near: map[string]bool{}}
	for _, n := range near {
		a.near[n.ID] = true
	}
	for _, p := range problems {
		a.complete = a.complete && !p.Hides
	}
	a.tooEarly()
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
		if !a.near[id] { // which says it, and for which call
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

// An audit is the state of one.
type audit struct {
	*statement.View
	existing      statement.Existing
	decisions     []grant.Decision
	complete      bool                  // every call's function is known, so that what none uses is unused
	partly        map[string]bool       // keys of functions with a call that isn't known otherwise
	unsureOrigins map[string]bool       // keys of the origins with a call whose function isn't known
	added         map[string]bool       // keys of the origins with a call that nothing allows yet
	near          map[string]bool       // ids of permissions that nearly are what a call needs
	given         []statement.Statement // SAM's, of the function at hand
	out           []finding.Finding
}

// A user is a call that the policy of a function must allow, and the patterns
// any of which does.
type user struct {
	call  *invoke.Call
	label string
	needs []statement.Need
}

// function audits the statements of one function and qualifier, in the order
// of the template's permissions. One permission can stand for several.
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
		return // SAM's
	}
	for _, st := range own {
		a.out = append(a.out, st.Notes...)
	}
	if i := a.twin(before, own); i >= 0 {
		a.say(repeated, r, before[i].By)
		return
	}
	if i := a.samTwin(own); i >= 0 {
		a.say(repeated, r, a.given[i].By)
		return
	}
	var routes []string
	wide := false
	for _, st := range own {
		exact := len(st.Notes) > 0 // which say it already
		n := len(routes)
		for _, u := range users {
			if fits, same := u.uses(&st); fits {
				routes, exact = append(routes, u.label), exact || same
			}
		}
		wide = wide || !exact && len(routes) > n
	}
	switch {
	case a.near[r.ID]: // which says more
	case len(routes) == 0 && len(a.existing.Findings[r.ID]) > 0:
		// which says why
	case len(routes) == 0 && complete && a.inside(own):
		a.say(unused, r, "")
	case wide:
		slices.Sort(routes)
		a.say(wider, r, "needed for "+strings.Join(slices.Compact(routes), ", "))
	}
}

// uses reports whether the call needs what a pattern allows, and whether it
// may need all of that.
func (u user) uses(st *statement.Statement) (fits, all bool) {
	if !st.Serves(u.call) {
		return false, false
	}
	pattern := st.Pattern
	for _, n := range u.needs {
		all = all || pattern == n.Literal || pattern == n.Root || statement.Covers(n.Pattern, pattern)
		fits = fits || all || statement.Covers(pattern, n.Pattern) || statement.Covers(pattern, n.Literal) || n.Root != "" && statement.Covers(pattern, n.Root)
	}
	return fits, all
}

// twin returns the index of a statement that says the same as all of one
// permission's, or -1.
func (a *audit) twin(before, own []statement.Statement) int {
	if len(own) != 1 {
		return -1
	}
	return slices.IndexFunc(before, func(x statement.Statement) bool {
		return x.Pattern == own[0].Pattern && x.Principal == own[0].Principal && x.Access == own[0].Access && a.Template.Implies(own[0].When, x.When)
	})
}

// samTwin returns the index of a statement of SAM's that says all that one
// permission does, or -1.
func (a *audit) samTwin(own []statement.Statement) int {
	if len(own) != 1 {
		return -1
	}
	return slices.IndexFunc(a.given, func(x statement.Statement) bool {
		return statement.Covers(x.Pattern, own[0].Pattern) && a.Template.Implies(own[0].When, x.When)
	})
}

// inside reports whether what the statements let in is of the template, whose
// calls are all here and of functions that are known.
func (a *audit) inside(list []statement.Statement) bool {
	return !slices.ContainsFunc(list, func(st statement.Statement) bool {
		if strings.Contains(st.Pattern, statement.HeadEnd) {
			return !a.mentions(st.Pattern)
		}
		symbol, ok := strings.CutPrefix(st.Pattern, "\x01\x01")
		id, _, _ := strings.Cut(symbol, "\x02")
		_, own := a.Template.Resource(id)
		key := "\x01" + id + "\x02"
		own = own || strings.HasPrefix(id, "Serverless") && a.Scope.MadeBySAM(id) // an API for events without one
		return !ok || !own || st.Unsure && a.added[key] || a.unsureOrigins[key]
	})
}

func (a *audit) say(reason finding.Reason, r template.Resource, detail string) {
	a.out = append(a.out, finding.Finding{Reason: reason, At: jsontext.Pointer("/Resources").AppendToken(r.ID), Detail: detail})
}

// mentions reports whether a resource of the template stands in the pattern.
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

// besides tells of the permissions of functions that have a whole policy.
func (a *audit) besides() {
	for _, by := range slices.Sorted(maps.Keys(a.existing.Beside)) {
		policy := a.existing.Beside[by]
		if r, ok := a.Template.Resource(by); ok {
			a.say(besidePolicy, r, policy)
		} else { // SAM's
			r, _ = a.Template.Resource(policy)
			a.say(besidePolicy, r, by)
		}
	}
}
