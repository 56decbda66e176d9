package jsonindex

import (
	"strings"
)

// A node is one value of a text. Nodes are in the order of the text, so that the
// first member or element of a value follows it directly. start, end and key are
// offsets of the text, in bytes; parent and next are indexes of nodes, 0 for none.
type node struct {
	start, end   int32
	key          int32 // where the member's name begins, after its quote; 0: it is no member
	parent, next int32
	kind         Kind
	flags
	named uint16 // how many bytes the member's name has, as written; longName: it isn't known
}

// longName is the length of a name that has as many bytes or more, or a backslash.
const longName = 1<<16 - 1

// flags are more that is known of a node.
type flags uint8

const (
	filled     flags = 1 << iota // it has members or elements
	escaped                      // it is a string with a backslash
	escapedKey                   // it is a member whose name has a backslash
	tabled                       // its members are in a table
)

// A Node is a value of an Index; the zero Node is none. Nodes are ordered as the
// text is. An Index given a Node of another one answers at random, or panics.
type Node int32

// Root is the value that is the whole text.
const Root Node = 1

// Kind returns the JSON kind of a value.
func (x *Index) Kind(n Node) Kind { return x.nodes[n].kind }

// Span returns where the value is in the text: the bytes [start, end).
func (x *Index) Span(n Node) (start, end int) { return int(x.nodes[n].start), int(x.nodes[n].end) }

// Raw returns the value's own bytes.
func (x *Index) Raw(n Node) string { return x.text[x.nodes[n].start:x.nodes[n].end] }

// Text returns the text of a string, unquoted; n must be a string.
func (x *Index) Text(n Node) string { return unquote(x.Raw(n), x.nodes[n].flags&escaped != 0) }

// Parent returns the object or array that the value is in, 0 for Root.
func (x *Index) Parent(n Node) Node { return Node(x.nodes[n].parent) }

// Next returns the member or element after the value, 0 after the last.
func (x *Index) Next(n Node) Node { return Node(x.nodes[n].next) }

// First returns the first member or element of a value, 0 where it has none.
func (x *Index) First(n Node) Node {
	if x.nodes[n].flags&filled == 0 {
		return 0
	}
	return n + 1
}

// Name returns the name of a member, "" for a value that is no member.
func (x *Index) Name(n Node) string { return nameIn(x.text, &x.nodes[n]) }

// NameSpan returns where the name of a member is in the text, with its quotes; ok is
// false for a value that is no member.
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
	if n.flags&tabled != 0 {
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

// nameIn returns the name of a member, "" for a node that is no member.
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
