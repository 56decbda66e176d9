package source

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The JSON kinds, as jsontext names them.
const (
	null    jsontext.Kind = 'n'
	boolean jsontext.Kind = 't'
	number  jsontext.Kind = '0'
	str     jsontext.Kind = '"'
	array   jsontext.Kind = '['
	object  jsontext.Kind = '{'
)

// A span is the bytes [from, to) of a text.
type span struct{ from, to int }

// A node is one value of the template, with where it is in the JSON, and where in the
// author's text.
type node struct {
	kind     jsontext.Kind
	name     string // of a member
	children []*node
	raw      string // the JSON text of a scalar
	up       *node
	twice    bool    // the object has its name before it too
	body     span    // in the JSON
	key      span    // the member's name in the JSON, with its quotes
	at       int     // in the author's text: the key of a member, the start of an element
	from     *origin // the YAML that the value was written as, nil in JSON
}

// find follows a pointer as far as there are values, and reports whether that was to
// its end.
func (n *node) find(p jsontext.Pointer) (*node, bool) {
	for token := range p.Tokens() {
		child := n.child(token)
		if child == nil {
			return n, false
		}
		n = child
	}
	return n, true
}

// child returns the member or element that the pointer token names, or nil.
func (n *node) child(token string) *node {
	if n.kind == array {
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(n.children) || strconv.Itoa(i) != token {
			return nil
		}
		return n.children[i]
	}
	for _, child := range n.children {
		if n.kind == object && child.name == token {
			return child
		}
	}
	return nil
}

// path names the value in messages: the logical id first, then the property.
func (n *node) path() string {
	var names []string
	for ; n.up != nil; n = n.up {
		if n.up.kind == array {
			names = append(names, strconv.Itoa(slices.Index(n.up.children, n)))
		} else {
			names = append(names, cmp.Or(n.name, `""`))
		}
	}
	slices.Reverse(names)
	if len(names) > 1 && names[0] == "Resources" {
		names = names[1:]
	}
	if len(names) == 0 {
		return "template"
	}
	return strings.Join(names, ".")
}

func (n *node) depth() int {
	d := 0
	for ; n.up != nil; n = n.up {
		d++
	}
	return d
}

// inside reports whether n is a, or a value within it.
func (n *node) inside(a *node) bool {
	for ; n != nil; n = n.up {
		if n == a {
			return true
		}
	}
	return false
}

// adopt makes child the last child of n.
func (n *node) adopt(child *node) {
	child.up = n
	n.children = append(n.children, child)
}

// string returns the text of a JSON string.
func (n *node) string() string { return unquote([]byte(n.raw)) }

func isContainer(k jsontext.Kind) bool { return k == object || k == array }

func kindName(k jsontext.Kind) string {
	switch k {
	case null:
		return "null"
	case number:
		return "number"
	case str:
		return "text"
	case array:
		return "list"
	case object:
		return "mapping"
	}
	return "boolean"
}
