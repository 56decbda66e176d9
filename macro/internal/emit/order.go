package emit

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Some services try the permission while the calling resource is created, and fail the
// stack where it isn't there yet. The permission then comes first: the resource gets a
// DependsOn, or, where the permission exists under a further condition, a reference
// within the Fn::If branch that names the function.

// An ordering collects what resources have to wait for.
type ordering struct {
	*writer
	waits  map[string][]string         // by resource: the permissions that its DependsOn gets
	inside map[template.Value][]string // by value that names a function: the references to permissions that it gets
	whole  map[string][]template.Guard // by added policy: it exists where one of these is true
}

// order adds the edits by which resources wait for what allows their calls. whole says
// when the policies exist that were added.
func (d *writer) order(whole map[string][]template.Guard) {
	o := ordering{writer: d, waits: map[string][]string{}, inside: map[template.Value][]string{}, whole: whole}
	for i := range d.decisions {
		if dec := &d.decisions[i]; dec.Call.Kind.Before && (dec.Verdict == grant.Added || dec.Verdict == grant.Allowed) && !dec.Racing {
			o.call(dec)
		}
	}
	o.open()
	o.write()
}

// call lets the resource of a call wait for what allows it.
func (o *ordering) call(dec *grant.Decision) {
	var first []string // permissions of the template that come first already
	var when []template.Guard
	var others []string
	for _, id := range dec.By {
		_, own := o.Template.Resource(id)
		_, made := o.made(id)
		switch {
		case own && o.Dependencies().Path(dec.Call.Resource, id) != nil:
			first, when = append(first, id), append(when, o.allows(id, dec.Call)...)
		case own || made:
			others = append(others, id)
		default:
			return // SAM's grant, which has no logical id
		}
	}
	if len(first) > 0 && o.Template.Covered(dec.Call.When, when) {
		return
	}
	if dec.Verdict == grant.Allowed { // wait for a single one, if that is enough
		for _, id := range others {
			if o.Template.Covered(dec.Call.When, o.allows(id, dec.Call)) {
				others = []string{id}
				break
			}
		}
	}
	for _, id := range others {
		o.wait(dec, id)
	}
}

// allows returns when a permission of the template allows a call. That may be less than
// when it exists, since Fn::If may choose its function.
func (o *ordering) allows(permission string, c *invoke.Call) (when []template.Guard) {
	for _, st := range o.existing.ByTarget[c.Target.ID()] {
		if st.By == permission && st.Serves(c) {
			when = append(when, st.When)
		}
	}
	return when
}

// made returns when a permission or policy exists that was added: where one of the
// guards is true. ok is false for any other resource.
func (o *ordering) made(id string) (when []template.Guard, ok bool) {
	if when, ok = o.whole[id]; ok {
		return when, true
	}
	switch w := o.added(id); {
	case w == nil:
		return nil, false
	case w.Condition == "":
		return always, true
	default:
		return grant.WhenWanted(o.decisions, w), true
	}
}

// always is when something exists that has no condition.
var always = []template.Guard{nil}

// added returns what a permission that was added is for; nil for any other resource.
func (d *writer) added(id string) *grant.Want {
	i, ok := slices.BinarySearchFunc(d.Permissions, id, func(p Permission, id string) int { return strings.Compare(p.ID(), id) })
	if !ok {
		return nil
	}
	return d.Permissions[i].Want
}

// exists returns when a permission exists: where one of the guards is true.
func (o *ordering) exists(id string) []template.Guard {
	if guards, made := o.made(id); made {
		return guards
	}
	r, _ := o.Template.Resource(id)
	return []template.Guard{r.Condition()}
}

// wait lets the resource of a call wait for one permission.
func (o *ordering) wait(dec *grant.Decision, id string) {
	c, exists := dec.Call, o.exists(id)
	r, _ := o.Template.Resource(c.Resource)
	if o.Template.Covered(r.Condition(), exists) {
		o.waits[r.ID] = append(o.waits[r.ID], id)
	} else if !o.within(c, id, exists) {
		dec.Remarks = append(slices.Clone(dec.Remarks), finding.Finding{Reason: unordered, At: c.At(), Detail: id})
		return
	}
	dec.Remarks = append(slices.Clone(dec.Remarks), finding.Finding{Reason: ordered, At: c.At(), Detail: r.ID + " waits for " + id})
}

// within lets each value that names the function of a call, in the Fn::If branches of
// the property, refer to a permission; under the permission's condition, where the value
// exists without it. It reports whether there is such a value.
func (o *ordering) within(c *invoke.Call, id string, exists []template.Guard) (found bool) {
	property, around := o.Template.At(c.At()), o.Template.GuardAt(c.At())
	for when, v := range property.Branches {
		all, ok := around.And(when)
		both, together := all.And(c.When)
		if !ok || !together || !o.Template.Possible(both) {
			continue
		}
		ref := `{"Ref":` + template.Quote(id) + `}`
		if !o.Template.Covered(all, exists) {
			ref = `{"Fn::If":[` + template.Quote(o.conds.Name(exists)) + `,` + ref + `,"no dependency"]}`
		}
		o.inside[v], found = append(o.inside[v], ref), true
	}
	return found
}

// write turns what was collected into edits.
func (o *ordering) write() {
	for id, list := range o.waits {
		slices.Sort(list)
		o.dependOn(id, slices.Compact(list))
	}
	for v, list := range o.inside {
		slices.Sort(list)
		text := `{"Fn::Select":[0,[` + v.Compact() + `,` + strings.Join(slices.Compact(list), ",") + `]]}`
		o.Edits = append(o.Edits, template.Edit{Op: template.Replace, At: v.Pointer(), Value: jsontext.Value(text)})
	}
}

// dependOn adds to the DependsOn of a resource; what is there stays, in its order.
func (o *ordering) dependOn(resource string, ids []string) {
	r, _ := o.Template.Resource(resource)
	at := r.Pointer().AppendToken("DependsOn")
	there := r.Get("DependsOn")
	switch there.Kind() {
	case template.Array:
		for _, id := range ids {
			o.Edits = append(o.Edits, template.Edit{Op: template.Add, At: at.AppendToken("-"), Value: jsontext.Value(template.Quote(id))})
		}
	case template.String:
		o.Edits = append(o.Edits, template.Edit{Op: template.Replace, At: at,
			Value: jsontext.Value("[" + strings.Join([]string{there.Compact(), quoteWords(ids)}, ",") + "]")})
	case template.Absent:
		value := quoteWords(ids)
		if len(ids) > 1 {
			value = "[" + value + "]"
		}
		o.Edits = append(o.Edits, template.Edit{Op: template.Add, At: at, Value: jsontext.Value(value)})
	}
}
