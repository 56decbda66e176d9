package grant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A want is one statement to add: a function and qualifier, an API, and what
// stands behind the API's id.
type want struct {
	wantKey
	call          *invoke.Call  // the first that wants it: its function and qualifier, and its API
	stage         template.Text // empty: any
	tail          template.Text
	named         []template.Guard // when its stage has that name; none: always
	decisions     []int            // indexes of the decisions it is for, ascending
	condition     string
	size          int    // bytes of its statement
	widened       string // why it is wider than its routes
	whole         bool   // whatever the API's routes are
	sourceAccount bool
	inPolicy      bool // as a part of the function's whole policy, where that may be

	first [1]int // what most need of decisions
}

// A wantKey tells wants apart: the function and qualifier, the API, and what
// stands behind its id.
type wantKey struct{ function, api, behind string }

// keyOf is the key of what a call wants with that tail. Of a service other than
// API Gateway it is the source ARN that counts, not the resource that calls:
// one statement serves all that it matches.
func (v *View) keyOf(c *invoke.Call, tail template.Text) wantKey {
	if c.Source.ARN == nil {
		return wantKey{c.Target.ID(), c.Origin.Key, tail.Key()}
	}
	key := wantKey{function: c.Target.ID(), api: c.Principal}
	if c.Access != invoke.Invoke {
		key.api += "\n" + fmt.Sprint(c.Access)
	}
	if len(tail) > 0 {
		key.behind = v.source(tail).pattern
	}
	return key
}

func (k wantKey) compare(x wantKey) int {
	return cmp.Or(strings.Compare(k.function, x.function), strings.Compare(k.api, x.api), strings.Compare(k.behind, x.behind))
}

// wanted returns what the calls want that nothing allows, in their order. Only
// now it is known which places for credentials get a role: all calls that share
// such a place are made with it, and want nothing.
func (v verdicts) wanted(on *View, existing statements) []*want {
	most := 0
	for _, a := range v.asked {
		most += len(a.needs)
	}
	made := make([]want, 0, most) // a large template has thousands
	for _, a := range v.asked {
		c := v.decisions[a.decision].Call
		if s := v.slots.byPlace[c.Slot]; s != nil && s.wants {
			continue
		}
		for i, n := range a.needs {
			if len(a.needs) > 1 {
				if _, _, ok := on.allow(existing.of(c.Target), c, a.needs[i:i+1]); ok {
					continue
				}
			}
			made = append(made, on.want(c, a.decision, n, a.options))
		}
	}
	wants := make([]*want, len(made))
	for i := range made {
		made[i].decisions = made[i].first[:]
		wants[i] = &made[i]
	}
	return wants
}

// want is what a call wants for one of its needs.
func (v *View) want(c *invoke.Call, decision int, n need, o *option.Options) want {
	w := want{wantKey: v.keyOf(c, n.tail), call: c, stage: n.stage, tail: n.tail, first: [1]int{decision},
		whole: o.Scope == option.API, sourceAccount: o.SourceAccount, inPolicy: o.Grant == option.Policy}
	if a := c.Source.ARN; a != nil {
		w.whole, w.sourceAccount = false, a.Account == invoke.AccountAlways || o.SourceAccount && a.Account != invoke.AccountNever
	}
	if len(n.when) > 0 {
		w.named = []template.Guard{n.when}
	}
	return w
}

func (w *want) source() invoke.Source {
	s := w.call.Source
	if w.whole {
		s.Form = policy.Whole
	}
	return s
}

// join adds what others are wanted for.
func (w *want) join(others ...*want) {
	for _, x := range others {
		w.decisions = append(w.decisions, x.decisions...)
		w.sourceAccount, w.inPolicy = w.sourceAccount || x.sourceAccount, w.inPolicy || x.inPolicy
		if len(x.named) == 0 {
			w.named = nil
		} else if len(w.named) > 0 {
			w.named = slices.Concat(w.named, x.named)
		}
	}
	slices.Sort(w.decisions)
	w.decisions = slices.Compact(w.decisions)
}

// joined makes one of each that stand side by side and are the same.
func joined(sorted []*want) []*want {
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

// whenWanted returns when a want is wanted: where one of them is true.
func whenWanted(decisions []Decision, w *want) []template.Guard {
	guards := make([]template.Guard, len(w.decisions))
	for i, decision := range w.decisions {
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

// labels returns the routes of a want as people read them, sorted.
func labels(decisions []Decision, w *want) []string {
	all := make([]string, len(w.decisions))
	for i, decision := range w.decisions {
		all[i] = decisions[decision].Call.Source.Label
	}
	slices.Sort(all)
	return slices.Compact(all)
}
