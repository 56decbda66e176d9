package definition

import (
	"fmt"
	"sync/atomic"
)

// A budget is how much memory the documents of one Load may take, in bytes.
type budget struct {
	most  int64
	taken atomic.Int64
}

// take takes n bytes and reports whether they were there.
func (b *budget) take(n int) bool { return b.taken.Add(int64(n)) <= b.most }

func (b *budget) full() bool { return b.taken.Load() > b.most }

func tooMuch(most int64) *Error {
	return &Error{Reason: TooLarge, Detail: fmt.Sprintf("has, with the template's other definitions, more than %d bytes", most),
		Hint: "move some of the APIs into nested stacks"}
}
