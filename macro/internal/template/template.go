// Package template is the CloudFormation document: it reads a fragment,
// remembers where each value stands, speaks the template language (Ref, GetAtt,
// Sub, Join, If, Select, Split, FindInMap, conditions) and applies edits by
// splicing. It knows no resource type.
//
// A fragment is validated and indexed in one pass. Nothing is ever changed in
// place, and no part of the document is decoded into maps, so that number text,
// key order, nulls and unknown members survive.
package template

import (
	"strings"
	"sync"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
)

// A Template is one fragment and the index over it. It is immutable for its
// users but fills some of its indexes lazily: it is not safe for concurrent use.
type Template struct {
	text      string
	nodes     []node
	tables    map[int32]*table // the members of objects with many, by name
	heard     names            // of members, in the whole text
	spelled   bool             // letters may stand as \u…
	root      int32
	resources []Resource
	section   Value             // Resources
	recent    Resource          // the one that was asked for last
	solver    *solver           // what conditions mean
	named     *solver           // how they are made of one another
	composed  []string          // the conditions that are made of others; nil: nobody has asked
	defined   map[string]string // the conditions by their definitions
}

// A Resource is one object under Resources that has a string as its Type.
type Resource struct {
	ID   string
	Type string
	Value
	properties, condition int32 // their nodes
}

// resource reads the value as a resource; false where it is none: loops
// (Fn::ForEach) are arrays.
func (v Value) resource(id string) (Resource, bool) {
	r := Resource{ID: id, Value: v}
	ok := false
	for name, m := range v.Members() {
		switch name {
		case "Type":
			r.Type, ok = m.Text()
		case "Properties":
			r.properties = m.i
		case "Condition":
			r.condition = m.i
		}
	}
	return r, ok
}

// Properties returns the resource's Properties, absent when there are none.
func (r Resource) Properties() Value { return Value{r.t, r.properties} }

// Condition returns the guard that the resource's Condition attribute stands
// for, empty when it has none.
func (r Resource) Condition() Guard {
	if name, ok := (Value{r.t, r.condition}).Text(); ok {
		return Guard{{Cond: name}}
	}
	return nil
}

// Parse validates the JSON text and indexes it. The text must not change as
// long as the template is used, which keeps no copy of it. The error says what
// is wrong and where: syntax, invalid UTF-8, duplicate member names.
func Parse(src []byte) (*Template, error) {
	x, ok := index(unsafe.String(unsafe.SliceData(src), len(src)))
	if !ok {
		return nil, fault(src)
	}
	return x.template(1), nil
}

// Index indexes JSON text that is known to be valid (RFC 8259, unique member
// names): a part of something that was validated before. Of other text it makes
// the template null.
func Index[T ~string | ~[]byte](src T) *Template {
	x, ok := index(string(src))
	if !ok {
		x, _ = index("null")
	}
	return x.template(1)
}

// Document returns the value as a template of its own, to which pointers are
// relative.
func (v Value) Document() *Template {
	x := indexer{text: v.t.text, nodes: v.t.nodes, tables: v.t.tables, heard: v.t.heard, spelled: v.t.spelled}
	return x.template(v.i)
}

func (x indexer) template(root int32) *Template {
	t := &Template{text: x.text, nodes: x.nodes, tables: x.tables, heard: x.heard, spelled: x.spelled, root: root}
	t.indexResources()
	return t
}

// spare holds the nodes of templates that are no longer used.
var spare sync.Pool

// Nodes of a text of manyBytes are worth keeping; those of a text of hugeBytes
// take so much memory that they are counted before.
const (
	manyBytes = 4 << 10
	hugeBytes = 1 << 20
)

// newNodes returns room for the nodes of a text, the first of which is none.
func newNodes(text string) []node {
	if len(text) < manyBytes {
		return make([]node, 1, 2+len(text)/8)
	}
	least := len(text) / 32
	if len(text) >= hugeBytes { // a value is the first of all or of what is open, or follows a comma
		least = 2 + strings.Count(text, ",") + strings.Count(text, "[") + strings.Count(text, "{")
	}
	if kept, ok := spare.Get().(*[]node); ok && cap(*kept) >= least {
		return (*kept)[:1]
	}
	return make([]node, 1, least)
}

// Release gives the memory of the index back, for the next template: neither
// the template nor any value or document of it may be used afterwards. Whoever
// doesn't care leaves it to the garbage collector.
func (t *Template) Release() {
	if nodes := t.nodes; len(t.text) >= manyBytes {
		spare.Put(&nodes)
	}
	t.nodes = nil
}

// indexResources lists the resources.
func (t *Template) indexResources() {
	t.section = t.Section("Resources")
	if t.section.Kind() != Object {
		return
	}
	t.resources = make([]Resource, 0, t.section.Len())
	for id, v := range t.section.Members() {
		if r, ok := v.resource(id); ok {
			t.resources = append(t.resources, r)
		}
	}
}

// Bytes returns the text that was indexed.
func (t *Template) Bytes() []byte { return []byte(t.Root().Raw()) }

// MayHave reports whether a member anywhere in the document may have one of the
// names: a quick look before a longer one.
func (t *Template) MayHave(names ...string) bool {
	for _, name := range names {
		if t.heard.may(name) && t.Root().Mentions(name) {
			return true
		}
	}
	return false
}

// Size returns how many bytes were indexed.
func (t *Template) Size() int { return len(t.Root().Raw()) }

// Root returns the whole document as a value.
func (t *Template) Root() Value { return Value{t, t.root} }

// Section returns a top-level member such as Conditions, absent when there is none.
func (t *Template) Section(name string) Value { return t.Root().Get(name) }

// Resources returns the resources in document order.
func (t *Template) Resources() []Resource { return t.resources }

// Resource returns the resource with the logical id.
func (t *Template) Resource(id string) (Resource, bool) {
	if t.recent.t == nil || t.recent.ID != id {
		r, ok := t.section.Get(id).resource(id)
		if !ok {
			return Resource{}, false
		}
		t.recent = r
	}
	return t.recent, true
}

// Taken reports whether Resources has a member of that name, a resource or not.
func (t *Template) Taken(id string) bool { return t.section.Get(id).Exists() }

// At returns the value at the pointer, absent when there is none.
func (t *Template) At(p jsontext.Pointer) Value {
	v := t.Root()
	for token := range p.Tokens() {
		switch v.Kind() {
		case Object:
			v = v.Get(token)
		case Array:
			v = v.item(token)
		default:
			return Value{}
		}
	}
	return v
}
