package jsonindex

import "sync"

// A Store keeps the memory of values of one type for the next text. It is for the
// few types of which a large text has thousands: single allocations of calls and
// grants, and the collection of what they leave behind, took a sixth of the
// macro's time.
type Store[T any] struct{ spare sync.Pool }

// blockSize is how many values are allocated at once.
const blockSize = 64

// Values hand out values that live as long as an index.
type Values[T any] struct {
	from   *Store[T]
	blocks []*[blockSize]T
	used   int // of the last block
}

// For returns values that live until the index, or one that it was copied from or
// to, is released.
func (s *Store[T]) For(x *Index) *Values[T] {
	v := &Values[T]{from: s, used: blockSize}
	x.kept.list = append(x.kept.list, v.release)
	return v
}

// New returns a zero value.
func (v *Values[T]) New() *T {
	if v.used == blockSize {
		next, ok := v.from.spare.Get().(*[blockSize]T)
		if !ok {
			next = new([blockSize]T)
		}
		v.blocks, v.used = append(v.blocks, next), 0
	}
	v.used++
	return &v.blocks[len(v.blocks)-1][v.used-1]
}

func (v *Values[T]) release() {
	for i, block := range v.blocks {
		if i < len(v.blocks)-1 {
			clear(block[:])
		} else {
			clear(block[:v.used])
		}
		v.from.spare.Put(block)
	}
	v.blocks, v.used = nil, blockSize
}

// spareBytes are buffers whose index was released.
var spareBytes sync.Pool

// Bytes returns an empty slice with room for n bytes, which live as long as the
// index. Whoever appends more than that gets others.
func (x *Index) Bytes(n int) []byte {
	b, ok := spareBytes.Get().(*[]byte)
	if !ok || cap(*b) < n {
		fresh := Buffer(n)
		b = &fresh
	}
	x.kept.list = append(x.kept.list, func() { spareBytes.Put(b) })
	return (*b)[:0]
}
