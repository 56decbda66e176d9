package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// timely returns those of the statements that can be there before the
// resource that makes the call, and notes for the others.
func (d *judge) timely(list []statement.Statement, c *invoke.Call, needs []statement.Need) (early []statement.Statement, notes []finding.Finding) {
	for i, st := range list {
		if d.isLate(st, c.Resource) {
			if early == nil {
				early = slices.Clone(list[:i])
			}
			if st.Serves(c) && statement.Covers(st.Pattern, needs[0].Pattern) {
				notes = append(notes, tardy(st, c))
			}
			continue
		}
		if early != nil {
			early = append(early, st)
		}
	}
	if early == nil {
		return list, nil
	}
	return early, notes
}

// isLate reports whether a statement waits for a resource, by its permission or, of
// a connector of SAM's, by the source that it names. A circular dependency of the
// author's, between the resource and the function, is none of the permission's.
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

// tardy is the note that a statement comes too late for a call.
func tardy(st statement.Statement, c *invoke.Call) finding.Finding {
	if !st.At.Exists() {
		return finding.Finding{Reason: late, At: c.At(), Detail: st.By}
	}
	return finding.Finding{Reason: late, At: st.At.Pointer(), Detail: c.Source.Label}
}

// closes reports how a permission for a call that must come before its resource
// would wait for that resource; nil where it doesn't.
func (d *judge) closes(c *invoke.Call) []string {
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

// waitsFor reports whether the resource that makes a call waits for the function
// already, which waits for it: a circular dependency of the author's, that no
// order of ours adds to.
func (d *judge) waitsFor(dec *Decision, path []string) bool {
	if d.Dependencies().Path(dec.Call.Resource, path[0]) == nil {
		return false
	}
	dec.Remarks = append(slices.Clone(dec.Remarks), finding.Finding{Reason: authorsCycle, At: dec.Call.At(), Detail: strings.Join(path, " -> ")})
	return true
}
