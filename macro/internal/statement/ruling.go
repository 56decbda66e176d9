package statement

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Ruling is whether a rule allows a call, and the statements that decide that.
type Ruling struct {
	Outcome policy.Outcome
	At      *ruled           // the first of the statements; nil where there is none
	By      []string         // by statement: logical id of the policy
	when    []template.Guard // by statement: when it is there
	Notes   []finding.Finding
}

// add adds a statement that decides.
func (x *Ruling) add(st *ruled) {
	if x.At == nil {
		x.At = st
	}
	x.By, x.when = append(x.By, st.By), append(x.when, st.When)
}

// RuleOn decides a call by the rule of its function. A call from any stage is
// also allowed where each declared stage is.
func (v *View) RuleOn(u *Rule, c *invoke.Call, needs []Need) Ruling {
	all := Ruling{Outcome: policy.Allowed}
	for _, n := range needs {
		one := v.ruleOnNeed(u, c, n)
		if one.Outcome != policy.Allowed && len(n.Stage) == 0 {
			one = v.ruleOnStages(u, c, one)
		}
		if one.Outcome != policy.Allowed {
			return one
		}
		all.By, all.Notes = append(all.By, one.By...), append(all.Notes, one.Notes...)
	}
	slices.Sort(all.By)
	all.By = slices.Compact(all.By)
	return all
}

// ruleOnStages is the ruling on a call from any stage by its declared stages; already
// is the ruling on all stages, which it returns where the declared ones aren't allowed.
func (v *View) ruleOnStages(u *Rule, c *invoke.Call, already Ruling) Ruling {
	stages := c.Stages()
	if len(stages) == 0 {
		return already
	}
	all := Ruling{Outcome: policy.Allowed}
	for _, stage := range stages {
		one := v.ruleOnNeed(u, c, NewNeed(c, stage.Name))
		switch one.Outcome {
		case policy.Denied:
			return one
		case policy.Allowed:
			all.By, all.Notes = append(all.By, one.By...), append(all.Notes, one.Notes...)
		default:
			all.Outcome = one.Outcome
		}
	}
	if all.Outcome != policy.Allowed {
		return already
	}
	if c.Origin.Trial != "" && v.ruleOnNeed(u, c, NewNeed(c, template.Literal(c.Origin.Trial))).Outcome != policy.Allowed {
		all.Notes = append(all.Notes, finding.Finding{Reason: oneStage, At: c.At()})
	}
	return all
}

// What a ruling costs, and what each text of the rule, see package budget.
const (
	rulingSteps = 50
	ruledSteps  = 4
)

// ruleOnNeed decides on one need as IAM does, for all values of the template's
// conditions: a call that a Deny may match isn't allowed.
func (v *View) ruleOnNeed(u *Rule, c *invoke.Call, n Need) Ruling {
	v.Template.Budget().Spend(rulingSteps + ruledSteps*u.values)
	request, literal := v.requests(u, c, n)
	denied, mayDeny := Ruling{Outcome: policy.Denied}, Ruling{Outcome: policy.Unclear}
	allowed, mayAllow := Ruling{Outcome: policy.Allowed}, Ruling{Outcome: policy.Unclear}
	for i := range u.statements {
		st := &u.statements[i]
		answer := st.Matches(request)
		if answer != policy.Yes && st.Effect == policy.Allow && literal != nil && st.Matches(*literal) == policy.Yes {
			answer = policy.Yes
			allowed.Notes = append(allowed.Notes, finding.Finding{Reason: literalPath, At: c.At(), Detail: st.By})
		}
		if both, possible := c.When.And(st.When); answer == policy.No || !possible || !v.Template.Possible(both) {
			continue
		}
		switch {
		case st.Effect == policy.Allow && answer == policy.Yes:
			allowed.add(st)
		case st.Effect == policy.Allow && answer == policy.Partly:
			// not all of the call
		case st.Effect == policy.Allow:
			mayAllow.add(st)
		case st.Effect == policy.Deny && answer == policy.Yes:
			denied.add(st)
		default:
			mayDeny.add(st)
		}
	}
	switch {
	case denied.At != nil:
		return denied
	case mayDeny.At != nil:
		return mayDeny
	case v.Template.Covered(c.When, allowed.when):
		return allowed
	case v.Template.Covered(c.When, append(slices.Clone(mayAllow.when), allowed.when...)):
		return mayAllow
	}
	return Ruling{Outcome: policy.Lacking, At: allowed.At}
}

// RuleOnIdentity decides on a call that is made with a role, or with the identity of the
// origin's own caller: Denied where the rule denies it to everybody, else Unclear, since
// the policies of that identity decide.
func (v *View) RuleOnIdentity(u *Rule, c *invoke.Call) Ruling {
	denied := Ruling{Outcome: policy.Denied}
	request := policy.Request{Principal: policy.Principal{Kind: "AWS"}, Action: "lambda:InvokeFunction", Resource: u.resource}
	for i := range u.statements {
		st := &u.statements[i]
		both, possible := c.When.And(st.When)
		if st.Effect == policy.Deny && st.Matches(request) == policy.Yes && possible && v.Template.Possible(both) {
			denied.add(st)
		}
	}
	if denied.At == nil {
		return Ruling{Outcome: policy.Unclear}
	}
	return denied
}

// requests returns the requests of a need: one that stands for all values of its path
// parameters, and one, where it has parameters, with those as they are written; else
// nil.
func (v *View) requests(u *Rule, c *invoke.Call, n Need) (request policy.Request, literal *policy.Request) {
	r := Speller{View: v}
	if len(c.Source.Plain) > 0 {
		src := c.Source
		src.Route = src.Plain
		plain := r.Request(c, src, n.Stage, u.resource)
		literal = &plain
	}
	return r.Request(c, c.Source, n.Stage, u.resource), literal
}
