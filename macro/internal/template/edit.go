package template

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Op says what an [Edit] does.
type Op uint8

const (
	// Add puts a new member at the end of an object that exists, or an
	// element at the end of an array when the last token of At is "-".
	Add Op = iota + 1
	// Replace writes Value over the value at At.
	Replace
	// Rename gives the object member at At the name Name and keeps its value.
	Rename
)

// An Edit is one change to a template, as data: rules return edits, and one
// function for each notation (JSON here, the author's YAML in package source)
// puts them into the text. Whatever no edit names stays byte for byte.
type Edit struct {
	Op    Op
	At    jsontext.Pointer // RFC 6901: the member to add, or the value to replace or rename
	Value jsontext.Value   // Add, Replace: compact, valid JSON
	Name  string           // Rename: the new member name
}

// Apply returns the template's bytes with the edits spliced in. Members are
// added in the order of the edits. It fails, changing nothing, when an edit's
// place does not exist, exists already, or lies inside another replaced value.
func (t *Template) Apply(edits []Edit) ([]byte, error) { return t.Append(nil, edits) }

// Append appends what [Template.Apply] returns to b.
func (t *Template) Append(b []byte, edits []Edit) ([]byte, error) {
	splices := make([]splice, 0, len(edits))
	added := additions{names: make(map[member]bool, len(edits)), to: map[int32]bool{}}
	root := t.node(t.root)
	size := t.Size() + 1
	for _, e := range edits {
		s, err := t.splice(e, added)
		if err != nil {
			return nil, err
		}
		splices = append(splices, s)
		size += len(`,"":`) + len(s.name) + len(s.text)
	}
	slices.SortStableFunc(splices, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
	out := slices.Grow(b, size)
	at := int(root.start)
	for _, s := range splices {
		if s.from < at {
			return nil, fmt.Errorf("two edits overlap at byte %d", s.from)
		}
		out = append(out, t.text[at:s.from]...)
		if s.comma {
			out = append(out, ',')
		}
		if s.member {
			out = append(AppendQuote(out, s.name), ':')
		}
		out = append(out, s.text...)
		at = s.to
	}
	return append(out, t.text[at:root.end]...), nil
}

// A splice replaces the bytes [from, to) by text, which a comma and a member's
// name may precede.
type splice struct {
	from, to      int
	comma, member bool
	name          string
	text          []byte
}

// additions are the members that edits have added so far.
type additions struct {
	names map[member]bool
	to    map[int32]bool // the objects and arrays that have got any
}

type member struct {
	of   int32
	name string
}

func (t *Template) splice(e Edit, added additions) (splice, error) {
	if e.Op == Add {
		return t.addition(e, added)
	}
	v := t.At(e.At)
	if !v.Exists() {
		return splice{}, fmt.Errorf("%s: nothing there to edit", e.At)
	}
	n := t.node(v.i)
	if e.Op == Rename {
		if n.key == 0 {
			return splice{}, fmt.Errorf("%s: no member to rename", e.At)
		}
		return splice{from: int(n.key) - 1, to: stringEnd(t.text, int(n.key)-1), text: AppendQuote(nil, e.Name)}, nil
	}
	return splice{from: int(n.start), to: int(n.end), text: e.Value}, nil
}

// addition adds a member or element.
func (t *Template) addition(e Edit, added additions) (splice, error) {
	parent := t.At(e.At.Parent())
	name := e.At.LastToken()
	kind := parent.Kind()
	if kind != Object && (kind != Array || name != "-") {
		return splice{}, fmt.Errorf("%s: no object to add to", e.At)
	}
	end := int(t.node(parent.i).end) - 1
	s := splice{from: end, to: end, comma: t.firstChild(parent.i) != 0 || added.to[parent.i], text: e.Value}
	added.to[parent.i] = true
	if kind == Array {
		return s, nil
	}
	if added.names[member{parent.i, name}] || parent.Get(name).Exists() {
		return splice{}, fmt.Errorf("%s: is there already", e.At)
	}
	added.names[member{parent.i, name}] = true
	s.member, s.name = true, name
	return s, nil
}
