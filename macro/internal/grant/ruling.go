package grant

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A ruling is what a rule makes of a call, and the statements that make it.
type ruling struct {
	outcome policy.Outcome
	at      *ruled           // the first of them; nil where there is none
	by      []string         // logical ids of their policies
	when    []template.Guard // when they are there
	notes   []finding.Finding
}

func (x *ruling) add(st *ruled) {
	if x.at == nil {
		x.at = st
	}
	x.by, x.when = append(x.by, st.by), append(x.when, st.when)
}

// ruleOn decides a call by the rule of its function. A call from any stage is
// also allowed where each declared stage is.
func (v *View) ruleOn(u *rule, c *invoke.Call, needs []need) ruling {
	all := ruling{outcome: policy.Allowed}
	for _, n := range needs {
		one := v.ruleOnNeed(u, c, n)
		if one.outcome != policy.Allowed && len(n.stage) == 0 {
			one = v.ruleOnStages(u, c, one)
		}
		if one.outcome != policy.Allowed {
			return one
		}
		all.by, all.notes = append(all.by, one.by...), append(all.notes, one.notes...)
	}
	slices.Sort(all.by)
	all.by = slices.Compact(all.by)
	return all
}

// ruleOnStages is the ruling on the declared stages of a call from any stage;
// already is the one on all stages that there can be.
func (v *View) ruleOnStages(u *rule, c *invoke.Call, already ruling) ruling {
	stages := c.Origin.Stages
	if c.Source.Form == policy.Authorizer || c.Source.ARN != nil || len(stages) == 0 {
		return already
	}
	all := ruling{outcome: policy.Allowed}
	for _, stage := range stages {
		one := v.ruleOnNeed(u, c, newNeed(c, stage.Name))
		switch one.outcome {
		case policy.Denied:
			return one
		case policy.Allowed:
			all.by, all.notes = append(all.by, one.by...), append(all.notes, one.notes...)
		default:
			all.outcome = one.outcome
		}
	}
	if all.outcome != policy.Allowed {
		return already
	}
	if c.Origin.Trial != "" && v.ruleOnNeed(u, c, newNeed(c, template.Literal(c.Origin.Trial))).outcome != policy.Allowed {
		all.notes = append(all.notes, finding.Finding{Reason: oneStage, At: c.At()})
	}
	return all
}

// What a ruling takes, and what each text of the rule that it compares.
const (
	rulingSteps = 50
	ruledSteps  = 4
)

// ruleOnNeed decides one need as IAM does, in every way in which the template's
// conditions can turn out: what a Deny may match isn't allowed.
func (v *View) ruleOnNeed(u *rule, c *invoke.Call, n need) ruling {
	v.Template.Budget().Spend(rulingSteps + ruledSteps*u.values)
	request, literal := v.requests(u, c, n)
	denied, mayDeny := ruling{outcome: policy.Denied}, ruling{outcome: policy.Unclear}
	allowed, mayAllow := ruling{outcome: policy.Allowed}, ruling{outcome: policy.Unclear}
	for i := range u.statements {
		st := &u.statements[i]
		answer := st.Matches(request)
		if answer != policy.Yes && st.Effect == policy.Allow && literal != nil && st.Matches(*literal) == policy.Yes {
			answer = policy.Yes
			allowed.notes = append(allowed.notes, finding.Finding{Reason: literalPath, At: c.At(), Detail: st.by})
		}
		if both, possible := c.When.And(st.when); answer == policy.No || !possible || !v.Template.Possible(both) {
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
	case denied.at != nil:
		return denied
	case mayDeny.at != nil:
		return mayDeny
	case v.Template.Covered(c.When, allowed.when):
		return allowed
	case v.Template.Covered(c.When, append(slices.Clone(mayAllow.when), allowed.when...)):
		return mayAllow
	}
	return ruling{outcome: policy.Lacking, at: allowed.at}
}

// ruleOnIdentity decides a call that is made with a role, or with the identity
// of the API's caller. Their own policies allow it, but what is denied to
// everybody is denied to them.
func (v *View) ruleOnIdentity(u *rule, c *invoke.Call) ruling {
	denied := ruling{outcome: policy.Denied}
	request := policy.Request{Principal: policy.Principal{Kind: "AWS"}, Action: "lambda:InvokeFunction", Resource: u.resource}
	for i := range u.statements {
		st := &u.statements[i]
		both, possible := c.When.And(st.when)
		if st.Effect == policy.Deny && st.Matches(request) == policy.Yes && possible && v.Template.Possible(both) {
			denied.add(st)
		}
	}
	if denied.at == nil {
		return ruling{outcome: policy.Unclear}
	}
	return denied
}

// requests are what a need asks of the policy of its function: with a * for
// each path parameter, and, where it has some, with them as they are written.
func (v *View) requests(u *rule, c *invoke.Call, n need) (request policy.Request, literal *policy.Request) {
	r := ruleReader{v}
	if len(c.Source.Plain) > 0 {
		src := c.Source
		src.Route = src.Plain
		plain := r.request(c, src, n.stage, u.resource)
		literal = &plain
	}
	return r.request(c, c.Source, n.stage, u.resource), literal
}
