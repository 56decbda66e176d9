package grant

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// refuse says why a call isn't allowed whose function has a rule: nothing can
// be added, so that the author has to.
func (v *View) refuse(dec *Decision, u *rule, x ruling) {
	c := dec.Call
	r, call := u.by[0], c.Source.Label+" of "+c.Resource
	if x.at != nil {
		r, _ = v.Template.Resource(x.at.by)
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
