package jsonindex

import (
	"math/bits"
	"math/rand/v2"
)

// fewNames is up to how many members of an object are compared one by one; with
// more, they move to a table.
const fewNames = 24

// A table finds the members of a large object by their names. It is a hash table
// with open addressing, of which at most half the entries are taken.
type table struct {
	entries []entry // as many as a power of two
	count   int     // of members
}

// An entry is a member with the hash of its name. It is free where node is 0.
type entry struct {
	hash uint32
	node int32
}

// seeds differ from process to process, so that no template can be made of names that
// collide.
var seeds = [2]uint64{rand.Uint64(), rand.Uint64() | 1}

// hashOf returns the hash of a name. It mixes in eight bytes at a time, by a product
// of 128 bits, which lets each bit of the name change all of the hash.
func hashOf(name string) uint32 {
	h, src := seeds[0]^uint64(len(name)), bytesOf(name)
	for p := 0; p < len(src); p += 8 {
		high, low := bits.Mul64(h^load(src, p), seeds[1])
		h = high ^ low
	}
	return uint32(h ^ h>>32)
}

// moveToTable puts the members of object i, so far, into a table.
func (x *indexer) moveToTable(i int32) *table {
	t := &table{entries: make([]entry, 128)}
	for c := i + 1; c != 0; c = x.nodes[c].next {
		t.put(entry{hashOf(nameIn(x.text, &x.nodes[c])), c})
		t.count++
	}
	if x.tables == nil {
		x.tables = map[int32]*table{}
	}
	x.tables[i] = t
	x.nodes[i].flags |= tabled
	return t
}

// insert adds member c; it reports false where the table has one of that name.
func (t *table) insert(x *indexer, c int32) bool {
	name := nameIn(x.text, &x.nodes[c])
	hash := hashOf(name)
	if t.find(x.text, x.nodes, hash, name) != 0 {
		return false
	}
	if t.count++; 2*t.count > len(t.entries) {
		old := t.entries
		t.entries = make([]entry, 4*len(old))
		for _, e := range old {
			if e.node != 0 {
				t.put(e)
			}
		}
	}
	t.put(entry{hash, c})
	return true
}

// put sets the first free entry from where the hash leads to.
func (t *table) put(e entry) {
	mask := uint32(len(t.entries) - 1)
	at := e.hash & mask
	for t.entries[at].node != 0 {
		at = (at + 1) & mask
	}
	t.entries[at] = e
}

// find returns the member with the name, 0 where there is none.
func (t *table) find(text string, nodes []node, hash uint32, name string) int32 {
	mask := uint32(len(t.entries) - 1)
	for at := hash & mask; t.entries[at].node != 0; at = (at + 1) & mask {
		if e := t.entries[at]; e.hash == hash && isNamed(text, &nodes[e.node], name) {
			return e.node
		}
	}
	return 0
}
