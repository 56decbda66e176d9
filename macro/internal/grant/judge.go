package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
)

// Judged are the decisions on all calls of a template, and what the calls need that
// nothing allows yet.
type Judged struct {
	Decisions []Decision
	asked     []asked
	Slots     Slots
}

// An asked call is one that nothing allows yet, and what it needs.
type asked struct {
	decision int
	needs    []statement.Need
	options  *option.Options
}

// A judge decides on calls, one after the other.
type judge struct {
	*statement.View
	options  *option.Levels
	existing statement.Existing
	conds    *naming.Conditions
	Judged
	needed []statement.Need // memory for the needs of asked calls: nearly always one for each call
}

// Judge decides on each call by what the template has already. An error is one of the
// options.
func Judge(v *statement.View, calls []*invoke.Call, existing statement.Existing, options *option.Levels, conds *naming.Conditions) (Judged, error) {
	d := judge{View: v, options: options, existing: existing, conds: conds, Judged: Judged{Decisions: make([]Decision, 0, len(calls)), asked: make([]asked, 0, len(calls))},
		needed: make([]statement.Need, 0, len(calls))}
	for _, c := range calls {
		if err := d.decide(c); err != nil {
			return Judged{}, err
		}
	}
	return d.Judged, nil
}

// decide appends the decision on a call. An error is one of its options.
func (d *judge) decide(c *invoke.Call) error {
	o, err := d.options.Of(c)
	if err != nil {
		return err
	}
	dec := Decision{Call: c, Problem: c.Problem, Remarks: c.Notes, StagesWait: o.Order}
	byRole := o.Grant == option.Role && c.Slot.Exists()
	switch u := d.existing.Rules.Of(c.Target); {
	case o.Grant == option.None:
		dec.Verdict, dec.Problem = Left, nil
	case u != nil && c.Identity != invoke.AsService && d.RuleOnIdentity(u, c).Outcome == policy.Denied:
		d.refuse(&dec, u, d.RuleOnIdentity(u, c))
	case c.Identity == invoke.Role:
		dec.Verdict, dec.Problem = RoleGiven, nil
	case c.Identity == invoke.PassThrough:
		dec.Verdict, dec.Problem = AsCaller, nil
	case c.Problem != nil && !(byRole && roleCures(*c.Problem)):
		dec.Verdict = Unknown
	case c.Target.Elsewhere():
		d.elsewhere(&dec)
	default:
		d.permit(&dec, o)
	}
	d.Decisions = append(d.Decisions, dec)
	return nil
}

// roleCures reports whether the problem is one of resource policies only, so that a
// role can allow the call.
func roleCures(p finding.Finding) bool {
	return p.Name == function.Latest.Name || p.Name == function.NameTooLong.Name
}

