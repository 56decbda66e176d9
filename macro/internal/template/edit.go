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
	members := map[int32]map[string]bool{}
	for _, e := range edits {
		s, err := t.splice(e, members)
		if err != nil {
			return nil, err
		}
		splices = append(splices, s)
	}
	slices.SortStableFunc(splices, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
	size := len(t.text)
	for _, s := range splices {
		size += len(s.head) + len(s.text)
	}
	out := slices.Grow(b, size+1)
	at := 0
	for _, s := range splices {
		if s.from < at {
			return nil, fmt.Errorf("two edits overlap at byte %d", s.from)
		}
		out = append(append(append(out, t.text[at:s.from]...), s.head...), s.text...)
		at = s.to
	}
	return append(out, t.text[at:]...), nil
}

// A splice replaces the bytes [from, to) by head and text.
type splice struct {
	from, to int
	head     string
	text     []byte
}

func (t *Template) splice(e Edit, members map[int32]map[string]bool) (splice, error) {
	if e.Op == Add {
		return t.addition(e, members)
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
		return splice{int(n.key) - 1, t.stringEnd(int(n.key) - 1), Quote(e.Name), nil}, nil
	}
	return splice{int(n.start), int(n.end), "", e.Value}, nil
}

// addition adds a member or element. members are the names of the objects
// that something was added to.
func (t *Template) addition(e Edit, members map[int32]map[string]bool) (splice, error) {
	parent := t.At(e.At.Parent())
	name := e.At.LastToken()
	kind := parent.Kind()
	if kind != Object && (kind != Array || name != "-") {
		return splice{}, fmt.Errorf("%s: no object to add to", e.At)
	}
	names := members[parent.i]
	if names == nil {
		names = map[string]bool{}
		for n := range parent.Members() {
			names[n] = true
		}
		members[parent.i] = names
	}
	end := int(t.node(parent.i).end) - 1
	comma := ","
	if len(names) == 0 && parent.Len() == 0 {
		comma = ""
	}
	if kind == Array {
		names[string(e.Value)] = true
		return splice{end, end, comma, e.Value}, nil
	}
	if names[name] {
		return splice{}, fmt.Errorf("%s: is there already", e.At)
	}
	names[name] = true
	return splice{end, end, comma + Quote(name) + ":", e.Value}, nil
}
