// Package jsonindex validates a JSON text and notes where everything in it lies,
// in one pass: a third or so of what a general reader takes for the validation
// alone. Nothing is decoded before somebody asks for it, so that number text, key
// order, nulls and unknown members survive.
//
// Whatever is only for speed is here, and nowhere else: unsafe loads, memory that
// is kept for the next text.
package jsonindex

import (
	"strings"
	"sync"
	"unsafe"
)

// Kind is the JSON kind of a value.
type Kind uint8

// The kinds; the zero Kind is that of a value that isn't there.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// An Index is a JSON text and where its values stand in it. It doesn't change
// and may be read by many at a time; a copy is the same index.
type Index struct {
	text    string
	nodes   []node
	tables  map[int32]*table // the members of objects with many, by name
	heard   names            // of members
	spelled bool             // letters may stand as \u…
	kept    *kept
}

// kept is what else lives as long as the index.
type kept struct{ list []func() }

// Parse indexes JSON text. The text must not change as long as the index is
// used, which keeps no copy of it. The error says what is wrong and where:
// syntax (RFC 8259), invalid UTF-8, member names that aren't unique in their
// object.
func Parse(src []byte) (Index, error) {
	if x, ok := Read(unsafe.String(unsafe.SliceData(src), len(src))); ok {
		return x, nil
	}
	return Index{}, fault(src)
}

// Read indexes JSON text as [Parse] does; false where there is something wrong
// with it.
func Read(text string) (Index, bool) {
	x := indexer{Index: Index{text: text, nodes: newNodes(text), kept: new(kept)}, src: bytesOf(text), sketches: make([]uint64, 0, 64)}
	ok := x.read()
	return x.Index, ok
}

// MayName reports whether a member anywhere in the text may have the name. Where
// it says no, none has.
func (x *Index) MayName(name string) bool { return x.heard.may(name) }

// Spelled reports whether letters stand as \u… in the text, so that a word can
// be in it without being found.
func (x *Index) Spelled() bool { return x.spelled }

// Slice returns a part of the text.
func (x *Index) Slice(start, end int) string { return x.text[start:end] }

// spare holds the nodes of texts that are no longer used.
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

// Release gives the memory of the index, and of all values that live as long,
// back for the next text: nothing of it may be used afterwards, nor of a copy.
// Whoever doesn't care leaves it to the garbage collector.
func (x *Index) Release() {
	for _, release := range x.kept.list {
		release()
	}
	x.kept.list = nil
	if nodes := x.nodes; len(x.text) >= manyBytes {
		spare.Put(&nodes)
	}
	x.nodes = nil
}
