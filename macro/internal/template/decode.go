package template

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Decode reads the decoder's next value as a template. src is the whole input
// of the decoder. The one pass that validates the text also notes where the
// resources lie; what they hold is read when it is asked for.
func Decode(d *jsontext.Decoder, src []byte) (*Template, error) {
	before := int(d.InputOffset())
	if d.PeekKind() != '{' {
		v, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		return Index(v), nil
	}
	x := &indexer{Decoder: d, src: src, t: &Template{}}
	x.t.nodes.add(node{})
	x.t.nodes.add(node{})
	x.base = skipTo(src, before)
	if err := x.object(1, true); err != nil {
		return nil, err
	}
	x.t.text = string(src[x.base : x.base+int(x.t.node(1).end)])
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

// object reads the object that the decoder stands before: the template, or its
// Resources.
func (x *indexer) object(i int32, top bool) error {
	x.t.node(i).start, x.t.node(i).kind, x.t.node(i).read = x.next(), Object, true
	if _, err := x.ReadToken(); err != nil {
		return err
	}
	last := int32(0)
	for x.PeekKind() == '"' {
		n := node{parent: i, key: x.next() + 1}
		name, err := x.ReadToken()
		if err != nil {
			return err
		}
		isResources := top && name.String() == "Resources"
		n.escapedKey = bytes.IndexByte(x.src[x.base+int(n.key):x.InputOffset()], '\\') >= 0
		last = x.t.attach(n, last)
		if isResources && x.PeekKind() == '{' {
			err = x.object(last, false)
		} else {
			err = x.value(last)
		}
		if err != nil {
			return err
		}
	}
	_, err := x.ReadToken()
	x.t.node(i).end = int32(x.InputOffset()) - int32(x.base)
	return err
}

// value passes over a value.
func (x *indexer) value(c int32) error {
	text, err := x.ReadValue()
	if err != nil {
		return err
	}
	n := x.t.node(c)
	n.end = int32(x.InputOffset()) - int32(x.base)
	n.start = n.end - int32(len(text))
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
