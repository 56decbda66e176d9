package template

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Decode reads the decoder's next value as a template. src is the whole input
// of the decoder. The one pass that validates the text also notes where the
// resources and their members lie; what they hold is read when it is asked for.
func Decode(d *jsontext.Decoder, src []byte) (*Template, error) {
	before := int(d.InputOffset())
	if d.PeekKind() != '{' {
		v, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		return Index(v), nil
	}
	x := &indexer{Decoder: d, src: src, t: &Template{nodes: make([]node, 2, 64+(len(src)-before)/24)}}
	x.base = skipTo(src, before)
	if err := x.object(1, 0); err != nil {
		return nil, err
	}
	x.t.text = string(src[x.base : x.base+int(x.t.nodes[1].end)])
	x.t.indexResources()
	return x.t, nil
}

// An indexer fills the arena while the decoder validates.
type indexer struct {
	*jsontext.Decoder
	src  []byte
	base int // where the template begins in src
	t    *Template
}

// object reads the object that the decoder stands before. depth is 0 for the
// template, 1 for Resources, 2 for a resource.
func (x *indexer) object(i int32, depth int) error {
	x.t.nodes[i] = node{start: x.next(), kind: Object, read: true, key: x.t.nodes[i].key,
		parent: x.t.nodes[i].parent, escapedKey: x.t.nodes[i].escapedKey}
	if _, err := x.ReadToken(); err != nil {
		return err
	}
	last := int32(0)
	for x.PeekKind() == '"' {
		c := int32(len(x.t.nodes))
		n := node{parent: i, key: x.next() + 1}
		name, err := x.ReadToken()
		if err != nil {
			return err
		}
		isResources := depth == 0 && name.String() == "Resources"
		n.escapedKey = bytes.IndexByte(x.src[x.base+int(n.key):x.InputOffset()], '\\') >= 0
		x.t.nodes = append(x.t.nodes, n)
		if last == 0 {
			x.t.nodes[i].child = c
		} else {
			x.t.nodes[last].next = c
		}
		last = c
		if x.PeekKind() == '{' && (isResources || depth == 1) {
			err = x.object(c, depth+1)
		} else {
			err = x.value(c)
		}
		if err != nil {
			return err
		}
	}
	_, err := x.ReadToken()
	x.t.nodes[i].end = int32(x.InputOffset()) - int32(x.base)
	return err
}

// value passes over a value.
func (x *indexer) value(c int32) error {
	n := &x.t.nodes[c]
	n.start = x.next()
	if err := x.SkipValue(); err != nil {
		return err
	}
	n.end = int32(x.InputOffset()) - int32(x.base)
	text := x.src[x.base+int(n.start) : x.base+int(n.end)]
	n.kind = kindOf(text[0])
	n.read = n.kind < Array
	n.escaped = n.kind == String && bytes.IndexByte(text, '\\') >= 0
	return nil
}

// next is where the decoder's next token begins, in the template.
func (x *indexer) next() int32 { return int32(skipTo(x.src, int(x.InputOffset())) - x.base) }

// skipTo passes over white space, the comma and the colon before a value.
func skipTo(src []byte, p int) int {
	for p < len(src) {
		switch src[p] {
		case ' ', '\n', '\r', '\t', ',', ':':
			p++
		default:
			return p
		}
	}
	return p
}
