// Package grant decides, for every call of a Lambda function, how it is
// allowed: already, by a permission to add, by a role, or not at all because
// nobody can know. It returns the verdicts with their reasons and the edits
// that carry them out; it edits nothing itself.
package grant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Verdict says what becomes of a call.
type Verdict string

// The verdicts. Their texts are stable.
const (
	Added     Verdict = "added"      // a permission was added for it
	RoleAdded Verdict = "role-added" // a role was put into its credentials
	Allowed   Verdict = "allowed"    // a permission of the template, or of SAM, allows it
	RoleGiven Verdict = "role"       // it has a role in its credentials
	AsCaller  Verdict = "caller"     // it is made with the identity of API Gateway's caller
	Left      Verdict = "left"       // Grant: none
	Elsewhere Verdict = "elsewhere"  // the function's own account or Region must allow it
	Unknown   Verdict = "unknown"    // the function, or the API, can't be known
)

// A Decision is the verdict on one call.
type Decision struct {
	Call    *caller.Call
	Verdict Verdict
	By      []string         // logical ids of what allows it; for SAM's own grants a description
	Problem *caller.Problem  // why the verdict is Unknown or Elsewhere
	Notes   []caller.Problem // what else there is to tell
	Command string           // Elsewhere: the command to run where the function is
}

// A Grant is one permission or role that was added.
type Grant struct {
	ID       string
	Type     string   // AWS::Lambda::Permission or AWS::IAM::Role
	Function string   // key of the function; of a role: all of them
	API      string   // key of the API
	Source   string   // the pattern behind the API's id
	Routes   []string // the calls it is for, as people read them
	Widened  string   // why it is wider than its routes; "" where it isn't
}

// A Result is everything that was decided about a template.
type Result struct {
	Decisions []Decision
	Problems  []caller.Problem // what concerns no single call
	Grants    []Grant
	Policies  []Policy // the estimated size of every function's policy
	Edits     []template.Edit

	made *decider // what Audit looks at
}

// A Policy is the estimated resource policy of one function and qualifier.
type Policy struct {
	Function   string
	Statements int
	Bytes      int // of 20,480
}

// Decide finds the calls of a template and decides on each. The error is one
// of the author's or of the platform team's: an option that isn't one, a limit
// that nothing keeps, or, with OnUnknown: fail, a call that can't be known. With
// the last two comes the result as far as it goes: its verdicts are for people,
// its edits are for nobody.
func Decide(t *template.Template, env caller.Environment, base Options) (*Result, error) {
	return decide(t, env, base, true)
}

// decide is Decide; loops says whether to look into Fn::ForEach.
func decide(t *template.Template, env caller.Environment, base Options, loops bool) (*Result, error) {
	scope, found := caller.Find(t, env)
	if found.Full {
		return nil, fmt.Errorf("template: its APIs make more than %d calls of functions, the stages of each route counted; hint: move a part into a nested stack", caller.MaxCalls)
	}
	d := &decider{t: t, env: env, scope: scope, names: newSizer(t, env), slots: map[caller.Slot]*slot{}, guards: map[string]string{}, kept: map[string]bool{},
		result: &Result{Problems: found.Problems}}
	d.result.made = d
	options, err := newLevels(t, base)
	if err != nil {
		return nil, err
	}
	d.options = options
	d.existing = readStatements(scope, env, found.Given, d.names)
	d.result.Decisions = make([]Decision, 0, len(found.Calls))
	d.asked = make([]asked, 0, len(found.Calls))
	d.needSlab.size, d.bySlab.size = len(found.Calls), len(found.Calls)
	for _, c := range found.Calls {
		if err := d.decide(c); err != nil {
			return nil, err
		}
	}
	d.settle()
	if err := d.write(); err != nil || !loops {
		return d.result, err
	}
	if err := d.decideLoops(base); err != nil {
		return d.result, err
	}
	d.report()
	if options.template.OnUnknown == "fail" {
		if err := d.result.firstUnknown(); err != nil {
			return d.result, err
		}
	}
	return d.result, nil
}

// A decider is the state of one run.
type decider struct {
	t        *template.Template
	env      caller.Environment
	scope    *caller.Scope
	options  *levels
	existing statements
	names    *sizer
	asked    []asked           // the calls that nothing allows
	wanted   map[wantKey]*want // what must be granted
	order    []*want
	result   *Result

	needSlab slab[need]
	wantSlab slab[want]
	bySlab   slab[string]

	routes    map[string]*policy.Census // by API, and by API and function, once they are asked for
	slots     map[caller.Slot]*slot
	slotOrder []*slot
	rolesMade bool
	guards    map[string]string // generated conditions of option GuardParameters
	kept      map[string]bool   // whether resources outlive their stack
}

// An asked call is one that nothing allows yet.
type asked struct {
	decision int
	needs    []need
	options  *Options
}

