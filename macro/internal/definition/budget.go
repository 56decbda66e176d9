package definition

import (
	"bytes"
	"fmt"
	"sync/atomic"
)

// What the documents of one Load may be made of. A part of YAML takes up to
// 1,200 bytes while it is read and two microseconds, a value of JSON some 30
// bytes in the index.
const (
	maxParts    = 1 << 18 // of one YAML document; 2 MiB of an API definition have 200,000
	maxAllParts = 3 * maxParts
	maxValues   = 3 << 20
)

// A budget is what the documents of one Load may take: bytes, and beside them
// parts of YAML and values of JSON.
type budget struct {
	most                 int64
	taken, parts, values atomic.Int64
}

// take takes n bytes and reports whether they were there.
func (b *budget) take(n int) bool { return b.taken.Add(int64(n)) <= b.most }

func (b *budget) full() bool { return b.taken.Load() > b.most }

// yaml takes what there may be of nodes in a YAML text: no node is without one of
// these characters, or a line of its own.
func (b *budget) yaml(text []byte) *Error {
	n := 1
	for _, c := range []byte("[{,:-?&*\n\r") {
		n += bytes.Count(text, []byte{c})
	}
	if n > maxParts || b.parts.Add(int64(n)) > maxAllParts {
		return &Error{Reason: TooLarge, Detail: fmt.Sprintf("has more than %d parts, or %d with the template's other definitions in YAML", maxParts, maxAllParts),
			Hint: "give it as JSON"}
	}
	return nil
}

// json takes a number of values.
func (b *budget) json(values int) *Error {
	if b.values.Add(int64(values)) > maxValues {
		return &Error{Reason: TooLarge, Detail: fmt.Sprintf("has, with the template's other definitions, more than %d values", maxValues),
			Hint: "move some of the APIs into nested stacks"}
	}
	return nil
}

func tooMuch(most int64) *Error {
	return &Error{Reason: TooLarge, Detail: fmt.Sprintf("has, with the template's other definitions, more than %d bytes", most),
		Hint: "move some of the APIs into nested stacks"}
}
