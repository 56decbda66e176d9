package grant

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Some services try the permission while the resource that wires the function is
// made, and fail the stack where it isn't there yet. The permission then comes
// first: the resource gets a DependsOn, or, where the permission exists under a
// further condition, a reference inside of the Fn::If branch that wires it.

// The reasons of this file.
var (
	late = finding.Reason{Name: "late", Severity: finding.Fault,
		Sentence: "the permission comes too late: it waits for the resource whose service tries it while the resource is made",
		Hint:     "write the SourceArn as text, or leave it out for SourceAccount, and let the resource depend on the permission"}
	ordered = finding.Reason{Name: "order", Severity: finding.Info,
		Sentence: "the service tries the permission while the resource is made: the resource has to wait for it",
		Hint:     "nothing, where the macro runs; else add the DependsOn"}
	unordered = finding.Reason{Name: "no-order", Severity: finding.Warning,
		Sentence: "the service tries the permission while the resource is made, and the resource can't wait for it: the deployment may fail",
		Hint:     "give the permission a condition that is true wherever the resource names the function"}
	circular = finding.Reason{Name: "circular-dependency", Severity: finding.Fault,
		Sentence: "the service tries the permission while the resource is made, and the function itself waits for the resource",
		Hint:     "let the function name the resource by text instead of Ref or Fn::GetAtt"}
	authorsCycle = finding.Reason{Name: "author-cycle", Severity: finding.Warning,
		Sentence: "the function and the resource that calls it wait for one another, which CloudFormation refuses",
		Hint:     "let the function name the resource by text instead of Ref or Fn::GetAtt"}
)

