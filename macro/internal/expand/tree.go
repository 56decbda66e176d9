package expand

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of a document, and of what an expansion may make of a template: more than
// CloudFormation takes (1 MB).
const (
	maxDepth = 500
	maxNodes = 1 << 20
	maxBytes = 32 << 20
)

// A node is one value. Nodes never change once they are in a tree: an expansion
// makes new nodes, which may have old ones as children.
type node struct {
	kind     jsontext.Kind // an object's is '{', an array's '['; 't' for both booleans
	name     string        // of a member
	raw      string        // the JSON text of a scalar
	children []*node

	up     *node // in the document that it was read from
	doc    int   // the index of that document
	from   *node // of a new node: the one that it was made of
	copied bool  // made by a loop, of which there may be others from the same text
	made   bool  // computed, so that its text stands nowhere
}

// parse reads a JSON text. doc is the index of the document.
func parse(src []byte, doc int) (*node, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(src))
	p := parser{Decoder: d, doc: doc}
	root, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("is no single JSON value")
	}
	return root, nil
}

type parser struct {
	*jsontext.Decoder
	doc, nodes int
}

func (p *parser) value(depth int) (*node, error) {
	p.nodes++
	if depth > maxDepth || p.nodes > maxNodes {
		return nil, errTooLarge
	}
	n := &node{kind: p.PeekKind(), doc: p.doc}
	if n.kind != '{' && n.kind != '[' {
		v, err := p.ReadValue()
		n.raw = string(v)
		if n.kind == 'f' {
			n.kind = 't'
		}
		return n, err
	}
	if _, err := p.ReadToken(); err != nil {
		return nil, err
	}
	for k := p.PeekKind(); k != '}' && k != ']'; k = p.PeekKind() {
		name := ""
		if n.kind == '{' {
			token, err := p.ReadToken()
			if err != nil {
				return nil, err
			}
			name = token.String()
		}
		child, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		child.name, child.up = name, n
		n.children = append(n.children, child)
	}
	_, err := p.ReadToken()
	return n, err
}

var errTooLarge = fmt.Errorf("has more than %d values, %d bytes or %d levels", maxNodes, maxBytes, maxDepth)

// json returns the JSON text of a tree, in which one node may be in several places.
func (n *node) json() ([]byte, error) {
	b := n.encode(nil)
	if len(b) > maxBytes {
		return nil, errTooLarge
	}
	return b, nil
}

// encode appends the JSON text of the value to b, until that is too large.
func (n *node) encode(b []byte) []byte {
	if len(b) > maxBytes {
		return b
	}
	if n.kind != '{' && n.kind != '[' {
		return append(b, n.raw...)
	}
	b = append(b, byte(n.kind))
	for i, child := range n.children {
		if i > 0 {
			b = append(b, ',')
		}
		if n.kind == '{' {
			b = append(b, quote(child.name)...)
			b = append(b, ':')
		}
		b = child.encode(b)
	}
	if n.kind == '{' {
		return append(b, '}')
	}
	return append(b, ']')
}

// get returns the member of the name, or nil.
func (n *node) get(name string) *node {
	if n == nil || n.kind != '{' {
		return nil
	}
	for _, child := range n.children {
		if child.name == name {
			return child
		}
	}
	return nil
}

// names returns the names of the members.
func (n *node) names() map[string]bool {
	out := make(map[string]bool, len(n.children))
	for _, child := range n.children {
		out[child.name] = true
	}
	return out
}

// item returns the element, or nil.
func (n *node) item(i int) *node {
	if n == nil || n.kind != '[' || i >= len(n.children) {
		return nil
	}
	return n.children[i]
}

// only returns the one member of an object that has no other.
func (n *node) only() (name string, value *node) {
	if n == nil || n.kind != '{' || len(n.children) != 1 {
		return "", nil
	}
	return n.children[0].name, n.children[0]
}

// text returns the text of a string.
func (n *node) text() (string, bool) {
	if n == nil || n.kind != '"' {
		return "", false
	}
	b, err := jsontext.AppendUnquote(nil, n.raw)
	return string(b), err == nil
}

// scalar returns the text of a string, a number or a boolean.
func (n *node) scalar() (string, bool) {
	if n != nil && (n.kind == '0' || n.kind == 't') {
		return n.raw, true
	}
	return n.text()
}

// origin returns the node of a document that this one was made of.
func (n *node) origin() *node {
	for n.from != nil {
		n = n.from
	}
	return n
}

// pointer returns where a node is in the document that it was read from.
func (n *node) pointer() jsontext.Pointer {
	if n.up == nil {
		return ""
	}
	if n.up.kind == '{' {
		return n.up.pointer().AppendToken(n.name)
	}
	for i, child := range n.up.children {
		if child == n {
			return n.up.pointer().AppendToken(strconv.Itoa(i))
		}
	}
	return n.up.pointer()
}

// as returns the value under another name.
func (n *node) as(name string) *node {
	if n.name == name {
		return n
	}
	c := *n
	c.name, c.up, c.from = name, nil, n
	return &c
}

// with returns the collection with other children.
func (n *node) with(children []*node) *node {
	return &node{kind: n.kind, name: n.name, children: children, doc: n.doc, from: n}
}

// becomes returns v in place of the value: under its name, and made of it.
func (n *node) becomes(v *node) *node {
	c := *v
	c.name, c.up, c.from, c.made = n.name, nil, n, true
	return &c
}

// word returns a new text in place of the value: under its name, and made of it.
func (n *node) word(s string) *node {
	return &node{kind: '"', name: n.name, raw: quote(s), doc: n.doc, from: n, made: true}
}

// quote returns a text as a JSON string. AppendQuote fails only for invalid UTF-8,
// which these texts aren't.
func quote(s string) string {
	b, _ := jsontext.AppendQuote(nil, s)
	return string(b)
}