// permit looks for what allows the call already; where there is nothing, it asks for
// a grant.
func (d *judge) permit(dec *Decision, o *option.Options) {
	if u := d.existing.Rules.Of(dec.Call.Target); u != nil {
		d.permitByRule(dec, u, o)
		return
	}
	if o.GuardParameters {
		dec.Call = d.guarded(dec.Call)
	}
	list := d.existing.Of(dec.Call.Target)
	var one [1]statement.Need // nearly always
	needs := d.needs(one[:0], dec.Call, o, len(list) == 0)
	d.Template.Budget().Spend(needSteps * len(needs))
	var lateNotes []finding.Finding
	if dec.Call.Kind.Before {
		list, lateNotes = d.timely(list, dec.Call, needs)
	}
	by, notes, ok := d.Allow(list, dec.Call, needs)
	if !ok { // else another statement comes early enough
		notes = append(notes, lateNotes...)
	}
	if len(notes) > 0 {
		dec.Remarks = append(slices.Clone(dec.Remarks), notes...)
	}
	index := len(d.Decisions)
	if d.options.Roles && dec.Call.Slot.Exists() {
		d.Slots.offer(index, dec.Call, o, !ok && o.Grant == option.Role && o.Grants(dec.Call.Service))
	}
	path := d.cycle(dec.Call)
	dec.Racing = path != nil && d.alreadyCircular(dec, path) || !o.Grants(dec.Call.Service)
	if ok {
		dec.Verdict, dec.By = Allowed, by
		return
	}
	if dec.Call.Kind.Watched {
		why := finding.Finding{Reason: notGranted, Detail: byHand(dec.Call)}
		if i := slices.IndexFunc(list, func(st statement.Statement) bool { return st.Serves(dec.Call) }); i >= 0 {
			why = finding.Finding{Reason: byAuthor, Detail: list[i].By}
		}
		dec.leave(why)
		return
	}
	if !o.Grants(dec.Call.Service) {
		dec.leave(finding.Finding{Reason: notSelected, Detail: dec.Call.Service.Name})
		return
	}
	if path != nil && !dec.Racing {
		dec.Verdict, dec.Problem = Unknown, &finding.Finding{Reason: circular, At: dec.Call.At(), Detail: strings.Join(path, " -> ")}
		return
	}
	if by := d.doubtful(dec.Call, needs); len(by) > 0 && !(o.Grant == option.Role && dec.Call.Slot.Exists()) {
		dec.Verdict = Unknown
		dec.Problem = &finding.Finding{Reason: sameFunction, At: dec.Call.At(), Detail: strings.Join(by, ", ")}
		return
	}
	dec.Verdict = Added
	if a := dec.Call.Source.ARN; o.SourceAccount && a != nil && a.Account == invoke.AccountNever && len(a.Exact) > 0 {
		dec.Remarks = append(slices.Clip(dec.Remarks), finding.Finding{Reason: noAccount, At: dec.Call.At(), Detail: dec.Call.Service.Title})
	}
	if o.Grant == option.Role && !dec.Call.Slot.Exists() {
		dec.Remarks = append(slices.Clip(dec.Remarks), finding.Finding{Reason: noSlot, At: dec.Call.At()})
	}
	d.ask(index, needs, o)
}

// What it costs to ask for a grant and to write it, see package budget.
const wantSteps, wantBytes = 40, 1200

// ask notes what a call needs that nothing allows.
func (d *judge) ask(decision int, needs []statement.Need, o *option.Options) {
	d.Template.Budget().Spend(wantSteps * len(needs))
	d.Template.Budget().Keep(wantBytes * len(needs))
	from := len(d.needed)
	if from+len(needs) > cap(d.needed) {
		d.asked = append(d.asked, asked{decision, slices.Clone(needs), o})
		return
	}
	d.needed = append(d.needed, needs...)
	d.asked = append(d.asked, asked{decision, d.needed[from:len(d.needed):len(d.needed)], o})
}

// doubtful is perhaps, where parameters have the values of one deployment and the
// verdict is for people: a permission is never left out because there may be one.
func (d *judge) doubtful(c *invoke.Call, needs []statement.Need) []string {
	if !d.Env.Settled {
		return nil
	}
	return d.existing.Perhaps(d.View, c, needs)
}

// permitByRule looks whether the rule of the function allows the call. It may get a
// role, but no permission, see [statement.Rule].
func (d *judge) permitByRule(dec *Decision, u *statement.Rule, o *option.Options) {
	x := d.RuleOn(u, dec.Call, d.needs(nil, dec.Call, o, false))
	if d.options.Roles && dec.Call.Slot.Exists() {
		wants := o.Grant == option.Role && o.Grants(dec.Call.Service) && x.Outcome != policy.Allowed && d.RuleOnIdentity(u, dec.Call).Outcome != policy.Denied
		d.Slots.offer(len(d.Decisions), dec.Call, o, wants)
	}
	switch {
	case x.Outcome == policy.Allowed:
		dec.Verdict, dec.By = Allowed, x.By
		dec.Remarks = append(slices.Clip(dec.Remarks), x.Notes...)
	case dec.Call.Kind.Watched:
		dec.leave(finding.Finding{Reason: byAuthor, Detail: u.By[0].ID})
	case o.Grants(dec.Call.Service):
		d.refuse(dec, u, x)
	default:
		dec.leave(finding.Finding{Reason: notSelected, Detail: dec.Call.Service.Name})
	}
}
