package jsonindex

import "sync"

// A Store keeps the memory of values of one type for the next text. It is for the
// few types of which a large text has thousands: allocating calls and grants one by
// one, and collecting them, took a sixth of the macro's time.
type Store[T any] struct{ pool sync.Pool }

// blockSize is how many values are allocated at once.
const blockSize = 64

// Values allocates values that live as long as an index. It is for one goroutine.
type Values[T any] struct {
	from   *Store[T]
	blocks []*[blockSize]T
	used   int // how many values of the last block
}

// For returns an allocator of values that live until the index, or a copy of it, is
// released.
func (s *Store[T]) For(x *Index) *Values[T] {
	v := &Values[T]{from: s, used: blockSize}
	x.kept.list = append(x.kept.list, v.release)
	return v
}

// New returns a zero value.
func (v *Values[T]) New() *T {
	if v.used == blockSize {
		next, ok := v.from.pool.Get().(*[blockSize]T)
		if !ok {
			next = new([blockSize]T)
		}
		v.blocks, v.used = append(v.blocks, next), 0
	}
	v.used++
	return &v.blocks[len(v.blocks)-1][v.used-1]
}

// release clears the values and keeps their memory.
func (v *Values[T]) release() {
	for i, block := range v.blocks {
		if i < len(v.blocks)-1 {
			clear(block[:])
		} else {
			clear(block[:v.used])
		}
		v.from.pool.Put(block)
	}
	v.blocks, v.used = nil, blockSize
}

// bytePool has buffers of indexes that were released.
var bytePool sync.Pool

// Bytes returns an empty slice with a capacity of n bytes or more, which live as
// long as the index. Appending more moves them to memory that isn't the index's.
func (x *Index) Bytes(n int) []byte {
	b, ok := bytePool.Get().(*[]byte)
	if !ok || cap(*b) < n {
		fresh := Buffer(n)
		b = &fresh
	}
	x.kept.list = append(x.kept.list, func() { bytePool.Put(b) })
	return (*b)[:0]
}
