package golden

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// A tree is a JSON value and where it is in its text. The goldens compare input and output
// by trees, which share nothing with the package that makes the edits.
type tree struct {
	kind     jsontext.Kind
	from, to int // in text
	text     string
	members  []member // of an object
	items    []*tree  // of an array
}

type member struct {
	name    string
	at, end int // of the name, with its quotes
	value   *tree
}

func plant(t *testing.T, text []byte) *tree {
	t.Helper()
	d := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true))
	v, err := grow(d, string(text))
	if err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return v
}

func grow(d *jsontext.Decoder, text string) (*tree, error) {
	v := &tree{kind: d.PeekKind(), text: text, from: next(text, d.InputOffset())}
	if v.kind != '{' && v.kind != '[' {
		_, err := d.ReadValue()
		v.to = int(d.InputOffset())
		return v, err
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	for d.PeekKind() != '}' && d.PeekKind() != ']' {
		m := member{at: next(text, d.InputOffset())}
		if v.kind == '{' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			m.name, m.end = name.String(), int(d.InputOffset())
		}
		var err error
		if m.value, err = grow(d, text); err != nil {
			return nil, err
		}
		if v.kind == '{' {
			v.members = append(v.members, m)
		} else {
			v.items = append(v.items, m.value)
		}
	}
	_, err := d.ReadToken()
	v.to = int(d.InputOffset())
	return v, err
}

// next returns where the token after offset begins.
func next(text string, offset int64) int {
	rest := text[offset:]
	return int(offset) + len(rest) - len(strings.TrimLeft(rest, " \t\r\n,:"))
}

func (v *tree) raw() string { return v.text[v.from:v.to] }

func (v *tree) get(name string) *tree {
	if v != nil {
		for _, m := range v.members {
			if m.name == name {
				return m.value
			}
		}
	}
	return nil
}

// indented is the value for people: one line where it fits.
func (v *tree) indented(newline string) string {
	var parts []string
	inner := newline + "  "
	for _, m := range v.members {
		parts = append(parts, v.text[m.at:m.end]+": "+m.value.indented(inner))
	}
	for _, x := range v.items {
		parts = append(parts, x.indented(inner))
	}
	if v.kind != '{' && v.kind != '[' {
		return v.raw()
	}
	open, end := v.raw()[:1], v.raw()[v.to-v.from-1:]
	if line := open + strings.Join(parts, ", ") + end; len(line) <= 90 && !strings.Contains(line, "\n") {
		return line
	}
	return open + inner + strings.Join(parts, ","+inner) + newline + end
}

// A comparison is what an output has more or different than its input.
type comparison struct {
	added   string   // JSON: of the input's objects only what is new in them; "" for nothing
	new     []change // the same, one by one
	changed []change // replaced values and renamed members
	cuts    []cut    // these undo all of that in the output
	lost    []string // what isn't there any more, or was moved
}

// A change is a value that is new, replaced, or under another name.
type change struct {
	at       jsontext.Pointer
	old, now string // JSON; the names where it is renamed
	renamed  bool
}

func (c change) String() string {
	if c.renamed {
		return fmt.Sprintf("%s: renamed %s", c.at, c.now)
	}
	return fmt.Sprintf("%s: %s -> %s", c.at, c.old, c.now)
}

type cut struct {
	from, to int
	text     string
}

func compare(in, out *tree) *comparison {
	c := &comparison{}
	c.added = c.values("", in, out)
	return c
}

// restored returns the output with every addition cut out and every change
// taken back: the input, where the macro left all else as it was.
func (c *comparison) restored(out []byte) []byte {
	slices.SortFunc(c.cuts, func(a, b cut) int { return a.from - b.from })
	var b []byte
	at := 0
	for _, x := range c.cuts {
		b = append(append(b, out[at:x.from]...), x.text...)
		at = x.to
	}
	return append(b, out[at:]...)
}

func (c *comparison) values(at jsontext.Pointer, in, out *tree) (added string) {
	switch {
	case in.raw() == out.raw():
		return ""
	case in.kind == '{' && out.kind == '{' && kept(in, out):
		return c.objects(at, in, out)
	case in.kind == '[' && out.kind == '[' && len(in.items) <= len(out.items):
		return c.arrays(at, in, out)
	}
	c.changed = append(c.changed, change{at: at, old: in.raw(), now: out.raw()})
	c.cuts = append(c.cuts, cut{out.from, out.to, in.raw()})
	return ""
}

// kept reports whether out is in with more members, and not another object.
func kept(in, out *tree) bool {
	return len(in.members) == 0 || slices.ContainsFunc(in.members, func(m member) bool { return out.get(m.name) != nil })
}

func (c *comparison) objects(at jsontext.Pointer, in, out *tree) string {
	var parts []string
	i, before := 0, 0
	for _, m := range out.members {
		place := at.AppendToken(m.name)
		switch {
		case i < len(in.members) && in.members[i].name == m.name:
		case in.get(m.name) != nil:
			c.lost = append(c.lost, string(place)+" has moved")
			continue
		case i < len(in.members) && out.get(in.members[i].name) == nil:
			old := in.members[i]
			c.changed = append(c.changed, change{at.AppendToken(old.name), old.name, m.name, true})
			c.cuts = append(c.cuts, cut{m.at, m.end, in.text[old.at:old.end]})
		default:
			parts = append(parts, out.text[m.at:m.end]+":"+m.value.raw())
			c.new = append(c.new, change{at: place, now: m.value.raw()})
			c.cuts = append(c.cuts, out.insertion(before, m.at, m.value.to))
			before = m.value.to
			continue
		}
		if sub := c.values(place, in.members[i].value, m.value); sub != "" {
			parts = append(parts, out.text[m.at:m.end]+":"+sub)
		}
		before = m.value.to
		i++
	}
	for _, m := range in.members[i:] {
		c.lost = append(c.lost, string(at.AppendToken(m.name)))
	}
	return braced(parts)
}

// arrays shows an array's new elements by their index.
func (c *comparison) arrays(at jsontext.Pointer, in, out *tree) string {
	var parts []string
	before := 0
	for j, x := range out.items {
		name := strconv.Itoa(j)
		if j >= len(in.items) {
			parts = append(parts, strconv.Quote(name)+":"+x.raw())
			c.new = append(c.new, change{at: at.AppendToken(name), now: x.raw()})
			c.cuts = append(c.cuts, out.insertion(before, x.from, x.to))
		} else if sub := c.values(at.AppendToken(name), in.items[j], x); sub != "" {
			parts = append(parts, strconv.Quote(name)+":"+sub)
		}
		before = x.to
	}
	return braced(parts)
}

func braced(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// insertion is what to cut to remove the value at [from, to), which follows the one that
// ends at before; before is 0 for the first.
func (v *tree) insertion(before, from, to int) cut {
	if before > 0 {
		from = before + strings.IndexByte(v.text[before:], ',')
	}
	return cut{from: from, to: to}
}
