// Package emit turns what is wanted into edits of the template: permissions, whole
// policies, roles, the order in which they are created, and the redeployment that puts
// credentials into effect. Only this package uses goformation. It returns edits; the
// caller applies them.
package emit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A writer turns what is wanted into edits.
type writer struct {
	*statement.View
	existing  statement.Existing
	conds     *naming.Conditions
	decisions []grant.Decision          // By and Widened are filled in, and for roles Verdict
	starts    map[*invoke.Origin]string // what source ARNs begin with, see appendSource
	Written
}

// Written are the edits, and what they add.
type Written struct {
	Edits       []template.Edit
	Permissions []Permission
	Others      []Grant // roles and whole policies
	Problems    []finding.Finding
}

// Write turns what is wanted into edits, sorted so that the same template always gives
// the same bytes. It completes the decisions of on. An error is a role that can't be
// made; the result then has what was written before.
func Write(v *statement.View, existing statement.Existing, on grant.Judged, docs []*grant.Policy, conds *naming.Conditions) (Written, error) {
	d := writer{View: v, existing: existing, conds: conds, decisions: on.Decisions}
	err := d.write(docs, on.Slots)
	return d.Written, err
}

func (d *writer) write(docs []*grant.Policy, slots grant.Slots) error {
	d.writePermissions(docs)
	permissions := d.Edits
	d.Edits = nil
	wanting := slots.Wanting()
	roles, err := d.writeRoles(wanting)
	if err != nil {
		d.Edits = append(permissions, d.Edits...)
		return err
	}
	d.order(d.writeWhole(docs))
	slices.SortStableFunc(d.Edits, func(a, b template.Edit) int { return cmp.Compare(a.At, b.At) })
	d.Edits = merged(permissions, d.Edits)
	d.writeMembers("Conditions", d.conds.Generated)
	if roles {
		return d.checkCycle()
	}
	return nil
}

// merged returns the edits of both lists, which are sorted by place, in that order.
func merged(a, b []template.Edit) []template.Edit {
	if len(b) == 0 {
		return a
	}
	out := make([]template.Edit, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].At <= b[0].At {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// PermissionSize returns a function for how many bytes the permission of a want takes in
// the template.
func PermissionSize(v *statement.View, decisions []grant.Decision) func(*grant.Want) int {
	var d *writer // made at the first call: most templates are far from the limit
	return func(w *grant.Want) int {
		if d == nil {
			d = &writer{View: v, decisions: decisions}
		}
		return len(d.appendPermission(nil, w, d.outlives(w.Call.Target.Function) && d.outlives(w.Call.Origin.ID)))
	}
}

// A Permission is one that is added.
type Permission struct {
	place    string // its pointer: "/Resources/" and the logical id
	Want     *grant.Want
	retained bool // it outlives the stack
}

// ID is its logical id.
func (a Permission) ID() string { return a.place[len(resourcesPlace):] }

// placed returns the permissions of the wants, sorted by place. Of two with the same
// hash, the first in the order of wants has the id that it would have alone.
func (d *writer) placed(docs []*grant.Policy) []Permission {
	order := func(a, b Permission) int {
		if n := strings.Compare(a.place, b.place); n != 0 {
			return n
		}
		return a.Want.Compare(b.Want)
	}
	total := 0
	for _, doc := range docs {
		total += len(doc.Wants)
	}
	var places strings.Builder // one text for all: there are many
	places.Grow(usualPlace * total)
	list, parts := make([]Permission, 0, total), make([][]Permission, 0, len(docs))
	for _, doc := range docs {
		if doc.Whole {
			continue
		}
		start, retained := len(list), d.outlives(doc.Exact[0].Call.Target.Function)
		for _, w := range doc.Wants {
			list = append(list, Permission{d.permissionPlace(&places, w, none), w, retained && d.outlives(w.Call.Origin.ID)})
		}
		part := list[start:]
		slices.SortFunc(part, order)
		parts = append(parts, part)
	}
	if !slices.IsSortedFunc(list, order) {
		// in the order of their parts they mostly are: the places of a function's permissions begin alike
		slices.SortFunc(parts, func(a, b []Permission) int { return order(a[0], b[0]) })
		list = slices.Concat(parts...)
		slices.SortFunc(list, order)
	}
	before, clash := "", false
	for i := range list {
		place := list[i].place
		if place == before {
			clash = true
			list[i].place = d.permissionPlace(&places, list[i].Want, func(p string) bool { return slices.ContainsFunc(list, func(a Permission) bool { return a.place == p }) })
		}
		before = place
	}
	if clash {
		slices.SortFunc(list, order)
	}
	return list
}

// none reports that no place is taken.
func none(string) bool { return false }

// writePermissions adds the permissions of the documents that aren't whole policies.
func (d *writer) writePermissions(docs []*grant.Policy) {
	list := d.placed(docs)
	d.Permissions, d.Edits = list, slices.Grow(d.Edits, len(list))
	text := d.Template.Scratch(usualBytes * len(list))
	ids := make([]string, 0, len(list)) // each decision mostly gets a slice of one of them
	for _, a := range list {
		start := len(text)
		text = d.appendPermission(text, a.Want, a.retained)
		d.Edits = append(d.Edits, template.Edit{Op: template.Add, At: jsontext.Pointer(a.place), Value: text[start:len(text):len(text)]})
		ids = append(ids, a.ID())
		d.allowedBy(a.Want, ids[len(ids)-1:len(ids):len(ids)])
	}
}

// allowedBy records what allows the calls of a want: id has one element, and is shared.
func (d *writer) allowedBy(w *grant.Want, id []string) {
	var widened []string // shared, too: it has room for no more, so that append copies it
	if w.Widened != "" {
		widened = []string{w.Widened}
	}
	for _, i := range w.Decisions {
		dec := &d.decisions[i]
		switch {
		case dec.By == nil:
			dec.By = id
		case !slices.Contains(dec.By, id[0]):
			dec.By = append(dec.By, id[0])
		}
		if dec.Widened == nil {
			dec.Widened = widened
		} else {
			dec.Widened = append(dec.Widened, widened...)
		}
	}
}

// The usual sizes of a permission and of its place.
const usualBytes, usualPlace = 380, 56

// writeMembers adds members to a section, and the section where there is none.
func (d *writer) writeMembers(section string, members map[string]string) {
	if len(members) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(members))
	if kind := d.Template.Section(section).Kind(); kind != template.Absent {
		if kind != template.Object {
			return // CloudFormation refuses the template
		}
		for _, name := range names {
			d.edit(section, name, jsontext.Value(members[name]))
		}
		return
	}
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(template.Quote(name) + ":" + members[name])
	}
	d.Edits = append(d.Edits, template.Edit{Op: template.Add, At: jsontext.Pointer("").AppendToken(section),
		Value: jsontext.Value("{" + b.String() + "}")})
}

// edit adds a member to a section.
func (d *writer) edit(section, name string, value jsontext.Value) {
	at := jsontext.Pointer("/" + section + "/" + name) // both are alphanumeric
	d.Edits = append(d.Edits, template.Edit{Op: template.Add, At: at, Value: value})
}

// A Grant is one resource that was added.
type Grant struct {
	ID       string   // logical id
	Type     string   // AWS::Lambda::Permission, AWS::Lambda::ResourcePolicy or AWS::IAM::Role
	Function string   // key of the function; of a role all of them, separated by commas
	Caller   string   // key of the origin that calls; of a service without origins its principal
	Source   string   // the tail of the source ARN, or the whole ARN
	Routes   []string // labels of the calls that it is for, sorted
	Widened  string   // why it is wider than its routes; "" where it isn't
}
