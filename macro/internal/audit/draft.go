package audit

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// A draft is one policy while a plan changes it.
type draft struct {
	target     Target
	statements []Statement // there now
	calls      []*Call     // allowed or perhaps allowed, which must stay so
	report     *Report
	plan       *Plan
}

func (r *Report) draft(arn string, p *Plan) *draft {
	d := &draft{report: r, plan: p}
	_, _, name, qualifier, _ := account.Split(arn)
	d.target = Target{ARN: arn, Name: name, Qualifier: qualifier}
	if f := r.policies[arn]; f != nil {
		d.target.Revision, d.target.Before, d.statements = f.Revision, f.Bytes, slices.Clone(f.Statements)
	}
	for _, list := range [][]Call{r.Calls, r.hidden} {
		for i := range list {
			if list[i].Function == arn && list[i].role == "" {
				d.calls = append(d.calls, &list[i])
			}
		}
	}
	return d
}

// bytes returns the size of the policy as it is now.
func (d *draft) bytes() int {
	size := 0
	for _, s := range d.statements {
		size += s.Bytes - 1
	}
	return policy.Bytes(size, len(d.statements))
}

// mend adds what fits, removes needless statements, and adds the rest.
func (d *draft) mend(wanted []Step) {
	waiting := slices.DeleteFunc(slices.Clone(wanted), d.add)
	for _, s := range slices.Clone(d.statements) {
		i := slices.IndexFunc(d.statements, func(x Statement) bool { return x.Name == s.Name && x.Raw == s.Raw })
		if t := twin(d.statements, i); t >= 0 && !s.Needless() { // of one that was added just now
			s.Class, s.Why = Repeated, "says nothing that "+d.statements[t].Name+" doesn't say"
		}
		if s.Needless() {
			d.remove(s)
		}
	}
	waiting = slices.DeleteFunc(waiting, d.add)
	for _, s := range d.widen(waiting) {
		d.plan.leave("%s: no room for its statement in the policy of %s", s.Why, short(d.target.ARN))
	}
}

// add adds a statement if there is room for it, and none with its Sid.
func (d *draft) add(s Step) bool {
	if len(d.statements) > 0 && d.bytes()+len(s.raw)+1 > policy.MaxBytes || slices.ContainsFunc(d.statements, func(x Statement) bool { return x.Sid == s.Sid }) {
		return false
	}
	d.statements = append(d.statements, Statement{Name: s.Sid, Sid: s.Sid, Raw: s.raw, Bytes: len(s.raw) + 1, Class: Needed, read: policy.ReadStatement([]byte(s.raw))})
	s.Left = len(d.statements)
	d.target.Steps = append(d.target.Steps, s)
	return true
}

// widen adds one statement for each API instead of the waiting ones, and returns those
// that still don't fit.
func (d *draft) widen(waiting []Step) (left []Step) {
	done := map[string]bool{}
	for _, s := range waiting {
		api, _, tail := split(s.Source)
		if s.Principal != apiGateway || tail == "" {
			left = append(left, s)
			continue
		}
		if !done[api] {
			s.Source = s.Source[:strings.Index(s.Source, api+"/")] + api + "/*"
			s.name(d.target.ARN)
			done[api] = d.add(s)
		}
		if !done[api] {
			left = append(left, s)
		}
	}
	return left
}

// remove removes a statement that was made by hand, if nothing loses by it.
func (d *draft) remove(s Statement) {
	where := short(d.target.ARN) + " " + s.Name
	step, ok := s.removal()
	switch {
	case s.Owner.Kind == Stack:
		d.plan.leave("%s: %s, and %s owns it: change its template", where, s.Why, s.Owner)
		return
	case s.Owner.Kind != Hand:
		d.plan.leave("%s: %s, but nobody knows whose it is; -hand 'PATTERN' says that such ids are yours", where, s.Why)
		return
	case !ok:
		d.plan.leave("%s: %s, but add-permission couldn't bring it back", where, s.Why)
		return
	}
	i := slices.IndexFunc(d.statements, func(x Statement) bool { return x.Sid == s.Sid })
	rest := slices.Delete(slices.Clone(d.statements), i, i+1)
	if d.loses(rest) || s.Class == Repeated && !slices.ContainsFunc(rest, func(t Statement) bool { return covers(t.read, s.read) }) {
		d.plan.leave("%s: stays, since a call would lose by it", where)
		return
	}
	d.statements = rest
	step.Name, step.Qualifier, step.Why, step.Left = d.target.Name, d.target.Qualifier, s.Why, len(rest)
	d.target.Steps = append(d.target.Steps, step)
}

// loses reports whether a call would lose its permission if the policy had only
// these statements.
func (d *draft) loses(rest []Statement) bool {
	before, after := documentOf(d.statements), documentOf(rest)
	for _, c := range d.calls {
		for _, n := range c.needs {
			was, _ := decideNeed(before, c, n, d.report.Account.ID)
			is, _ := decideNeed(after, c, n, d.report.Account.ID)
			if was != is && is != policy.Allowed {
				return true
			}
		}
	}
	return false
}

// documentOf returns statements as one policy.
func documentOf(all []Statement) policy.Document {
	var doc policy.Document
	for _, s := range all {
		doc.Statements = append(doc.Statements, s.read)
	}
	return doc
}
