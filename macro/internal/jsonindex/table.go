package jsonindex

import (
	"math/bits"
	"math/rand/v2"
)

// fewNames is how many members an object may have whose names are compared one
// by one.
const fewNames = 24

// A table finds the members of an object with many by their names. It is a
// hash table with open addressing; at most half of its entries are taken.
type table struct {
	entries []entry // a power of two
	count   int
}

// An entry holds a member; the node 0 is none.
type entry struct {
	hash uint32
	node int32
}

// seeds differ in every process, so that nobody can choose names that collide.
var seeds = [2]uint64{rand.Uint64(), rand.Uint64() | 1}

// hashOf mixes a name eight bytes at a time; a product of 128 bits spreads each
// bit over all.
func hashOf(name string) uint32 {
	h, src := seeds[0]^uint64(len(name)), bytesOf(name)
	for p := 0; p < len(src); p += 8 {
		high, low := bits.Mul64(h^load(src, p), seeds[1])
		h = high ^ low
	}
	return uint32(h ^ h>>32)
}

// crowd moves the members of object i to a table.
func (x *indexer) crowd(i int32) *table {
	t := &table{entries: make([]entry, 128)}
	for c := i + 1; c != 0; c = x.nodes[c].next {
		t.put(entry{hashOf(nameIn(x.text, &x.nodes[c])), c})
		t.count++
	}
	if x.tables == nil {
		x.tables = map[int32]*table{}
	}
	x.tables[i] = t
	x.nodes[i].flags |= crowded
	return t
}

// insert adds member c; it reports false where there is one of that name.
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
