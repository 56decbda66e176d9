package memory

import "sync"

// A Pool keeps chunks of zero values that are no longer used.
type Pool[T any] struct{ spare sync.Pool }

// chunkSize is how many values are allocated at once.
const chunkSize = 64

// Chunks hand out values from chunks of a pool.
type Chunks[T any] struct {
	From   *Pool[T]
	chunks []*[chunkSize]T
	used   int // of the last chunk
}

// Take returns a zero value, in a slice of one.
func (c *Chunks[T]) Take() []T {
	if len(c.chunks) == 0 || c.used == chunkSize {
		next, ok := c.From.spare.Get().(*[chunkSize]T)
		if !ok {
			next = new([chunkSize]T)
		}
		c.chunks, c.used = append(c.chunks, next), 0
	}
	c.used++
	return c.chunks[len(c.chunks)-1][c.used-1 : c.used : c.used]
}

// Release gives all values back to the pool: they must not be used afterwards.
// Whoever doesn't care leaves them to the garbage collector.
func (c *Chunks[T]) Release() {
	for i, chunk := range c.chunks {
		if i < len(c.chunks)-1 {
			clear(chunk[:])
		} else {
			clear(chunk[:c.used])
		}
		c.From.spare.Put(chunk)
	}
	c.chunks, c.used = nil, 0
}

// Buffers keep bytes that are no longer used.
type Buffers struct{ spare sync.Pool }

// Borrow returns an empty slice with room for n bytes.
func (b *Buffers) Borrow(n int) []byte {
	if kept, ok := b.spare.Get().(*[]byte); ok && cap(*kept) >= n {
		return (*kept)[:0]
	}
	return make([]byte, 0, n)
}

// Return gives a slice back, which must not be used afterwards.
func (b *Buffers) Return(bytes []byte) {
	if cap(bytes) > 0 {
		b.spare.Put(&bytes)
	}
}
