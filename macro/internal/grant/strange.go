package grant

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What is wrong with permissions for services other than API Gateway.

var (
	noSourceAccount = finding.Reason{Name: "no-source-account", Severity: finding.Warning,
		Sentence: "the permission's SourceArn holds no account, and there is no SourceAccount: who gets the bucket's name next may call",
		Hint:     "add SourceAccount: !Ref AWS::AccountId"}
	noAccount = finding.Reason{Name: "no-account", Severity: finding.Info,
		Sentence: "the option SourceAccount is left out: the service isn't known to send the account",
		Hint:     "nothing: the SourceArn names the account"}
	neverCalls = finding.Reason{Name: "never-calls", Severity: finding.Warning,
		Sentence: "the permission lets in a principal that never calls by a function's policy",
		Hint:     "remove it"}
	wrongPrincipal = finding.Reason{Name: "wrong-principal", Severity: finding.Warning,
		Sentence: "the permission lets in a principal that isn't the service's",
		Hint:     "write the service's principal as a literal, without a Region and without AWS::URLSuffix"}
	notGranted = finding.Reason{Name: "not-granted", Severity: finding.Warning,
		Sentence: "nothing of the template allows the call, and the macro grants none of this service",
		Hint:     "add an AWS::Lambda::Permission by hand, and look at what the service's own guide says of it"}
)

// unheard tells of a permission whose principal is nobody's that calls.
func (all statements) unheard(r template.Resource, principal template.Text, env invoke.Environment) {
	name := strings.ToLower(ownPrincipal(principal, env))
	because, silent := env.Catalog().IsSilent(name)
	switch nearly := env.Catalog().Nearly(name); {
	case silent:
		all.told[r.ID] = append(all.told[r.ID], finding.Finding{Reason: neverCalls, At: r.Pointer(), Detail: name + ": " + because})
	case nearly != nil:
		all.told[r.ID] = append(all.told[r.ID], finding.Finding{Reason: wrongPrincipal, At: r.Pointer(), Detail: name + " is not " + nearly.Principal})
	}
}

// namesNoAccount reports whether a pattern is an ARN whose account is empty, as
// that of a bucket is.
func namesNoAccount(pattern string) bool {
	head, _, isARN := strings.Cut(pattern, headEnd)
	return isARN && strings.HasSuffix(head, ":")
}

// byHand is what a permission for a call must have.
func byHand(c *invoke.Call) string {
	if c.Service.ByHand != "" {
		return c.Service.ByHand
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
