package jsonindex

import (
	"strings"
	"unsafe"
)

// Buffer returns an empty slice with room for n bytes. Unlike make it doesn't
// clear them first, which counts where an answer has megabytes.
func Buffer(n int) []byte {
	var b strings.Builder
	b.Grow(n + 1)
	b.WriteByte(0) // so that there is a text whose memory can be taken
	return unsafe.Slice(unsafe.StringData(b.String()), b.Cap())[:0]
}