// timely returns those of the statements that can be there before the
// resource that makes the call, and notes for the others.
func (d *decider) timely(list []statement, c *caller.Call, needs []need) (early []statement, notes []finding.Finding) {
	for i, st := range list {
		if st.at.Exists() && d.isLate(st.by, c.Resource) {
			if early == nil {
				early = slices.Clone(list[:i])
			}
			if st.serves(c) && covers(st.pattern, needs[0].pattern) {
				notes = append(notes, finding.Finding{Reason: late, At: st.at.Pointer(), Detail: c.Source.Label})
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

// isLate reports whether a permission waits for a resource. A circular
// dependency of the author's, between the resource and the function, is none of
// the permission's.
func (d *decider) isLate(permission, resource string) bool {
	path := d.dependencies().Path(permission, resource)
	return len(path) > 1 && d.dependencies().Path(resource, path[1]) == nil || len(path) == 2
}

// closes reports how a permission for a call that must come before its resource
// would wait for that resource; nil where it doesn't.
func (d *decider) closes(c *caller.Call) []string {
	if !c.Before {
		return nil
	}
	for _, x := range [...]template.Text{c.Target.Name, c.Source.ARN.Exact} {
		for id := range x.Names {
			if path := d.dependencies().Path(id, c.Resource); path != nil {
				return path
			}
		}
	}
	for _, id := range c.Target.DependsOn {
		if path := d.dependencies().Path(id, c.Resource); path != nil {
			return path
		}
	}
	return nil
}

// waitsFor reports whether the resource that makes a call waits for the function
// already, which waits for it: a circular dependency of the author's, that no
// order of ours adds to.
func (d *decider) waitsFor(dec *Decision, path []string) bool {
	if d.dependencies().Path(dec.Call.Resource, path[0]) == nil {
		return false
	}
	dec.notes = append(slices.Clone(dec.notes), finding.Finding{Reason: authorsCycle, At: dec.Call.At(), Detail: strings.Join(path, " -> ")})
	return true
}

// An ordering collects what resources have to wait for.
type ordering struct {
	*decider
	waits  map[string][]string         // resource -> the permissions that its DependsOn gets
	inside map[template.Value][]string // value in a branch -> the permissions that it gets a reference to
	made   map[string][]template.Guard // our permissions -> when they exist: where one of these is true
}

// order adds the edits that make what was added come first: made tells when it exists.
func (d *decider) order(made map[string][]template.Guard) {
	o := ordering{decider: d, waits: map[string][]string{}, inside: map[template.Value][]string{}, made: made}
	for i := range d.result.Decisions {
		if dec := &d.result.Decisions[i]; dec.Call.Before && (dec.Verdict == Added || dec.Verdict == Allowed) && !dec.racing {
			o.call(dec)
		}
	}
	o.stages()
	o.write()
}

// call lets the resource of a call wait for what allows it.
func (o *ordering) call(dec *Decision) {
	var first []string // those of the author's that come first already
	var when []template.Guard
	var others []string
	for _, id := range dec.By {
		_, own := o.t.Resource(id)
		_, made := o.made[id]
		switch {
		case own && o.dependencies().Path(dec.Call.Resource, id) != nil:
			first, when = append(first, id), append(when, o.allows(id, dec.Call)...)
		case own || made:
			others = append(others, id)
		default:
			return // SAM's, which has no id to wait for
		}
	}
	if len(first) > 0 && o.t.Covered(dec.Call.When, when) {
		return
	}
	if dec.Verdict == Allowed { // one that is enough will do
		for _, id := range others {
			if o.t.Covered(dec.Call.When, o.allows(id, dec.Call)) {
				others = []string{id}
				break
			}
		}
	}
	for _, id := range others {
		o.wait(dec, id)
	}
}

// allows is when a permission of the author's allows a call: one that names its
// function by Fn::If doesn't wherever it exists.
func (o *ordering) allows(permission string, c *caller.Call) (when []template.Guard) {
	for _, st := range o.existing.byTarget[c.Target.ID()] {
		if st.by == permission && st.serves(c) {
			when = append(when, st.when)
		}
	}
	return when
}

// exists is when a permission exists: where one of the guards is true.
func (o *ordering) exists(id string) []template.Guard {
	if guards, made := o.made[id]; made {
		return guards
	}
	r, _ := o.t.Resource(id)
	return []template.Guard{r.Condition()}
}

// wait lets the resource of a call wait for one permission.
func (o *ordering) wait(dec *Decision, id string) {
	c, exists := dec.Call, o.exists(id)
	r, _ := o.t.Resource(c.Resource)
	switch leaf, ok := o.leaf(c, exists); {
	case o.t.Covered(r.Condition(), exists):
		o.waits[r.ID] = append(o.waits[r.ID], id)
	case ok:
		o.inside[leaf] = append(o.inside[leaf], id)
	default:
		dec.notes = append(slices.Clone(dec.notes), finding.Finding{Reason: unordered, At: c.At(), Detail: id})
		return
	}
	dec.notes = append(slices.Clone(dec.notes), finding.Finding{Reason: ordered, At: c.At(), Detail: r.ID + " waits for " + id})
}

// leaf is the value that names the function where the permission exists, at the
// end of the Fn::If branches of the property.
func (o *ordering) leaf(c *caller.Call, exists []template.Guard) (template.Value, bool) {
	property := o.t.At(c.At())
	around := o.t.GuardAt(c.At())
	for when, v := range property.Branches {
		all, ok := around.And(when)
		if !ok || !o.t.Covered(all, exists) {
			continue
		}
		if _, together := all.And(c.When); together {
			return v, true
		}
	}
	return template.Value{}, false
}

// write turns what was collected into edits.
func (o *ordering) write() {
	for id, list := range o.waits {
		slices.Sort(list)
		o.dependOn(id, slices.Compact(list))
	}
	for v, list := range o.inside {
		slices.Sort(list)
		text := `{"Fn::Select":[0,[` + v.Compact()
		for _, id := range slices.Compact(list) {
			text += `,{"Ref":` + template.Quote(id) + `}`
		}
		o.result.Edits = append(o.result.Edits, template.Edit{Op: template.Replace, At: v.Pointer(), Value: jsontext.Value(text + "]]}")})
	}
}

// dependOn adds to the DependsOn of a resource; what is there stays, in its order.
func (o *ordering) dependOn(resource string, ids []string) {
	r, _ := o.t.Resource(resource)
	at := r.Pointer().AppendToken("DependsOn")
	there := r.Get("DependsOn")
	switch there.Kind() {
	case template.Array:
		for _, id := range ids {
			o.result.Edits = append(o.result.Edits, template.Edit{Op: template.Add, At: at.AppendToken("-"), Value: jsontext.Value(template.Quote(id))})
		}
	case template.String:
		o.result.Edits = append(o.result.Edits, template.Edit{Op: template.Replace, At: at,
			Value: jsontext.Value("[" + strings.Join([]string{there.Compact(), quoteWords(ids)}, ",") + "]")})
	case template.Absent:
		value := quoteWords(ids)
		if len(ids) > 1 {
			value = "[" + value + "]"
		}
		o.result.Edits = append(o.result.Edits, template.Edit{Op: template.Add, At: at, Value: jsontext.Value(value)})
	}
}
