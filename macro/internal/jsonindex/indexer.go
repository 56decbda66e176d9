package jsonindex

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// maxNesting is how deep values may be nested; jsontext has the same limit.
const maxNesting = 10_000

// An indexer reads JSON text once: it checks that the text is one value (RFC 8259,
// with valid UTF-8 and names that are unique in their object, as RFC 7493 wants it)
// and notes where each value is. Its methods take an offset of the text and return
// the one after what they have read, or -1 where the text isn't valid; fault then
// tells why.
type indexer struct {
	Index
	src          []byte   // the text
	fingerprints []uint64 // of the names of all members, so far, of the objects that are open
}

// read reads the text; it reports false where the text isn't valid.
func (x *indexer) read() bool {
	p, _ := x.next(0)
	root, _ := x.add(0, 0)
	if p = x.value(p, root, maxNesting); p >= 0 {
		p, _ = x.next(p)
	}
	return p == len(x.text)
}

// fault returns what is wrong with text that isn't valid.
func fault(src []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(src))
	if _, err := d.ReadValue(); err != nil {
		return err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return errors.New("no valid JSON")
}

// add appends a node. last is the node of its preceding sibling, 0 where it is the
// first. The pointer is valid until the next node is added.
func (x *indexer) add(parent, last int32) (int32, *node) {
	i := len(x.nodes)
	if i < cap(x.nodes) {
		x.nodes = x.nodes[:i+1]
	} else {
		x.nodes = append(x.nodes, node{})
	}
	n := &x.nodes[i]
	*n = node{parent: parent}
	if last != 0 {
		x.nodes[last].next = int32(i)
	}
	return int32(i), n
}

// value reads the value of node i, which begins at p. depth is how much deeper
// values may be nested.
func (x *indexer) value(p int, i int32, depth int) int {
	n := &x.nodes[i]
	n.start, n.kind = int32(p), kinds[x.at(p)]
	switch n.kind {
	case String:
		return x.str(n, p)
	case Object, Array:
		if depth == 0 {
			return -1
		}
		if n.kind == Object {
			p = x.object(p, i, depth-1)
		} else {
			p = x.array(p, i, depth-1)
		}
	case Number:
		p = x.number(p)
	case Bool, Null:
		p = x.word(p)
	default:
		return -1
	}
	x.nodes[i].end = int32(p)
	return p
}

// str reads the string of a node, which begins at p.
func (x *indexer) str(n *node, p int) int {
	end, backslash := x.quoted(p)
	if n.start, n.end, n.kind = int32(p), int32(end), String; backslash {
		n.flags |= escaped
	}
	return end
}

// kinds tells the kind of a value by its first byte.
var kinds = [256]Kind{'{': Object, '[': Array, '"': String, 't': Bool, 'f': Bool, 'n': Null, '-': Number,
	'0': Number, '1': Number, '2': Number, '3': Number, '4': Number, '5': Number, '6': Number, '7': Number, '8': Number, '9': Number}

// object reads the members of node i, an object that begins at p.
func (x *indexer) object(p int, i int32, depth int) int {
	p, b := x.next(p + 1)
	if b == '}' {
		return p + 1
	}
	x.nodes[i].flags |= filled
	m := members{of: i, open: len(x.fingerprints)}
	for c := int32(0); ; {
		if b != '"' {
			return -1
		}
		start := p + 1
		end, backslash := x.quoted(p)
		if end < 0 {
			return -1
		}
		if p, b = x.next(end); b != ':' {
			return -1
		}
		var n *node
		if c, n = x.add(i, c); !x.name(&m, c, n, start, end-1-start, backslash) {
			return -1
		}
		if p, b = x.next(p + 1); b == '"' { // most are
			p = x.str(n, p)
		} else {
			p = x.value(p, c, depth)
		}
		if p < 0 {
			return -1
		}
		switch p, b = x.next(p); b {
		case ',':
			p, b = x.next(p + 1)
		case '}':
			x.fingerprints = x.fingerprints[:m.open]
			return p + 1
		default:
			return -1
		}
	}
}

// array reads the elements of node i, an array that begins at p.
func (x *indexer) array(p int, i int32, depth int) int {
	p, b := x.next(p + 1)
	if b == ']' {
		return p + 1
	}
	x.nodes[i].flags |= filled
	for c := int32(0); ; {
		c, _ = x.add(i, c)
		if p = x.value(p, c, depth); p < 0 {
			return -1
		}
		switch p, b = x.next(p); b {
		case ',':
			p, _ = x.next(p + 1)
		case ']':
			return p + 1
		default:
			return -1
		}
	}
}
