package jsonindex

import (
	"strings"
	"sync"
)

// memory is what an index takes, and what Release keeps for the next.
type memory struct {
	nodes        []node
	fingerprints []uint64
	bytes        []byte // of Index.Bytes: those up to its length are taken
}

// pool has the memory of indexes that were released.
var pool = sync.Pool{New: func() any { return new(memory) }}

// The memory of a text of manyBytes is worth keeping, even if the index is seldom
// released. Of a text of hugeBytes the nodes are always counted first: a slice that grows
// would be copied, megabytes each time.
const (
	manyBytes = 4 << 10
	hugeBytes = 1 << 20
)

// allot gives the indexer its memory: with room for all nodes of the text, or for most,
// where it was kept or isn't going to be. Node 0 is there already; it stands for no value.
func (x *indexer) allot(keep bool) {
	if !keep {
		x.nodes, x.fingerprints = make([]node, 1, 2+len(x.text)/8), make([]uint64, 0, 32)
		return
	}
	x.memory = pool.Get().(*memory)
	x.nodes, x.fingerprints = x.memory.nodes, x.memory.fingerprints[:0]
	if len(x.text) >= hugeBytes || cap(x.nodes) < len(x.text)/32+1 {
		// a value follows one of these characters, or is the root
		most := 2 + strings.Count(x.text, ",") + strings.Count(x.text, "[") + strings.Count(x.text, "{")
		if cap(x.nodes) < most {
			x.nodes = make([]node, 1, most)
		}
	}
	x.nodes = x.nodes[:1]
}

// Bytes returns an empty slice with a capacity of n bytes or more, which live as
// long as the index. Appending more moves them to memory that isn't the index's.
func (x *Index) Bytes(n int) []byte {
	m := x.memory
	if m == nil {
		return Buffer(n)
	}
	if cap(m.bytes)-len(m.bytes) < n {
		m.bytes = Buffer(n)
	}
	start := len(m.bytes)
	m.bytes = m.bytes[:start+n]
	return m.bytes[start : start : start+n]
}

// Release keeps the memory of the index and of its Bytes for the next text. Afterwards
// neither they, nor the index, nor a copy of it may be used. It need not be called:
// otherwise the garbage collector frees the memory.
func (x *Index) Release() {
	if m := x.memory; m != nil {
		m.nodes, m.bytes = x.nodes, m.bytes[:0]
		pool.Put(m)
	}
	x.nodes, x.memory = nil, nil
}
