package grant

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The reasons of an audit.
var (
	unused = finding.Reason{Name: "unused", Severity: finding.Warning,
		Sentence: "the permission allows what no call of this template needs",
		Hint:     "remove it, unless something outside of this template calls"}
	repeated = finding.Reason{Name: "repeated", Severity: finding.Warning,
		Sentence: "the permission says what another says already, and takes its share of the 20,480 bytes of the function's policy",
		Hint:     "remove one of the two"}
	wider = finding.Reason{Name: "wider", Severity: finding.Info,
		Sentence: "the permission allows more than the routes that need it",
		Hint:     "remove it and let the macro add exact ones, or nothing where it is meant for routes to come"}
)

// Audit tells what there is to say about the permissions that the template
// has itself: which nothing uses, which say the same twice, which allow more
// than is needed. Nothing is decided by it, so that only who asks pays for it.
func (r *Result) Audit() []finding.Finding {
	if r.view == nil {
		return nil
	}
	r.view.Template.Limit(nil) // an event's is spent, and nobody waits for this one
	a := audit{View: r.view, existing: r.existing, decisions: r.Decisions, complete: true, partly: map[string]bool{}, unsureAPIs: map[string]bool{}, added: map[string]bool{}, near: map[string]bool{}}
	for _, n := range r.NearMisses() {
		a.near[n.ID] = true
	}
	for _, p := range r.Problems {
		a.complete = a.complete && !p.Hides
	}
	a.tooEarly()
	for _, dec := range r.Decisions {
		if c := dec.Call; unsure(c.Target) {
			a.unsureAPIs[c.Origin.Key] = true
		}
		if dec.Verdict == Added {
			a.added[dec.Call.Origin.Key] = true
		}
		if key := dec.Call.Target.Key; dec.Verdict == Unknown && key != "" {
			a.partly[key] = true
		} else if dec.Verdict == Unknown {
			a.complete = false
		}
	}
	for _, id := range sortedKeys(a.existing.told) {
		if !a.near[id] { // which says it, and for which call
			a.out = append(a.out, a.existing.told[id]...)
		}
	}
	var ids []string
	for id := range a.existing.byTarget {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		a.function(id, a.existing.byTarget[id])
	}
	a.besides()
	return slices.CompactFunc(a.out, func(x, y finding.Finding) bool { return x == y })
}

// An audit is the state of one.
type audit struct {
	*View
	existing   statements
	decisions  []Decision
	complete   bool            // every call's function is known, so that what none uses is unused
	partly     map[string]bool // keys of functions with a call that isn't known otherwise
	unsureAPIs map[string]bool // keys of the APIs with a call whose function isn't known
	added      map[string]bool // keys of the APIs with a call that nothing allows yet
	near       map[string]bool // ids of permissions that nearly are what a call needs
	given      []statement     // SAM's, of the function at hand
	out        []finding.Finding
}

// A user is a call that the policy of a function must allow, and the patterns
// any of which does.
type user struct {
	call  *invoke.Call
	label string
	needs []need
}

// function audits the statements of one function and qualifier, in the order
// of the template's permissions. One permission can stand for several.
func (a *audit) function(id string, list []statement) {
	list = slices.DeleteFunc(slices.Clone(list), func(st statement) bool { return st.copy })
	if len(list) == 0 {
		return
	}
	a.given = slices.DeleteFunc(slices.Clone(list), func(st statement) bool { return st.at.Exists() })
	var users []user
	for _, dec := range a.decisions {
		if c := dec.Call; c.Identity == invoke.AsService && list[0].isFor(id, c.Target) {
			users = append(users, a.user(c))
		}
	}
	complete := a.complete
	for key := range a.partly {
		complete = complete && id != key && !strings.HasPrefix(id, key+":")
	}
	for start := 0; start < len(list); {
		end := start + 1
		for end < len(list) && list[end].by == list[start].by {
			end++
		}
		a.permission(list[:start], list[start:end], users, complete)
		start = end
	}
}

func (a *audit) user(c *invoke.Call) user {
	if c.Source.ARN != nil {
		return user{call: c, label: c.Source.Label, needs: []need{a.fullNeed(c)}}
	}
	u := user{call: c, label: c.Source.Label, needs: []need{newNeed(c, c.Source.Stage)}}
	if len(c.Source.Stage) == 0 && c.Source.Form != policy.Authorizer {
		for _, stage := range c.Origin.Stages {
			u.needs = append(u.needs, newNeed(c, stage.Name))
		}
	}
	return u
}

// permission audits the statements of one permission against those before it
// and the calls of its function.
func (a *audit) permission(before, own []statement, users []user, complete bool) {
	r, ok := a.Template.Resource(own[0].by)
	if !ok {
		return // SAM's
	}
	for _, st := range own {
		a.out = append(a.out, st.notes...)
	}
	if i := a.twin(before, own); i >= 0 {
		a.say(repeated, r, before[i].by)
		return
	}
	if i := a.samTwin(own); i >= 0 {
		a.say(repeated, r, a.given[i].by)
		return
	}
	var routes []string
	wide := false
	for _, st := range own {
		exact := len(st.notes) > 0 // which say it already
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
	case len(routes) == 0 && len(a.existing.told[r.ID]) > 0:
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
func (u user) uses(st *statement) (fits, all bool) {
	if !st.serves(u.call) {
		return false, false
	}
	pattern := st.pattern
	for _, n := range u.needs {
		all = all || pattern == n.literal || pattern == n.root || covers(n.pattern, pattern)
		fits = fits || all || covers(pattern, n.pattern) || covers(pattern, n.literal) || n.root != "" && covers(pattern, n.root)
	}
	return fits, all
}

// twin returns the index of a statement that says the same as all of one
// permission's, or -1.
func (a *audit) twin(before, own []statement) int {
	if len(own) != 1 {
		return -1
	}
	return slices.IndexFunc(before, func(x statement) bool {
		return x.pattern == own[0].pattern && x.principal == own[0].principal && x.access == own[0].access && a.Template.Implies(own[0].when, x.when)
	})
}

// samTwin returns the index of a statement of SAM's that says all that one
// permission does, or -1.
func (a *audit) samTwin(own []statement) int {
	if len(own) != 1 {
		return -1
	}
	return slices.IndexFunc(a.given, func(x statement) bool {
		return covers(x.pattern, own[0].pattern) && a.Template.Implies(own[0].when, x.when)
	})
}

// inside reports whether what the statements let in is of the template, whose
// calls are all here and of functions that are known.
func (a *audit) inside(list []statement) bool {
	return !slices.ContainsFunc(list, func(st statement) bool {
		if strings.Contains(st.pattern, headEnd) {
			return !a.mentions(st.pattern)
		}
		symbol, ok := strings.CutPrefix(st.pattern, "\x01\x01")
		id, _, _ := strings.Cut(symbol, "\x02")
		_, own := a.Template.Resource(id)
		key := "\x01" + id + "\x02"
		own = own || strings.HasPrefix(id, "Serverless") && a.Scope.MadeBySAM(id) // an API for events without one
		return !ok || !own || st.unsure && a.added[key] || a.unsureAPIs[key]
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
	for _, by := range slices.Sorted(maps.Keys(a.existing.beside)) {
		policy := a.existing.beside[by]
		if r, ok := a.Template.Resource(by); ok {
			a.say(besidePolicy, r, policy)
		} else { // SAM's
			r, _ = a.Template.Resource(policy)
			a.say(besidePolicy, r, by)
		}
	}
}
