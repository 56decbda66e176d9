// Package grant decides, for every call of a Lambda function, how it is
// allowed: already, by a permission to add, by a role, or not at all because
// nobody can know. It returns the verdicts with their reasons and the edits
// that carry them out; it edits nothing itself.
package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
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
	Problem *finding.Finding // why the verdict is Unknown or Elsewhere
	Command string           // Elsewhere: the command to run where the function is

	notes   []finding.Finding
	order   bool     // the API's stages wait for what allows the call
	racing  bool     // the resource that makes the call isn't made to wait: it can't, or its service isn't granted
	widened []string // why what allows it is wider than its routes
}

// Notes returns what else there is to tell.
func (d Decision) Notes() []finding.Finding {
	notes := slices.Clone(d.notes)
	for _, why := range d.widened {
		notes = append(notes, finding.Finding{Reason: widened, At: d.Call.At(), Detail: why})
	}
	return notes
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
	Problems  []finding.Finding // what concerns no single call
	Policies  []Policy          // the estimated size of every function's policy
	Edits     []template.Edit

	made        *decider   // what Audit looks at
	near        []NearMiss // once somebody has asked
	permissions []added
	others      []Grant // roles, and what stands inside of loops
}

// Grants returns what was added: permissions, sorted by their ids, then the
// rest.
func (r *Result) Grants() []Grant {
	out := make([]Grant, 0, len(r.permissions)+len(r.others))
	for _, a := range r.permissions {
		out = append(out, Grant{ID: a.id(), Type: "AWS::Lambda::Permission", Function: a.w.function, API: a.w.api,
			Source: a.w.tail.String(), Routes: r.made.labels(a.w), Widened: a.w.widened})
	}
	return append(out, r.others...)
}

// A Policy is the estimated resource policy of one function and qualifier.
type Policy struct {
	Function   string
	Statements int
	Bytes      int  // of 20,480
	Whole      bool // it is one resource that the macro writes
	Present    Share
}

// A Share is the part of a policy that needs no grant of ours: the template's
// own statements, and those of SAM.
type Share struct{ Statements, Bytes int }

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
		return nil, finding.Errorf("template", "move a part into a nested stack", "its APIs make more than %d calls of functions, the stages of each route counted", caller.MaxCalls)
	}
	d := &decider{t: t, env: env, scope: scope, names: newSizer(scope, env), guards: map[string]string{},
		result: &Result{Problems: found.Problems}}
	d.result.made = d
	options, err := newLevels(t, env.Catalog(), base)
	if err != nil {
		return nil, err
	}
	d.options = options
	d.existing = readStatements(scope, env, found.Given, &d.names)
	d.result.Decisions = make([]Decision, 0, len(found.Calls))
	d.wants = make([]*want, 0, len(found.Calls))
	d.fresh = template.ValuesFor(t, &keptWants)
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
	names    sizer
	asked    []asked // the calls that nothing allows, where some may get a role
	fresh    *jsonindex.Values[want]
	wants    []*want // what must be granted
	result   *Result

	routes    map[censusKey]*policy.Census // once they are asked for
	slots     map[caller.Slot]*slot
	slotOrder []*slot
	rolesMade bool
	graph     *template.Graph   // once it is asked for
	guards    map[string]string // generated conditions of option GuardParameters
	prefix    prefix            // of the permission that was placed last
}

// An asked call is one that nothing allows yet, and what it needs.
type asked struct {
	decision int
	needs    []need
	options  *Options
}

