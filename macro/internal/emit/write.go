// Package emit turns what is wanted into edits of the template: permissions, whole
// policies, roles, the order in which they are made, and the redeployment that puts
// credentials into effect. It alone knows goformation, and edits nothing itself.
package emit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A writer turns what is wanted into edits.
type writer struct {
	*statement.View
	existing  statement.Existing
	conds     *naming.Conditions
	decisions []grant.Decision // what allows their calls is filled in
	written
}

// What is written: the edits, and what they add.
type written struct {
	Edits       []template.Edit
	Permissions []Permission
	Others      []Grant // roles and whole policies
	Problems    []finding.Finding
}

// Write turns what is wanted into edits, sorted so that the same template
// always gives the same bytes. With an error comes what has been written.
func Write(v *statement.View, existing statement.Existing, on grant.Judged, docs []*grant.Policy, conds *naming.Conditions) (written, error) {
	d := writer{View: v, existing: existing, conds: conds, decisions: on.Decisions}
	err := d.write(docs, on.Slots)
	return d.written, err
}

func (d *writer) write(docs []*grant.Policy, slots grant.Slots) error {
	d.writePermissions(docs)
	wanting := slots.Wanting()
	roles, err := d.writeRoles(wanting)
	if err != nil {
		return err
	}
	made := make(map[string][]template.Guard, len(d.Permissions))
	d.writeWhole(docs, made)
	always := []template.Guard{nil}
	for _, a := range d.Permissions {
		made[a.ID()] = always
		if a.Want.Condition != "" {
			made[a.ID()] = grant.WhenWanted(d.decisions, a.Want)
		}
	}
	d.order(made)
	if byPlace := func(a, b template.Edit) int { return cmp.Compare(a.At, b.At) }; !slices.IsSortedFunc(d.Edits, byPlace) {
		slices.SortStableFunc(d.Edits, byPlace)
	}
	d.writeMembers("Conditions", d.conds.Generated)
	if roles {
		return d.checkCycle()
	}
	return nil
}

// PermissionSize tells how many bytes the permission for a want takes in the template.
func PermissionSize(v *statement.View, decisions []grant.Decision) func(*grant.Want) int {
	d := writer{View: v, decisions: decisions}
	return func(w *grant.Want) int { return len(d.appendPermission(nil, w)) }
}

// An added permission is what is wanted, and where it goes.
type Permission struct {
	place string
	Want  *grant.Want
}

// ID is its logical id.
func (a Permission) ID() string { return a.place[len(resourcesPlace):] }

// placed gives each of what is wanted its place, sorted by it. Of two whose
// hashes are the same, the first by what it grants has the id that it would
// have alone.
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
	list := make([]Permission, 0, total)
	parts := make([][]Permission, 0, len(docs))
	for _, doc := range docs {
		if doc.Whole {
			continue
		}
		start := len(list)
		for _, w := range doc.Wants {
			list = append(list, Permission{d.permissionPlace(w, nobody), w})
		}
		part := list[start:]
		slices.SortFunc(part, order)
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b []Permission) int { return order(a[0], b[0]) })
	if list = slices.Concat(parts...); !slices.IsSortedFunc(list, order) { // a function's permissions stand side by side, but for those of several APIs
		slices.SortFunc(list, order)
	}
	before, clash := "", false
	for i := range list {
		place := list[i].place
		if place == before {
			clash = true
			list[i].place = d.permissionPlace(list[i].Want, func(p string) bool { return slices.ContainsFunc(list, func(a Permission) bool { return a.place == p }) })
		}
		before = place
	}
	if clash {
		slices.SortFunc(list, order)
	}
	return list
}

func nobody(string) bool { return false }

func (d *writer) writePermissions(docs []*grant.Policy) {
	list := d.placed(docs)
	d.Permissions, d.Edits = list, slices.Grow(d.Edits, len(list))
	text := d.Template.Scratch(usualBytes * len(list))
	ids := make([]string, 0, len(list)) // of which each decision gets its one, nearly always
	for _, a := range list {
		start := len(text)
		text = d.appendPermission(text, a.Want)
		d.Edits = append(d.Edits, template.Edit{Op: template.Add, At: jsontext.Pointer(a.place), Value: text[start:len(text):len(text)]})
		ids = append(ids, a.ID())
		d.allowedBy(a.Want, ids[len(ids)-1:len(ids):len(ids)])
	}
}

// allowedBy notes what allows the calls of a want: one id, which nobody changes.
func (d *writer) allowedBy(w *grant.Want, id []string) {
	for _, i := range w.Decisions {
		dec := &d.decisions[i]
		switch {
		case dec.By == nil:
			dec.By = id
		case !slices.Contains(dec.By, id[0]):
			dec.By = append(dec.By, id[0])
		}
		if w.Widened != "" {
			dec.Widened = append(dec.Widened, w.Widened)
		}
	}
}

// usualBytes is about what a permission takes.
const usualBytes = 380

// writeMembers adds members to a section, and the section where there is none.
func (d *writer) writeMembers(section string, members map[string]string) {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	if kind := d.Template.Section(section).Kind(); kind != template.Absent {
		if kind != template.Object {
			return // no template; CloudFormation says so
		}
		for _, name := range names {
			d.edit(section, name, jsontext.Value(members[name]))
		}
		return
	}
	if len(names) == 0 {
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

func (d *writer) edit(section, name string, value jsontext.Value) {
	at := jsontext.Pointer("/" + section + "/" + name) // both are alphanumeric
	d.Edits = append(d.Edits, template.Edit{Op: template.Add, At: at, Value: value})
}

// A Grant is one permission or role that was added.
type Grant struct {
	ID       string
	Type     string   // AWS::Lambda::Permission or AWS::IAM::Role
	Function string   // key of the function; of a role: all of them
	Caller   string   // key of the origin that calls; of a service without origins its principal
	Source   string   // what stands behind the origin's id in the source ARN, or the whole ARN
	Routes   []string // the calls it is for, as people read them
	Widened  string   // why it is wider than its routes; "" where it isn't
}
