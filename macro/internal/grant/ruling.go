package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
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

// permitByRule looks whether the rule of its function allows the call. It may
// get a role, but no permission.
func (d *decider) permitByRule(dec *Decision, u *rule, o *Options) {
	x := d.ruleOn(u, dec.Call, d.needs(nil, dec.Call, o, false))
	if d.options.roles && dec.Call.Slot.Exists() {
		wants := o.Grant == "role" && o.Grants(dec.Call.Service) && x.outcome != policy.Allowed && d.ruleOnIdentity(u, dec.Call).outcome != policy.Denied
		d.offer(len(d.result.Decisions), dec.Call, o, wants)
	}
	switch {
	case x.outcome == policy.Allowed:
		dec.Verdict, dec.By = Allowed, x.by
		dec.notes = append(slices.Clip(dec.notes), x.notes...)
	case o.Grants(dec.Call.Service):
		d.refuse(dec, u, x)
	default:
		dec.Verdict = Left
		dec.notes = append(slices.Clip(dec.notes), finding.Finding{Reason: notSelected, At: dec.Call.At(), Detail: dec.Call.Service.Name})
	}
}

// ruleOn decides a call by the rule of its function. A call from any stage is
// also allowed where each declared stage is.
func (d *decider) ruleOn(u *rule, c *caller.Call, needs []need) ruling {
	all := ruling{outcome: policy.Allowed}
	for _, n := range needs {
		one := d.ruleOnNeed(u, c, n)
		if one.outcome != policy.Allowed && len(n.stage) == 0 {
			one = d.ruleOnStages(u, c, one)
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
func (d *decider) ruleOnStages(u *rule, c *caller.Call, already ruling) ruling {
	stages := d.scope.Stages(c.API)
	if c.Source.Form == caller.Authorizer || c.Source.Form == caller.Full || len(stages) == 0 {
		return already
	}
	all := ruling{outcome: policy.Allowed}
	for _, stage := range stages {
		one := d.ruleOnNeed(u, c, newNeed(c, stage.Name))
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
	if c.API.Protocol == caller.REST && d.ruleOnNeed(u, c, newNeed(c, template.Literal(testStage))).outcome != policy.Allowed {
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
func (d *decider) ruleOnNeed(u *rule, c *caller.Call, n need) ruling {
	d.t.Budget().Spend(rulingSteps + ruledSteps*u.values)
	request, literal := d.requests(u, c, n)
	denied, mayDeny := ruling{outcome: policy.Denied}, ruling{outcome: policy.Unclear}
	allowed, mayAllow := ruling{outcome: policy.Allowed}, ruling{outcome: policy.Unclear}
	for i := range u.statements {
		st := &u.statements[i]
		answer := st.Matches(request)
		if answer != policy.Yes && st.Effect == policy.Allow && literal != nil && st.Matches(*literal) == policy.Yes {
			answer = policy.Yes
			allowed.notes = append(allowed.notes, finding.Finding{Reason: literalPath, At: c.At(), Detail: st.by})
		}
		if both, possible := c.When.And(st.when); answer == policy.No || !possible || !d.t.Possible(both) {
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
	case d.t.Covered(c.When, allowed.when):
		return allowed
	case d.t.Covered(c.When, append(slices.Clone(mayAllow.when), allowed.when...)):
		return mayAllow
	}
	return ruling{outcome: policy.Lacking, at: allowed.at}
}

// ruleOnIdentity decides a call that is made with a role, or with the identity
// of the API's caller. Their own policies allow it, but what is denied to
// everybody is denied to them.
func (d *decider) ruleOnIdentity(u *rule, c *caller.Call) ruling {
	denied := ruling{outcome: policy.Denied}
	request := policy.Request{Principal: policy.Principal{Kind: "AWS"}, Action: "lambda:InvokeFunction", Resource: u.resource}
	for i := range u.statements {
		st := &u.statements[i]
		both, possible := c.When.And(st.when)
		if st.Effect == policy.Deny && st.Matches(request) == policy.Yes && possible && d.t.Possible(both) {
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
func (d *decider) requests(u *rule, c *caller.Call, n need) (request policy.Request, literal *policy.Request) {
	r := ruleReader{scope: d.scope, env: d.env}
	if len(c.Source.Plain) > 0 {
		src := c.Source
		src.Route = src.Plain
		plain := r.request(c, src, n.stage, u.resource)
		literal = &plain
	}
	return r.request(c, c.Source, n.stage, u.resource), literal
}

// refuse says why a call isn't allowed whose function has a rule: nothing can
// be added, so that the author has to.
func (d *decider) refuse(dec *Decision, u *rule, x ruling) {
	c := dec.Call
	r, call := u.by[0], c.Source.Label+" of "+c.Resource
	if x.at != nil {
		r, _ = d.t.Resource(x.at.by)
	}
	document := r.Properties().Get("PolicyDocument")
	p := finding.Finding{Reason: policyLacks, At: document.Pointer(), Detail: "for " + call}
	switch {
	case x.outcome == policy.Denied:
		p.Reason, p.Detail = policyDenies, x.at.name+", for "+call
	case x.outcome == policy.Unclear && x.at.why != "":
		p.Reason, p.Detail = policyUnclear, x.at.why+", for "+call
	case x.outcome == policy.Unclear && len(x.at.Unclear) > 0:
		p.Reason, p.Detail = policyUnclear, x.at.name+" has "+strings.Join(x.at.Unclear, ", ")+", for "+call
	case x.outcome == policy.Unclear:
		p.Reason, p.Detail = policyUnclear, x.at.name+", for "+call
	case x.at != nil:
		p.Detail += ", which " + x.at.name + " allows only where " + x.at.when.String()
	}
	if p.At == "" {
		p.At = r.Pointer()
	}
	if x.outcome != policy.Denied {
		_, _, isCall := document.Intrinsic()
		p.Hint = "put this statement into it: " + proposed(c, r.Properties().Get("ResourceArn"), document.Kind() == template.Object && !isCall)
	}
	dec.Verdict, dec.By, dec.Problem = Unknown, nil, &p
}
