package template

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
)

// Op tells what an [Edit] does.
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

// An Edit is one change of a template, as data. One function for each notation puts
// edits into a text: [Template.Apply] into JSON, package source into the author's
// text. Every byte that no edit names stays.
type Edit struct {
	Op    Op
	At    jsontext.Pointer // RFC 6901: the member to add, or the value to replace or rename
	Value jsontext.Value   // Add, Replace: compact, valid JSON
	Name  string           // Rename: the new member name
}

// Apply returns the template's bytes with the edits made. Members are added in the
// order of the edits. It fails where the place of an edit doesn't exist, where an
// added member exists already, and where an edit is inside of a replaced value. The
// template doesn't change.
func (t *Template) Apply(edits []Edit) ([]byte, error) { return t.Append(nil, edits) }

// Append appends what [Template.Apply] returns to b.
func (t *Template) Append(b []byte, edits []Edit) ([]byte, error) {
	splices := make([]splice, 0, len(edits))
	added := additions{twice: repeated(edits)}
	start, end := t.index.Span(t.root)
	size := t.Size() + 1
	for i := range edits {
		s, err := t.splice(&edits[i], &added)
		if err != nil {
			return nil, err
		}
		splices = append(splices, s)
		size += len(`,"":`) + len(s.name) + len(s.text)
	}
	if byPlace := func(a, b splice) int { return cmp.Compare(a.from, b.from) }; !slices.IsSortedFunc(splices, byPlace) {
		slices.SortStableFunc(splices, byPlace)
	}
	out := b
	if cap(b)-len(b) < size {
		out = append(jsonindex.Buffer(len(b)+size), b...)
	}
	at := start
	for i := range splices {
		s := &splices[i]
		if s.from < at {
			return nil, fmt.Errorf("two edits overlap at byte %d", s.from)
		}
		out = append(out, t.index.Slice(at, s.from)...)
		if s.comma {
			out = append(out, ',')
		}
		if s.member {
			out = append(AppendQuote(out, s.name), ':')
		}
		out = append(out, s.text...)
		at = s.to
	}
	return append(out, t.index.Slice(at, end)...), nil
}

// repeated returns the places that more than one edit adds to.
func repeated(edits []Edit) map[jsontext.Pointer]bool {
	if ascending(edits) {
		return nil
	}
	places := make([]jsontext.Pointer, 0, len(edits))
	for i := range edits {
		if edits[i].Op == Add {
			places = append(places, edits[i].At)
		}
	}
	slices.Sort(places)
	var twice map[jsontext.Pointer]bool
	for i := 1; i < len(places); i++ {
		if places[i] == places[i-1] {
			if twice == nil {
				twice = map[jsontext.Pointer]bool{}
			}
			twice[places[i]] = true
		}
	}
	return twice
}

// ascending reports whether the pointers of the edits are in strictly ascending
// order.
func ascending(edits []Edit) bool {
	for i := 1; i < len(edits); i++ {
		if edits[i-1].At >= edits[i].At {
			return false
		}
	}
	return true
}

// A splice replaces the bytes [from, to) by text, which a comma and a member's
// name may precede.
type splice struct {
	from, to      int
	comma, member bool
	name          string
	text          []byte
}

// additions is what an edit must know of those before it.
type additions struct {
	twice  map[jsontext.Pointer]bool // places that several add to
	filled map[jsonindex.Node]bool   // the objects and arrays that were empty
	at     jsontext.Pointer          // the last object or array that was added to
	parent Value
}

// split returns the pointer to the object or array that is added to, and the name in
// it. Most edits add to the same one as the edit before.
func (x *additions) split(at jsontext.Pointer) (parent jsontext.Pointer, name string) {
	if n := len(x.at); n > 0 && len(at) > n && at[:n] == x.at && at[n] == '/' {
		if rest := string(at[n+1:]); strings.IndexByte(rest, '/') < 0 && strings.IndexByte(rest, '~') < 0 {
			return x.at, rest
		}
	}
	return at.Parent(), at.LastToken()
}

func (t *Template) splice(e *Edit, added *additions) (splice, error) {
	if e.Op == Add {
		return t.addition(e, added)
	}
	v := t.At(e.At)
	if !v.Exists() {
		return splice{}, fmt.Errorf("%s: nothing there to edit", e.At)
	}
	if e.Op == Rename {
		from, to, ok := t.index.NameSpan(v.n)
		if !ok {
			return splice{}, fmt.Errorf("%s: no member to rename", e.At)
		}
		return splice{from: from, to: to, text: AppendQuote(nil, e.Name)}, nil
	}
	from, to := t.index.Span(v.n)
	return splice{from: from, to: to, text: e.Value}, nil
}

// addition returns the splice that adds a member or element.
func (t *Template) addition(e *Edit, added *additions) (splice, error) {
	at, name := added.split(e.At)
	if at != added.at || !added.parent.Exists() {
		added.at, added.parent = at, t.At(at)
	}
	parent := added.parent
	kind := parent.Kind()
	if kind != Object && (kind != Array || name != "-") {
		return splice{}, fmt.Errorf("%s: no object to add to", e.At)
	}
	_, end := t.index.Span(parent.n)
	s := splice{from: end - 1, to: end - 1, comma: true, text: e.Value}
	if t.index.First(parent.n) == 0 {
		if s.comma = added.filled[parent.n]; !s.comma {
			if added.filled == nil {
				added.filled = map[jsonindex.Node]bool{}
			}
			added.filled[parent.n] = true
		}
	}
	if kind == Array {
		return s, nil
	}
	if added.twice[e.At] || parent.Get(name).Exists() {
		return splice{}, fmt.Errorf("%s: is there already", e.At)
	}
	s.member, s.name = true, name
	return s, nil
}
