// Package budget bounds what one event may cost. A template of 6 MB can ask for
// any amount of work: routes times stages times permissions, conditions of
// conditions, texts of texts. Whatever multiplies spends of the event's budget,
// and where that is used up, there is one failure that says so, long before the
// time or memory of a Lambda function is.
package budget

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

// What one event may cost. A step is about what looking at one thing takes, some
// 50 to 100 nanoseconds; bytes are those kept until the answer is there.
const (
	MaxSteps = 40_000_000
	MaxBytes = 96 << 20
)

// A Budget is what is left of one event's. The nil Budget has no end. It is not
// for several goroutines at once.
type Budget struct{ steps, bytes int }

// New returns the budget of one event.
func New() *Budget { return &Budget{MaxSteps, MaxBytes} }

// Spend takes steps. Where none are left, it doesn't return: see [Catch].
func (b *Budget) Spend(steps int) {
	if b == nil {
		return
	}
	if b.steps -= steps; b.steps < 0 || steps < 0 {
		b.steps = 0
		panic(exceeded{"takes more than %d steps", MaxSteps})
	}
}

// Keep takes bytes, as Spend takes steps.
func (b *Budget) Keep(bytes int) {
	if b == nil {
		return
	}
	if b.bytes -= bytes; b.bytes < 0 || bytes < 0 {
		b.bytes = 0
		panic(exceeded{"takes more than %d bytes of memory", MaxBytes})
	}
}

// Spent returns how much has been taken.
func (b *Budget) Spent() (steps, bytes int) { return MaxSteps - b.steps, MaxBytes - b.bytes }

// exceeded is what a budget that is used up panics with.
type exceeded struct {
	what string
	most int
}

// Catch must be deferred. It sets err where a budget is used up; any other panic goes on.
func Catch(err *error) {
	switch p := recover().(type) {
	case nil:
	case exceeded:
		*err = finding.Errorf("template", "move a part into a nested stack", "what it wires "+p.what+", all that one deployment may", p.most)
	default:
		panic(p)
	}
}
