package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// allow tells whether statements of its function allow all needs of a call, and which. A call
// from any stage is also allowed where each declared stage is.
func (v *View) allow(list []statement, c *invoke.Call, needs []need) (by []string, notes []finding.Finding, ok bool) {
	if len(list) == 0 {
		return nil, nil, false
	}
	for _, n := range needs {
		ids, more, ok := allowOne(v.Template, list, c, n)
		if !ok && len(n.stage) == 0 {
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

func allowOne(t *template.Template, list []statement, c *invoke.Call, n need) (by []string, notes []finding.Finding, ok bool) {
	var when []template.Guard
	for _, st := range list {
		t.Budget().Spend(compareSteps(st.pattern, n.pattern))
		switch {
		case !st.serves(c):
			continue
		case covers(st.pattern, n.pattern):
		case n.literal != n.pattern && covers(st.pattern, n.literal):
			notes = append(notes, finding.Finding{Reason: literalPath, At: c.At(), Detail: st.by})
		case n.root != "" && covers(st.pattern, n.root):
			notes = append(notes, finding.Finding{Reason: assumedRoot, At: c.At(), Detail: st.by})
		default:
			continue
		}
		by, when, notes = append(by, st.by), append(when, st.when), append(notes, st.notes...)
	}
	need, _ := c.When.And(n.when)
	t.Budget().Keep(32 * len(by))
	return by, notes, len(by) > 0 && t.CoveredHere(need, when)
}

// serves reports whether the statement is for calls such as this one, wherever
// they come from.
func (st *statement) serves(c *invoke.Call) bool {
	return st.access == c.Access && (st.principal == c.Principal || st.principal == everybody)
}

func allowStages(t *template.Template, s *invoke.Names, list []statement, c *invoke.Call) (by []string, notes []finding.Finding, ok bool) {
	stages := c.Origin.Stages
	if c.Source.Form == policy.Authorizer || c.Source.ARN != nil || len(stages) == 0 {
		return nil, nil, false
	}
	for _, stage := range stages {
		n := newNeed(c, stage.Name)
		n.when = stage.When
		if both, ok := c.When.And(n.when); !ok || !t.Possible(both) {
			continue
		}
		ids, more, ok := allowOne(t, list, c, n)
		if !ok {
			return nil, nil, false
		}
		by, notes = append(by, ids...), append(notes, more...)
	}
	if !testable(t, list, c) {
		return by, notes, true
	}
	return by, append(notes, finding.Finding{Reason: oneStage, At: c.At()}), true
}

// testable reports whether the console has a Test button for the call that
// nothing allows.
func testable(t *template.Template, list []statement, c *invoke.Call) bool {
	if c.Origin.Trial == "" {
		return false
	}
	_, _, ok := allowOne(t, list, c, newNeed(c, template.Literal(c.Origin.Trial)))
	return !ok
}
