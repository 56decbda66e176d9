package review

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
)

// The reasons of this package: what is wrong with permissions and roles of the template.
var (
	matchesNothing = finding.Reason{Name: "matches-nothing", Severity: finding.Warning,
		Sentence: "the permission looks made for a call, and doesn't allow it",
		Hint:     "correct the part that differs"}
	unused = finding.Reason{Name: "unused", Severity: finding.Warning,
		Sentence: "the permission allows what no call of this template needs",
		Hint:     "remove it, unless something outside of this template calls"}
	repeated = finding.Reason{Name: "repeated", Severity: finding.Warning,
		Sentence: "the permission says what another says already, and takes its share of the 20,480 bytes of the function's policy",
		Hint:     "remove one of the two"}
	wider = finding.Reason{Name: "wider", Severity: finding.Info,
		Sentence: "the permission allows more than the routes that need it",
		Hint:     "remove it and let the macro add exact ones, or nothing where it is meant for routes to come"}
	tooEarly = finding.Reason{Name: "alias-too-early", Severity: finding.Warning,
		Sentence: "the permission names an alias by its text and doesn't wait for it: the first deployment can fail",
		Hint:     "name the alias with !Ref, or list it in DependsOn"}
	besidePolicy = finding.Reason{Name: "beside-policy", Severity: finding.Warning,
		Sentence: "the permission stands beside an AWS::Lambda::ResourcePolicy of the same function, and each removes what the other has made",
		Hint:     "remove it, and put its statement into the policy"}
	roleTrust = finding.Reason{Name: "role-trust", Severity: finding.Warning,
		Sentence: "the role in the credentials does not trust the service that is to call with it",
		Hint:     "let its AssumeRolePolicyDocument allow sts:AssumeRole to the service"}
	roleRight = finding.Reason{Name: "role-right", Severity: finding.Warning,
		Sentence: "no policy of the role in the credentials allows lambda:InvokeFunction",
		Hint:     "allow it in the role's policy, on the function with the qualifier that is called"}
)

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return []finding.Reason{matchesNothing, unused, repeated, wider, tooEarly, besidePolicy, roleTrust, roleRight, stack.Unresolved}
}
