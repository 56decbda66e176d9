package grant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A want is one statement to add: a function and qualifier, an API, and what
// stands behind the API's id.
type want struct {
	wantKey
	call          *caller.Call  // the first that wants it: its function and qualifier, and its API
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
func (d *decider) keyOf(c *caller.Call, tail template.Text) wantKey {
	if c.Source.Form != caller.Full {
		return wantKey{c.Target.ID(), c.API.Key, tail.Key()}
	}
	key := wantKey{function: c.Target.ID(), api: c.Principal}
	if c.Access != caller.Invoke {
		key.api += "\n" + fmt.Sprint(c.Access)
	}
	if len(tail) > 0 {
		key.behind = arnPattern(d.scope, d.env, tail)
	}
	return key
}

func (k wantKey) compare(x wantKey) int {
	return cmp.Or(strings.Compare(k.function, x.function), strings.Compare(k.api, x.api), strings.Compare(k.behind, x.behind))
}

// keptWants keeps the memory of those of former templates.
var keptWants jsonindex.Store[want]

// What it costs to write a grant, see package budget.
const wantSteps, wantBytes = 40, 1200

// want notes that a call wants what it needs.
func (d *decider) want(c *caller.Call, decision int, n *need, o *Options) {
	d.t.Budget().Spend(wantSteps)
	d.t.Budget().Keep(wantBytes)
	w := d.fresh.New()
	w.wantKey, w.call, w.stage, w.tail = d.keyOf(c, n.tail), c, n.stage, n.tail
	w.first[0] = decision
	w.decisions = w.first[:]
	w.whole, w.sourceAccount = o.Scope == "api", o.SourceAccount
	w.inPolicy = o.Grant == "policy"
	if a := c.Source.ARN; a != nil {
		w.whole, w.sourceAccount = false, a.Account == caller.AccountAlways || o.SourceAccount && a.Account == caller.AccountOptional
	}
	if len(n.when) > 0 {
		w.named = []template.Guard{n.when}
	}
	d.wants = append(d.wants, w)
}

func (w *want) source() caller.Source {
	s := w.call.Source
	if w.whole {
		s.Form = caller.Whole
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

// when returns when a want is wanted: where one of them is true.
func (d *decider) when(w *want) []template.Guard {
	guards := make([]template.Guard, len(w.decisions))
	for i, decision := range w.decisions {
		guards[i] = d.result.Decisions[decision].Call.When
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
func (d *decider) labels(w *want) []string {
	labels := make([]string, len(w.decisions))
	for i, decision := range w.decisions {
		labels[i] = d.result.Decisions[decision].Call.Source.Label
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}
