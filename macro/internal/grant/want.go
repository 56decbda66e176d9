package grant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Want is one statement to add: for a function and qualifier, and for the source of
// its calls.
type Want struct {
	wantKey
	invoke.Wanted                   // the source; Call is the first call that wants it
	spelled       statement.Spelled // Tail, where it is a whole source ARN
	named         []template.Guard  // when its stage has that name; none: always
	Decisions     []int             // indexes of the decisions that it is for, ascending
	Condition     string            // the condition of the permission; "" where it has none
	size          int               // bytes of its statement
	Widened       string            // from what to what it was widened, and why; "" where it is exact
	manner

	first [1]int // memory for Decisions, which mostly has one element
}

// A manner is how options ask for a statement.
type manner struct {
	SourceAccount bool
	inPolicy      bool // as a part of the function's whole policy, where that may be
}

// A wantKey is equal for wants that are one statement: of the same function and
// qualifier, the same key of the origin that calls, and the same text behind its id in
// the source ARN; of a service without origins the same principal, access and source
// ARN.
type wantKey struct{ Function, Caller, Behind string }

// keyOf is the key of a call's want with a tail, or of a service without origins with
// a source ARN, both as text and spelled: the ARN counts, not the resource that calls,
// since one statement serves all that it matches.
func keyOf(c *invoke.Call, tail template.Text, arn statement.Spelled) wantKey {
	if c.Source.ARN == nil {
		return wantKey{c.Target.ID(), c.Origin.Key, tail.Key()}
	}
	key := wantKey{Function: c.Target.ID(), Caller: c.Principal}
	if c.Access != invoke.Invoke {
		key.Caller += "\n" + fmt.Sprint(c.Access)
	}
	if len(tail) > 0 {
		key.Behind = arn.Pattern
	}
	return key
}

// Compare orders wants by their keys.
func (w *Want) Compare(x *Want) int { return w.wantKey.compare(x.wantKey) }

func (k wantKey) compare(x wantKey) int {
	if k.Function != x.Function {
		return strings.Compare(k.Function, x.Function)
	}
	if k.Caller != x.Caller {
		return strings.Compare(k.Caller, x.Caller)
	}
	return strings.Compare(k.Behind, x.Behind)
}

// Wanted returns the wants of the calls that nothing allows, in the order of the
// calls. Only after all decisions is it known which slots get a role: all calls that
// share such a slot are made with the role, and want nothing.
func (v Judged) Wanted(on *statement.View, existing statement.Existing) []*Want {
	most := 0
	for _, a := range v.asked {
		most += len(a.needs)
	}
	made := make([]Want, 0, most) // in one piece: a large template has thousands
	for _, a := range v.asked {
		c := v.Decisions[a.decision].Call
		if s := v.Slots.byPlace[c.Slot]; s != nil && s.wants {
			continue
		}
		for i, n := range a.needs {
			if len(a.needs) > 1 {
				if _, _, ok := on.Allow(existing.Of(c.Target), c, a.needs[i:i+1]); ok {
					continue
				}
			}
			made = append(made, newWant(c, a.decision, n, a.options))
		}
	}
	wants := make([]*Want, len(made))
	for i := range made {
		made[i].Decisions = made[i].first[:]
		wants[i] = &made[i]
	}
	return wants
}

// newWant is the want of a call for one of its needs.
func newWant(c *invoke.Call, decision int, n statement.Need, o *option.Options) Want {
	w := Want{wantKey: keyOf(c, n.Tail, n.Source), Wanted: invoke.Wanted{Call: c, Stage: n.Stage, Tail: n.Tail, Whole: o.Scope == option.API}, spelled: n.Source, first: [1]int{decision},
		manner: manner{SourceAccount: o.SourceAccount, inPolicy: o.Grant == option.Policy}}
	if a := c.Source.ARN; a != nil {
		w.Whole, w.SourceAccount = false, a.Account == invoke.AccountAlways || o.SourceAccount && a.Account != invoke.AccountNever
	}
	if len(n.When) > 0 {
		w.named = []template.Guard{n.When}
	}
	return w
}

// join makes w the want of the others' calls, too.
func (w *Want) join(others ...*Want) {
	for _, x := range others {
		w.Decisions = append(w.Decisions, x.Decisions...)
		w.SourceAccount, w.inPolicy = w.SourceAccount || x.SourceAccount, w.inPolicy || x.inPolicy
		if len(x.named) == 0 {
			w.named = nil
		} else if len(w.named) > 0 {
			w.named = slices.Concat(w.named, x.named)
		}
	}
	slices.Sort(w.Decisions)
	w.Decisions = slices.Compact(w.Decisions)
}

// joined joins neighbours with the same key.
func joined(sorted []*Want) []*Want {
	out := sorted[:0]
	for _, w := range sorted {
		if n := len(out); n > 0 && out[n-1].wantKey == w.wantKey {
			out[n-1].join(w)
		} else {
			out = append(out, w)
		}
	}
	return out
}

// WhenWanted returns the guards of a want: it is wanted where one of them is true.
func WhenWanted(decisions []Decision, w *Want) []template.Guard {
	guards := make([]template.Guard, len(w.Decisions))
	for i, decision := range w.Decisions {
		guards[i] = decisions[decision].Call.When
	}
	if len(w.named) == 0 {
		return guards
	}
	var out []template.Guard
	for _, g := range guards {
		for _, named := range w.named {
			if both, ok := g.And(named); ok {
				out = append(out, both)
			}
		}
	}
	return out
}

// Labels returns the labels of the calls that a want is for, sorted, each once.
func Labels(decisions []Decision, w *Want) []string {
	all := make([]string, len(w.Decisions))
	for i, decision := range w.Decisions {
		all[i] = decisions[decision].Call.Source.Label
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// AppendSource appends a want's SourceArn as JSON.
func AppendSource(b []byte, w *Want) []byte {
	if w.Call.Source.ARN != nil {
		return w.Tail.AppendJSON(b)
	}
	return template.AppendSub(b, w.Call.Service.Origins.ARN, w.Call.Origin.Name, statement.Slash, w.Tail)
}

// SourceStart is the JSON of a call's SourceArn up to the tail, "" where variables make it
// depend on the whole.
func SourceStart(c *invoke.Call) string {
	return template.SubStart(c.Service.Origins.ARN, c.Origin.Name, statement.Slash)
}

// Mark is what the logical id of a want's permission is made of, beside the function:
// the origin, or the principal.
func (w *Want) Mark() string {
	if w.Call.Source.ARN != nil {
		return w.Caller
	}
	return w.Call.Origin.Mark()
}
