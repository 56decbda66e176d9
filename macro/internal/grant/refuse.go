package grant

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// refuse decides that a call isn't allowed by its function's rule, and says why: no
// permission can be added to a rule, so that the author has to change it.
func (d *judge) refuse(dec *Decision, u *statement.Rule, x statement.Ruling) {
	c := dec.Call
	r, call := u.By[0], c.Source.Label+" of "+c.Resource
	if x.At != nil {
		r, _ = d.Template.Resource(x.At.By)
	}
	document := r.Properties().Get("PolicyDocument")
	p := finding.Finding{Reason: policyLacks, At: document.Pointer(), Detail: "for " + call}
	switch {
	case x.Outcome == policy.Denied:
		p.Reason, p.Detail = policyDenies, x.At.Name+", for "+call
	case x.Outcome == policy.Unclear && x.At.Why != "":
		p.Reason, p.Detail = policyUnclear, x.At.Why+", for "+call
	case x.Outcome == policy.Unclear && len(x.At.Unclear) > 0:
		p.Reason, p.Detail = policyUnclear, x.At.Name+" has "+strings.Join(x.At.Unclear, ", ")+", for "+call
	case x.Outcome == policy.Unclear:
		p.Reason, p.Detail = policyUnclear, x.At.Name+", for "+call
	case x.At != nil:
		p.Detail += ", which " + x.At.Name + " allows only where " + x.At.When.String()
	}
	if p.At == "" {
		p.At = r.Pointer()
	}
	if x.Outcome != policy.Denied {
		_, _, isCall := document.Intrinsic()
		p.Hint = "put this statement into it: " + proposed(c, r.Properties().Get("ResourceArn"), document.Kind() == template.Object && !isCall)
	}
	dec.Verdict, dec.By, dec.Problem = Unknown, nil, &p
}

// byHand is what a permission for a call must have that its author writes.
func byHand(c *invoke.Call) string {
	if c.Service.Advice.ByHand != "" {
		return c.Service.Advice.ByHand
	}
	text := "Principal: " + c.Principal
	if a := c.Source.ARN; a != nil {
		if len(a.Exact) > 0 {
			text += ", SourceArn: " + a.Exact.String()
		}
		if a.Account == invoke.AccountAlways {
			text += ", SourceAccount"
		}
	}
	return text
}
