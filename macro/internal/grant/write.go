package grant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A writer turns what is wanted into edits.
type writer struct {
	*View
	existing  statements
	conds     *conditions
	decisions []Decision // what allows their calls is filled in
	written
}

// What is written: the edits, and what they add.
type written struct {
	edits       []template.Edit
	permissions []added
	others      []Grant // roles and whole policies
	problems    []finding.Finding
}

// write turns what is wanted into edits, sorted so that the same template
// always gives the same bytes. With an error comes what has been written.
func write(v *View, existing statements, on verdicts, docs []*document, conds *conditions) (written, error) {
	d := writer{View: v, existing: existing, conds: conds, decisions: on.decisions}
	err := d.write(docs, on.slots)
	return d.written, err
}

func (d *writer) write(docs []*document, slots slots) error {
	d.writePermissions(docs)
	wanting := slots.wanting()
	roles, err := d.writeRoles(wanting)
	if err != nil {
		return err
	}
	made := map[string][]template.Guard{}
	d.writeWhole(docs, made)
	always := []template.Guard{nil}
	for _, a := range d.permissions {
		made[a.id()] = always
		if a.w.condition != "" {
			made[a.id()] = whenWanted(d.decisions, a.w)
		}
	}
	d.order(made)
	if byPlace := func(a, b template.Edit) int { return cmp.Compare(a.At, b.At) }; !slices.IsSortedFunc(d.edits, byPlace) {
		slices.SortStableFunc(d.edits, byPlace)
	}
	d.writeMembers("Conditions", d.conds.generated)
	if roles {
		return d.checkCycle()
	}
	return nil
}

// An added permission is what is wanted, and where it goes.
type added struct {
	place string
	w     *want
}

func (a added) id() string { return a.place[len(resourcesPlace):] }

// placed gives each of what is wanted its place, sorted by it. Of two whose
// hashes are the same, the first by what it grants has the id that it would
// have alone.
func (d *writer) placed(docs []*document) []added {
	order := func(a, b added) int {
		if n := strings.Compare(a.place, b.place); n != 0 {
			return n
		}
		return a.w.wantKey.compare(b.w.wantKey)
	}
	total := 0
	for _, doc := range docs {
		total += len(doc.wants)
	}
	list := make([]added, 0, total)
	parts := make([][]added, 0, len(docs))
	for _, doc := range docs {
		if doc.whole {
			continue
		}
		start := len(list)
		for _, w := range doc.wants {
			list = append(list, added{d.permissionPlace(w, nobody), w})
		}
		part := list[start:]
		slices.SortFunc(part, order)
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b []added) int { return order(a[0], b[0]) })
	if list = slices.Concat(parts...); !slices.IsSortedFunc(list, order) { // a function's permissions stand side by side, but for those of several APIs
		slices.SortFunc(list, order)
	}
	before, clash := "", false
	for i := range list {
		place := list[i].place
		if place == before {
			clash = true
			list[i].place = d.permissionPlace(list[i].w, func(p string) bool { return slices.ContainsFunc(list, func(a added) bool { return a.place == p }) })
		}
		before = place
	}
	if clash {
		slices.SortFunc(list, order)
	}
	return list
}

func nobody(string) bool { return false }

func (d *writer) writePermissions(docs []*document) {
	list := d.placed(docs)
	d.permissions, d.edits = list, slices.Grow(d.edits, len(list))
	text := d.Template.Scratch(usualBytes * len(list))
	for _, a := range list {
		start, id := len(text), a.id()
		text = d.appendPermission(text, a.w)
		d.edits = append(d.edits, template.Edit{Op: template.Add, At: jsontext.Pointer(a.place), Value: text[start:len(text):len(text)]})
		d.allowedBy(a.w, id)
	}
}

// allowedBy notes what allows the calls of a want.
func (d *writer) allowedBy(w *want, id string) {
	for _, i := range w.decisions {
		dec := &d.decisions[i]
		if !slices.Contains(dec.By, id) {
			dec.By = append(dec.By, id)
		}
		if w.widened != "" {
			dec.widened = append(dec.widened, w.widened)
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
	d.edits = append(d.edits, template.Edit{Op: template.Add, At: jsontext.Pointer("").AppendToken(section),
		Value: jsontext.Value("{" + b.String() + "}")})
}

func (d *writer) edit(section, name string, value jsontext.Value) {
	at := jsontext.Pointer("/" + section + "/" + name) // both are alphanumeric
	d.edits = append(d.edits, template.Edit{Op: template.Add, At: at, Value: value})
}
