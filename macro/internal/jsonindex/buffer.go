package jsonindex

import (
	"strings"
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
