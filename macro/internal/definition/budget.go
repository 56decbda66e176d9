package definition

import (
	"bytes"
	"fmt"
	"sync/atomic"
)

// How much the documents of one Load may hold. A part of YAML takes up to 1,200
// bytes and two microseconds while it is read, a value of JSON some 30 bytes in
// the index of package jsonindex.
const (
	maxParts    = 1 << 18 // of one YAML document; 2 MiB of an API definition have 200,000
	maxAllParts = 3 * maxParts
	maxValues   = 3 << 20
)

// A budget counts what the documents of one Load have together. Several
// goroutines may use it.
type budget struct {
	most                 int64        // bytes, as JSON
	spent, parts, values atomic.Int64 // bytes; parts of YAML; values of JSON
}

// spend counts n bytes and reports whether there were as many left.
func (b *budget) spend(n int) bool { return b.spent.Add(int64(n)) <= b.most }

// exceeded reports whether more bytes were counted than there may be.
func (b *budget) exceeded() bool { return b.spent.Load() > b.most }

// spendYAML counts the most nodes that a YAML text can have: each takes one of
// these characters, or a line of its own.
func (b *budget) spendYAML(text []byte) *Error {
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

// spendJSON counts values of JSON.
func (b *budget) spendJSON(values int) *Error {
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
