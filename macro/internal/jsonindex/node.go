package jsonindex

import (
	"strings"
)

// A node is one value of a text. Nodes stand in the order of the text, so that
// the first member or element of a value stands right behind it. Offsets are
// bytes of the text; links are indexes of nodes, 0 meaning none.
type node struct {
	start, end   int32
	key          int32 // where the member's name begins, behind its quote
	parent, next int32
	kind         Kind
	flags
	named uint16 // how long the member's name is, as it stands there
}

// longName is the length of all names that have no less, or a backslash.
const longName = 1<<16 - 1

// flags are what else there is to know of a node.
type flags uint8

const (
	filled     flags = 1 << iota // it has members or elements
	escaped                      // it is a string with a backslash
	escapedKey                   // its name has one
	crowded                      // its members stand in a table
)

// A Node is a value of an Index; the zero Node is none. A Node of another Index
// means nothing, or panics. Nodes stand in the order of the text.
type Node int32

// Root is the whole text's value.
const Root Node = 1

// Kind returns the JSON kind of a value.
func (x *Index) Kind(n Node) Kind { return x.nodes[n].kind }

// Span returns where the value stands in the text: the bytes [start, end).
func (x *Index) Span(n Node) (start, end int) { return int(x.nodes[n].start), int(x.nodes[n].end) }

// Raw returns the value's own bytes.
func (x *Index) Raw(n Node) string { return x.text[x.nodes[n].start:x.nodes[n].end] }

// Text returns what a string stands for; n must be one.
func (x *Index) Text(n Node) string { return unquote(x.Raw(n), x.nodes[n].flags&escaped != 0) }

// Parent returns the object or array that the value is in, 0 for Root.
func (x *Index) Parent(n Node) Node { return Node(x.nodes[n].parent) }

// Next returns the next member or element behind the value, 0 behind the last.
func (x *Index) Next(n Node) Node { return Node(x.nodes[n].next) }

// First returns the first member or element of a value, 0 where it has none.
func (x *Index) First(n Node) Node {
	if x.nodes[n].flags&filled == 0 {
		return 0
	}
	return n + 1
}

// Name returns the name of a member, "" of what is none.
func (x *Index) Name(n Node) string { return nameIn(x.text, &x.nodes[n]) }

// NameSpan returns where the name of a member stands in the text, with its
// quotes; false for what is no member.
func (x *Index) NameSpan(n Node) (start, end int, ok bool) {
	key := int(x.nodes[n].key)
	if key == 0 {
		return 0, 0, false
	}
	return key - 1, stringEnd(x.text, key-1), true
}

// Member returns the member of an object with the name, 0 where there is none.
func (x *Index) Member(object Node, name string) Node {
	n := &x.nodes[object]
	if n.flags&crowded != 0 {
		return Node(x.tables[int32(object)].find(x.text, x.nodes, hashOf(name), name))
	}
	if n.flags&filled == 0 {
		return 0
	}
	for i := int32(object) + 1; i != 0; i = n.next {
		n = &x.nodes[i]
		if (int(n.named) == len(name) || n.named == longName) && isNamed(x.text, n, name) {
			return Node(i)
		}
	}
	return 0
}

// nameIn returns the name of a member, "" of what is none.
func nameIn(text string, n *node) string {
	if n.key == 0 {
		return ""
	}
	if rest := text[n.key:]; n.flags&escapedKey == 0 {
		if n.named < longName {
			return rest[:n.named]
		}
		return rest[:strings.IndexByte(rest, '"')]
	}
	return unquote(text[n.key-1:stringEnd(text, int(n.key)-1)], true)
}

func isNamed(text string, n *node, name string) bool {
	if n.named == longName {
		return nameIn(text, n) == name
	}
	return int(n.named) == len(name) && text[n.key:int(n.key)+len(name)] == name
}
