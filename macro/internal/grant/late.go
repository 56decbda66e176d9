package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// timely leaves out the statements for such a call that can't exist before the resource
// that makes it; others stay, early or not. It returns a note for each that is left out
// and would have allowed the call.
func (d *judge) timely(list []statement.Statement, c *invoke.Call, needs []statement.Need) (rest []statement.Statement, notes []finding.Finding) {
	for i, st := range list {
		if st.Serves(c) && d.isLate(st, c.Resource) {
			if rest == nil {
				rest = slices.Clone(list[:i])
			}
			if statement.Covers(st.Pattern, needs[0].Pattern) {
				notes = append(notes, lateNote(st, c))
			}
			continue
		}
		if rest != nil {
			rest = append(rest, st)
		}
	}
	if rest == nil {
		return list, nil
	}
	return rest, notes
}

// isLate reports whether a statement waits for a resource: its permission does, or, of
// a connector of SAM's, the source that it names. A permission that waits only because
// the template has a circular dependency between resource and function isn't late.
func (d *judge) isLate(st statement.Statement, resource string) bool {
	if !st.At.Exists() {
		for id := range st.Source.Names {
			if d.Dependencies().Path(id, resource) != nil {
				return true
			}
		}
		return false
	}
	path := d.Dependencies().Path(st.By, resource)
	return len(path) > 1 && d.Dependencies().Path(resource, path[1]) == nil || len(path) == 2
}

// lateNote is the note that a statement comes too late for a call.
func lateNote(st statement.Statement, c *invoke.Call) finding.Finding {
	if !st.At.Exists() {
		return finding.Finding{Reason: late, At: c.At(), Detail: st.By}
	}
	return finding.Finding{Reason: late, At: st.At.Pointer(), Detail: c.Source.Label}
}

// cycle returns the path of dependencies by which a permission that must come before
// the calling resource would wait for that resource; nil where there is none.
func (d *judge) cycle(c *invoke.Call) []string {
	if !c.Kind.Before {
		return nil
	}
	for _, x := range [...]template.Text{c.Target.Name, c.Source.ARN.Exact} {
		for id := range x.Names {
			if path := d.Dependencies().Path(id, c.Resource); path != nil {
				return path
			}
		}
	}
	for _, id := range c.Target.DependsOn {
		if path := d.Dependencies().Path(id, c.Resource); path != nil {
			return path
		}
	}
	return nil
}

// alreadyCircular reports whether a path of dependencies is part of a circular dependency
// that the template has already: its first resource and the calling one wait for each
// other. It remarks on that in the decision.
func (d *judge) alreadyCircular(dec *Decision, path []string) bool {
	if d.Dependencies().Path(dec.Call.Resource, path[0]) == nil {
		return false
	}
	dec.Remarks = append(slices.Clone(dec.Remarks), finding.Finding{Reason: authorsCycle, At: dec.Call.At(), Detail: strings.Join(path, " -> ")})
	return true
}
