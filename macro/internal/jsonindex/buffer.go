package jsonindex

import (
	"strings"
	"sync"
	"unsafe"
)

// Buffer returns an empty slice with a capacity of n bytes or more. Unlike make, it
// doesn't clear them first, which saves time where an answer has megabytes.
func Buffer(n int) []byte {
	var b strings.Builder
	b.Grow(n + 1)
	b.WriteByte(0) // String of an empty builder has no memory
	return unsafe.Slice(unsafe.StringData(b.String()), b.Cap())[:0]
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
