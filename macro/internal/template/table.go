package template

import (
	"math/bits"
	"math/rand/v2"
)

// fewNames is how many members an object may have whose names are compared one
// by one.
const fewNames = 24

// A table finds the members of an object with many by their names. It is a
// hash table with open addressing; at most half of its slots are taken.
type table struct {
	slots []slot // a power of two
	count int
}

// A slot holds a member; the node 0 is none.
type slot struct {
	hash uint32
	node int32
}

// seeds differ in every process, so that nobody can choose names that collide.
var seeds = [2]uint64{rand.Uint64(), rand.Uint64() | 1}

// hashOf mixes a name eight bytes at a time; a product of 128 bits spreads each
// bit over all.
func hashOf(name string) uint32 {
	h := seeds[0] ^ uint64(len(name))
	for p := 0; p < len(name); p += 8 {
		high, low := bits.Mul64(h^load(name, p), seeds[1])
		h = high ^ low
	}
	return uint32(h ^ h>>32)
}

// crowd moves the members of object i, given by the hashes of their names, to
// a table.
func (x *indexer) crowd(i int32, hashes []uint32) *table {
	t := &table{slots: make([]slot, 128), count: len(hashes)}
	member := i + 1
	for _, h := range hashes {
		t.put(slot{h, member})
		member = x.nodes[member].next
	}
	if x.tables == nil {
		x.tables = map[int32]*table{}
	}
	x.tables[i] = t
	x.nodes[i].marks |= crowded
	return t
}

// insert adds member c; it reports false where there is one of that name.
func (t *table) insert(x *indexer, hash uint32, c int32) bool {
	name := nameIn(x.text, &x.nodes[c])
	if t.find(x.text, x.nodes, hash, name) != 0 {
		return false
	}
	if t.count++; 2*t.count > len(t.slots) {
		old := t.slots
		t.slots = make([]slot, 4*len(old))
		for _, s := range old {
			if s.node != 0 {
				t.put(s)
			}
		}
	}
	t.put(slot{hash, c})
	return true
}

func (t *table) put(s slot) {
	mask := uint32(len(t.slots) - 1)
	at := s.hash & mask
	for t.slots[at].node != 0 {
		at = (at + 1) & mask
	}
	t.slots[at] = s
}

// find returns the member with the name, 0 where there is none.
func (t *table) find(text string, nodes []node, hash uint32, name string) int32 {
	mask := uint32(len(t.slots) - 1)
	for at := hash & mask; t.slots[at].node != 0; at = (at + 1) & mask {
		if s := t.slots[at]; s.hash == hash && isNamed(text, &nodes[s.node], name) {
			return s.node
		}
	}
	return 0
}