// A want is one statement to add: a function and qualifier, an API, and what
// stands behind the API's id.
type want struct {
	wantKey
	call          *caller.Call  // the first that wants it: its function and qualifier, and its API
	whole         bool          // whatever the API's routes are
	stage         template.Text // empty: any
	tail          template.Text
	condition     string
	when          []template.Guard // it is wanted where one of them is true
	routes        []string
	decisions     []int // indexes of the decisions it is for
	sourceAccount bool
	size          int    // bytes of its statement
	widened       string // why it is wider than its routes

	// what most wants need of when, routes and decisions: one each
	first struct {
		when      [1]template.Guard
		routes    [1]string
		decisions [1]int
	}
}

func (w *want) source() caller.Source {
	s := w.call.Source
	if w.whole {
		s.Form = caller.Whole
	}
	return s
}

// A wantKey tells wants apart: the function and qualifier, the API, and what
// stands behind its id.
type wantKey struct{ function, api, behind string }

func keyOf(c *caller.Call, tail template.Text) wantKey {
	return wantKey{c.Target.ID(), c.API.Key, tail.Key()}
}

func (k wantKey) compare(x wantKey) int {
	return cmp.Or(strings.Compare(k.function, x.function), strings.Compare(k.api, x.api), strings.Compare(k.behind, x.behind))
}

func (d *decider) decide(c *caller.Call) error {
	o, err := d.options.of(c)
	if err != nil {
		return err
	}
	dec := Decision{Call: c, Problem: c.Problem, Notes: c.Notes}
	byRole := o.Grant == "role" && c.Slot.Exists()
	switch {
	case o.Grant == "none":
		dec.Verdict, dec.Problem = Left, nil
	case c.Identity == caller.Role:
		dec.Verdict, dec.Problem = RoleGiven, nil
	case c.Identity == caller.PassThrough:
		dec.Verdict, dec.Problem = AsCaller, nil
	case c.Problem != nil && !(byRole && roleCures(*c.Problem)):
		dec.Verdict = Unknown
	case c.Target.Elsewhere():
		d.elsewhere(&dec)
	default:
		d.permit(&dec, o)
	}
	d.result.Decisions = append(d.result.Decisions, dec)
	return nil
}

// roleCures reports whether the problem is one of resource policies alone.
func roleCures(p caller.Problem) bool {
	return p.Name == caller.Latest.Name || p.Name == caller.NameTooLong.Name
}

// permit looks for what allows the call already, and else asks for it.
func (d *decider) permit(dec *Decision, o *Options) {
	if o.GuardParameters {
		d.guard(dec.Call)
	}
	needs := d.needs(dec.Call, o)
	by, notes, ok := d.existing.allow(d.t, d.scope, dec.Call, needs)
	dec.Notes = append(slices.Clone(dec.Notes), notes...)
	index := len(d.result.Decisions)
	if d.options.roles && dec.Call.Slot.Exists() {
		d.offer(index, dec.Call, o, !ok && o.Grant == "role")
	}
	if ok {
		dec.Verdict, dec.By = Allowed, by
		return
	}
	dec.Verdict = Added
	if o.Grant == "role" && !dec.Call.Slot.Exists() {
		dec.Notes = append(dec.Notes, caller.Problem{Reason: noSlot, At: dec.Call.At()})
	}
	d.asked = append(d.asked, asked{index, needs, o})
}

// settle decides between permission and role once it is known which places for
// credentials get a role: all calls that share the place are made with it.
func (d *decider) settle() {
	d.wanted = make(map[wantKey]*want, len(d.asked))
	d.order = make([]*want, 0, len(d.asked))
	d.wantSlab.size = len(d.asked)
	for _, a := range d.asked {
		c := d.result.Decisions[a.decision].Call
		if s := d.slots[c.Slot]; s != nil && s.wants {
			continue
		}
		for i := range a.needs {
			if len(a.needs) > 1 {
				if _, _, ok := d.existing.allow(d.t, d.scope, c, a.needs[i:i+1]); ok {
					continue
				}
			}
			d.want(a.decision, &a.needs[i], a.options)
		}
	}
}

func (d *decider) want(decision int, n *need, o *Options) {
	c := d.result.Decisions[decision].Call
	key := keyOf(c, n.tail)
	w := d.wanted[key]
	if w == nil {
		w = &d.wantSlab.take(1)[0]
		w.wantKey, w.call, w.whole, w.stage, w.tail = key, c, o.Scope == "api", n.stage, n.tail
		w.when, w.routes, w.decisions = w.first.when[:0], w.first.routes[:0], w.first.decisions[:0]
		d.wanted[key] = w
		d.order = append(d.order, w)
	}
	w.sourceAccount = w.sourceAccount || o.SourceAccount
	w.when = append(w.when, c.When)
	if !slices.Contains(w.routes, c.Source.Label) {
		w.routes = append(w.routes, c.Source.Label)
	}
	w.decisions = append(w.decisions, decision)
}

// Verdicts returns all verdicts, in the order of a report.
func Verdicts() []Verdict {
	return []Verdict{Added, RoleAdded, Allowed, RoleGiven, AsCaller, Left, Elsewhere, Unknown}
}
