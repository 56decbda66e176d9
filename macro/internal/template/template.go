// Package template is the CloudFormation document: it reads a fragment,
// remembers where each value stands, speaks the template language (Ref, GetAtt,
// Sub, Join, If, Select, Split, FindInMap, conditions) and applies edits by
// splicing. It knows no resource type.
//
// A fragment is validated once and indexed shallowly; a resource is read when
// somebody asks for it. Nothing is ever changed in place, and no part of the
// document is decoded into maps, so that number text, key order, nulls and
// unknown members survive.
package template

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A Template is one fragment and the index over it. It is immutable for its
// users but fills its index lazily: it is not safe for concurrent use.
type Template struct {
	text      string
	nodes     arena
	resources []Resource
	section   Value                      // Resources
	spelled   int8                       // whether letters stand as \u…: 1 yes, -1 no, 0 nobody has looked
	large     map[int32]map[string]int32 // the members of objects with many, by name
	solver    *solver                    // what conditions mean
	named     *solver                    // how they are made of one another
}

// A Resource is one object under Resources that has a string as its Type.
type Resource struct {
	ID   string
	Type string
	Value
}

// Properties returns the resource's Properties, absent when there are none.
func (r Resource) Properties() Value { return r.Get("Properties") }

// Condition returns the guard that the resource's Condition attribute stands
// for, empty when it has none.
func (r Resource) Condition() Guard {
	if name, ok := r.Get("Condition").Text(); ok {
		return Guard{{Cond: name}}
	}
	return nil
}

// Parse validates the JSON text and indexes it. The error says what is wrong
// and where: syntax, invalid UTF-8, duplicate member names.
func Parse(src []byte) (*Template, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(src))
	t, err := Decode(d, src)
	if err != nil {
		return nil, fmt.Errorf("fragment: %w", err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("fragment: more than one JSON value")
	}
	return t, nil
}

// Index indexes JSON text that is known to be valid (RFC 8259, unique member
// names): a part of something that was validated before. Text that is not
// valid gives a meaningless index.
func Index(src []byte) *Template {
	t := newTemplate(string(src))
	t.shallow(1)
	t.shallow(t.Section("Resources").i)
	t.indexResources()
	return t
}

func newTemplate(text string) *Template {
	first := make([]node, 0, min(2+len(text)/16, chunk)) // most such texts are short
	t := &Template{text: text, nodes: arena{chunks: [][]node{first}}}
	t.nodes.add(node{})
	p := skipSpace(text, 0)
	root := node{start: int32(p), end: int32(skipValue(text, p)), kind: kindAt(text, p)}
	root.escaped = root.kind == String && strings.Contains(text, `\`)
	t.nodes.add(root)
	return t
}

// indexResources lists the resources, whose section is in the arena by now.
func (t *Template) indexResources() {
	t.section = t.Section("Resources")
	t.resources = make([]Resource, 0, t.section.Len())
	for id, v := range t.section.Members() {
		if v.Kind() != Object {
			continue // Fn::ForEach loops are arrays
		}
		if typ := t.peek(v.i, "Type"); typ != "" && kindAt(typ, 0) == String {
			t.resources = append(t.resources, Resource{ID: id, Type: unquote(typ, strings.IndexByte(typ, '\\') >= 0), Value: v})
		}
	}
}

// Bytes returns the text that was indexed.
func (t *Template) Bytes() []byte { return []byte(t.text) }

// Mentions reports whether one of the words may stand anywhere in the text: a
// quick look before a longer one.
func (t *Template) Mentions(words ...string) bool { return t.Root().Mentions(words...) }

// Size returns how many bytes were indexed.
func (t *Template) Size() int { return len(t.text) }

// Root returns the whole document as a value.
func (t *Template) Root() Value { return Value{t, 1} }

// Section returns a top-level member such as Conditions, absent when there is none.
func (t *Template) Section(name string) Value { return t.Root().Get(name) }

// Resources returns the resources in document order.
func (t *Template) Resources() []Resource { return t.resources }

// Resource returns the resource with the logical id.
func (t *Template) Resource(id string) (Resource, bool) {
	i, ok := slices.BinarySearchFunc(t.resources, t.section.Get(id).i, func(r Resource, i int32) int { return cmp.Compare(r.i, i) })
	if !ok {
		return Resource{}, false
	}
	return t.resources[i], true
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
