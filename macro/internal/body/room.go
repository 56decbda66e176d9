package body

import (
	"fmt"
	"sync/atomic"
)

// A room is what the documents of one Load take in memory.
type room struct {
	most  int64
	taken atomic.Int64
}

// take takes n bytes and reports whether they were there.
func (r *room) take(n int) bool { return r.taken.Add(int64(n)) <= r.most }

func (r *room) full() bool { return r.taken.Load() > r.most }

func tooMuch(most int64) *Error {
	return &Error{Reason: TooLarge, Detail: fmt.Sprintf("has, with the template's other definitions, more than %d bytes", most),
		Hint: "move some of the APIs into nested stacks"}
}
