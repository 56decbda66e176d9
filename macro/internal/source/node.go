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

// A node is one value of the template: where it stands in the JSON, and where
// in the author's text.
type node struct {
	kind  jsontext.Kind
	name  string // of a member
	kids  []*node
	raw   string // the JSON text of a scalar
	up    *node
	twice bool    // its name stands before it too, in the same object
	body  span    // in the JSON
	key   span    // the member's name in the JSON, with its quotes
	at    int     // in the author's text: the key of a member, the start of an element
	from  *origin // the YAML that the value was written as, nil in JSON
}

// find follows p as far as it goes, and says whether that was to its end.
func (n *node) find(p jsontext.Pointer) (*node, bool) {
	for token := range p.Tokens() {
		kid := n.kid(token)
		if kid == nil {
			return n, false
		}
		n = kid
	}
	return n, true
}

// kid returns the member or element that the pointer token names, or nil.
func (n *node) kid(token string) *node {
	if n.kind == array {
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(n.kids) || strconv.Itoa(i) != token {
			return nil
		}
		return n.kids[i]
	}
	for _, kid := range n.kids {
		if n.kind == object && kid.name == token {
			return kid
		}
	}
	return nil
}

// path names the value in messages: the logical id first, then the property.
func (n *node) path() string {
	var names []string
	for ; n.up != nil; n = n.up {
		if n.up.kind == array {
			names = append(names, strconv.Itoa(slices.Index(n.up.kids, n)))
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

// inside reports whether n is a or stands below it.
func (n *node) inside(a *node) bool {
	for ; n != nil; n = n.up {
		if n == a {
			return true
		}
	}
	return false
}

// adopt makes kid the last child of n.
func (n *node) adopt(kid *node) {
	kid.up = n
	n.kids = append(n.kids, kid)
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
