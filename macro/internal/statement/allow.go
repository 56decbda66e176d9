package statement

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Allow reports whether the statements of list, which are for its function, allow all
// needs of a call: by is what adds those that do, sorted. A call from any stage is also
// allowed where each declared stage is.
func (v *View) Allow(list []Statement, c *invoke.Call, needs []Need) (by []string, notes []finding.Finding, ok bool) {
	if len(list) == 0 {
		return nil, nil, false
	}
	for _, n := range needs {
		ids, more, ok := allowOne(v.Template, list, c, n)
		if !ok && len(n.Stage) == 0 {
			ids, more, ok = allowStages(v.Template, v.Scope, list, c)
		}
		if !ok {
			return nil, nil, false
		}
		by, notes = append(by, ids...), append(notes, more...)
	}
	slices.Sort(by)
	return slices.Compact(by), notes, true
}

// compareSteps is what a comparison of two patterns costs, see package budget.
func compareSteps(pattern, need string) int {
	if strings.Contains(pattern, "?") {
		return 4 + len(pattern)*len(need)/64
	}
	return 4 + (len(pattern)+len(need))/64
}

// allowOne is Allow for one need, from any stage only by statements for any stage.
func allowOne(t *template.Template, list []Statement, c *invoke.Call, n Need) (by []string, notes []finding.Finding, ok bool) {
	var when []template.Guard
	for _, st := range list {
		t.Budget().Spend(compareSteps(st.Pattern, n.Pattern))
		switch {
		case !st.Serves(c):
			continue
		case Covers(st.Pattern, n.Pattern):
		case n.Literal != n.Pattern && Covers(st.Pattern, n.Literal):
			notes = append(notes, finding.Finding{Reason: literalPath, At: c.At(), Detail: st.By})
		case n.Root != "" && Covers(st.Pattern, n.Root):
			notes = append(notes, finding.Finding{Reason: assumedRoot, At: c.At(), Detail: st.By})
		default:
			continue
		}
		by, when, notes = append(by, st.By), append(when, st.When), append(notes, st.Notes...)
	}
	need, _ := c.When.And(n.When)
	t.Budget().Keep(32 * len(by))
	return by, notes, len(by) > 0 && t.CoveredHere(need, when)
}

// Serves reports whether the statement is for calls of this principal and access, from
// any source.
func (st *Statement) Serves(c *invoke.Call) bool {
	return st.Access == c.Access && (st.Principal == c.Principal || st.Principal == Everybody)
}

// Includes reports whether a statement for the same function allows all that another does,
// where both are made: one for the own account only doesn't include one that lets in every
// account, by neither its SourceAccount nor an account in its SourceArn.
func (st *Statement) Includes(x *Statement) bool {
	anyAccount := x.AnySource() || namesNoAccount(x.Pattern)
	return st.Principal == x.Principal && st.Access == x.Access && (st.token == "" || st.token == x.token) && Covers(st.Pattern, x.Pattern) && (!st.account || x.account || !anyAccount)
}

// allowStages is Allow for a call from any stage, by statements for each of the declared
// stages.
func allowStages(t *template.Template, s *invoke.Names, list []Statement, c *invoke.Call) (by []string, notes []finding.Finding, ok bool) {
	stages := c.Stages()
	if len(stages) == 0 {
		return nil, nil, false
	}
	for _, stage := range stages {
		n := NewNeed(c, stage.Name)
		n.When = stage.When
		if both, ok := c.When.And(n.When); !ok || !t.Possible(both) {
			continue
		}
		ids, more, ok := allowOne(t, list, c, n)
		if !ok {
			return nil, nil, false
		}
		by, notes = append(by, ids...), append(notes, more...)
	}
	if !trialFails(t, list, c) {
		return by, notes, true
	}
	return by, append(notes, finding.Finding{Reason: oneStage, At: c.At()}), true
}

// trialFails reports whether the call can be tried by hand, such as by the console's
// Test button, and nothing allows that.
func trialFails(t *template.Template, list []Statement, c *invoke.Call) bool {
	if c.Origin.Trial == "" {
		return false
	}
	_, _, ok := allowOne(t, list, c, NewNeed(c, template.Literal(c.Origin.Trial)))
	return !ok
}
