package grant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// write turns what is wanted into edits, sorted so that the same template
// always gives the same bytes.
func (d *decider) write() error {
	conds := &conditions{t: d.t, generated: d.guards}
	docs, err := d.fit(conds)
	d.policies(docs)
	if err != nil {
		return err
	}
	d.writePermissions(docs)
	if err := d.writeRoles(conds); err != nil {
		return err
	}
	made := map[string][]template.Guard{}
	d.writeWhole(docs, conds, made)
	always := []template.Guard{nil}
	for _, a := range d.result.permissions {
		made[a.id()] = always
		if a.w.condition != "" {
			made[a.id()] = d.when(a.w)
		}
	}
	d.order(made)
	if byPlace := func(a, b template.Edit) int { return cmp.Compare(a.At, b.At) }; !slices.IsSortedFunc(d.result.Edits, byPlace) {
		slices.SortStableFunc(d.result.Edits, byPlace)
	}
	d.writeMembers("Conditions", conds.generated)
	if d.rolesMade {
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
func (d *decider) placed(docs []*document) []added {
	order := func(a, b added) int {
		if n := strings.Compare(a.place, b.place); n != 0 {
			return n
		}
		return a.w.wantKey.compare(b.w.wantKey)
	}
	list := make([]added, 0, len(d.wants))
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

func (d *decider) writePermissions(docs []*document) {
	list := d.placed(docs)
	d.result.permissions, d.result.Edits = list, slices.Grow(d.result.Edits, len(list))
	text := d.t.Scratch(usualBytes * len(list))
	for _, a := range list {
		start, id := len(text), a.id()
		text = d.appendPermission(text, a.w)
		d.result.Edits = append(d.result.Edits, template.Edit{Op: template.Add, At: jsontext.Pointer(a.place), Value: text[start:len(text):len(text)]})
		d.allowedBy(a.w, id)
	}
}

// allowedBy notes what allows the calls of a want.
func (d *decider) allowedBy(w *want, id string) {
	for _, i := range w.decisions {
		dec := &d.result.Decisions[i]
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
func (d *decider) writeMembers(section string, members map[string]string) {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	if kind := d.t.Section(section).Kind(); kind != template.Absent {
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
	d.result.Edits = append(d.result.Edits, template.Edit{Op: template.Add, At: jsontext.Pointer("").AppendToken(section),
		Value: jsontext.Value("{" + b.String() + "}")})
}

func (d *decider) edit(section, name string, value jsontext.Value) {
	at := jsontext.Pointer("/" + section + "/" + name) // both are alphanumeric
	d.result.Edits = append(d.result.Edits, template.Edit{Op: template.Add, At: at, Value: value})
}

// Lasting returns the edits without the report of this run, which is no part of
// a source that somebody keeps.
func (r *Result) Lasting() []template.Edit {
	return slices.DeleteFunc(slices.Clone(r.Edits), func(e template.Edit) bool {
		return e.At == "/Metadata" || strings.HasPrefix(string(e.At), "/Metadata/")
	})
}

// report writes what stays unknown into the template's Metadata.GrantInvoke,
// where the change set and GetTemplate show it.
func (d *decider) report() {
	if d.env.Partial {
		return // the template's Metadata isn't part of the fragment
	}
	var lines []string
	for _, dec := range d.result.Decisions {
		if dec.Problem != nil {
			lines = append(lines, readable(dec.Problem.Name+": "+dec.Problem.String()))
		}
	}
	for _, p := range d.result.Problems {
		if p.Severity.Matters() {
			lines = append(lines, readable(p.Name+": "+p.String()))
		}
	}
	own := d.t.Section("Metadata").Get("GrantInvoke")
	written := own.Get(reportMember)
	for line := range written.Items() {
		if s, ok := line.Text(); ok {
			lines = slices.DeleteFunc(lines, func(x string) bool { return x == s })
		}
	}
	if len(lines) == 0 {
		return
	}
	slices.Sort(lines)
	list := "[" + quoteWords(slices.Compact(lines)) + "]"
	at := jsontext.Pointer("/Metadata/GrantInvoke")
	switch {
	case written.Kind() == template.Array:
		for _, line := range slices.Compact(lines) {
			d.result.Edits = append(d.result.Edits, template.Edit{Op: template.Add, At: written.Pointer().AppendToken("-"),
				Value: jsontext.Value(template.Quote(line))})
		}
	case own.Kind() == template.Object:
		d.result.Edits = append(d.result.Edits, template.Edit{Op: template.Add, At: at.AppendToken(reportMember), Value: jsontext.Value(list)})
	default:
		d.writeMembers("Metadata", map[string]string{"GrantInvoke": `{"` + reportMember + `":` + list + "}"})
	}
}