func (d *decider) decide(c *caller.Call) error {
	o, err := d.options.of(c)
	if err != nil {
		return err
	}
	dec := Decision{Call: c, Problem: c.Problem, notes: c.Notes, order: o.Order}
	byRole := o.Grant == "role" && c.Slot.Exists()
	switch u := d.existing.rules.of(c.Target); {
	case o.Grant == "none":
		dec.Verdict, dec.Problem = Left, nil
	case u != nil && c.Identity != caller.AsService && d.ruleOnIdentity(u, c).outcome == policy.Denied:
		d.refuse(&dec, u, d.ruleOnIdentity(u, c))
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
func roleCures(p finding.Finding) bool {
	return p.Name == function.Latest.Name || p.Name == function.NameTooLong.Name
}

// permit looks for what allows the call already, and else asks for it.
func (d *decider) permit(dec *Decision, o *Options) {
	if u := d.existing.rules.of(dec.Call.Target); u != nil {
		d.permitByRule(dec, u, o)
		return
	}
	if o.GuardParameters {
		d.guard(dec.Call)
	}
	list := d.existing.of(dec.Call.Target)
	var one [1]need // nearly always
	needs := d.needs(one[:0], dec.Call, o, len(list) == 0)
	d.t.Budget().Spend(needSteps * len(needs))
	var tardy []finding.Finding
	if dec.Call.Before {
		list, tardy = d.timely(list, dec.Call, needs)
	}
	by, notes, ok := d.allow(list, dec.Call, needs)
	if !ok { // else it is late, and another comes early enough
		notes = append(notes, tardy...)
	}
	if len(notes) > 0 {
		dec.notes = append(slices.Clone(dec.notes), notes...)
	}
	index := len(d.result.Decisions)
	if d.options.roles && dec.Call.Slot.Exists() {
		d.offer(index, dec.Call, o, !ok && o.Grant == "role" && o.Grants(dec.Call.Service))
	}
	path := d.closes(dec.Call)
	dec.racing = path != nil && d.waitsFor(dec, path) || !o.Grants(dec.Call.Service)
	if ok {
		dec.Verdict, dec.By = Allowed, by
		return
	}
	if dec.Call.Watched {
		dec.Verdict = Left
		if slices.ContainsFunc(list, func(st statement) bool { return st.serves(dec.Call) }) {
			return // the author has thought of it, and nobody knows better
		}
		dec.notes = append(slices.Clip(dec.notes), finding.Finding{Reason: notGranted, At: dec.Call.At(), Detail: byHand(dec.Call)})
		return
	}
	if !o.Grants(dec.Call.Service) {
		dec.Verdict = Left
		dec.notes = append(slices.Clip(dec.notes), finding.Finding{Reason: notSelected, At: dec.Call.At(), Detail: dec.Call.Service.Name})
		return
	}
	if path != nil && !dec.racing {
		dec.Verdict, dec.Problem = Unknown, &finding.Finding{Reason: circular, At: dec.Call.At(), Detail: strings.Join(path, " -> ")}
		return
	}
	if by := d.doubtful(dec.Call, needs); len(by) > 0 && !(o.Grant == "role" && dec.Call.Slot.Exists()) {
		dec.Verdict = Unknown
		dec.Problem = &finding.Finding{Reason: sameFunction, At: dec.Call.At(), Detail: strings.Join(by, ", ")}
		return
	}
	dec.Verdict = Added
	if a := dec.Call.Source.ARN; o.SourceAccount && a != nil && a.Account == caller.AccountNever && len(a.Exact) > 0 {
		dec.notes = append(slices.Clip(dec.notes), finding.Finding{Reason: noAccount, At: dec.Call.At(), Detail: dec.Call.Service.Title})
	}
	if o.Grant == "role" && !dec.Call.Slot.Exists() {
		dec.notes = append(slices.Clip(dec.notes), finding.Finding{Reason: noSlot, At: dec.Call.At()})
	}
	if d.options.roles {
		d.asked = append(d.asked, asked{index, slices.Clone(needs), o})
		return
	}
	d.wantAll(index, dec.Call, needs, o)
}

// doubtful is perhaps, where parameters have the values of one deployment and the
// verdict is for people: a permission is never left out because there may be one.
func (d *decider) doubtful(c *caller.Call, needs []need) []string {
	if !d.env.Settled {
		return nil
	}
	return d.perhaps(c, needs)
}

// wantAll wants those of a call's needs that nothing allows.
func (d *decider) wantAll(decision int, c *caller.Call, needs []need, o *Options) {
	for i := range needs {
		if len(needs) > 1 {
			if _, _, ok := d.allow(d.existing.of(c.Target), c, needs[i:i+1]); ok {
				continue
			}
		}
		d.want(c, decision, &needs[i], o)
	}
}

// settle decides between permission and role once it is known which places for
// credentials get a role: all calls that share the place are made with it.
func (d *decider) settle() {
	for _, a := range d.asked {
		c := d.result.Decisions[a.decision].Call
		if s := d.slots[c.Slot]; s != nil && s.wants {
			continue
		}
		d.wantAll(a.decision, c, a.needs, a.options)
	}
}

// Verdicts returns all verdicts, in the order of a report.
func Verdicts() []Verdict {
	return []Verdict{Added, RoleAdded, Allowed, RoleGiven, AsCaller, Left, Elsewhere, Unknown}
}
