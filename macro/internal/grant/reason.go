package grant

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
)

// The reasons of this package; those of an audit stand with it.
var (
	noSourceArn = finding.Reason{Name: "no-source-arn", Severity: finding.Warning,
		Sentence: "the permission has neither SourceArn nor SourceAccount: its service may call for every account",
		Hint:     "add a SourceArn or SourceAccount, or remove the permission and let the macro add exact ones"}
	accountWide = finding.Reason{Name: "account-wide", Severity: finding.Warning,
		Sentence: "the permission's SourceArn matches every API of the account",
		Hint:     "name the API in the SourceArn"}
	public = finding.Reason{Name: "public", Severity: finding.Warning,
		Sentence: "the permission's principal is *: everybody may call the function",
		Hint:     "write the principal of the service that calls, such as apigateway.amazonaws.com"}
	literalPath = finding.Reason{Name: "literal-parameter", Severity: finding.Info,
		Sentence: "the permission names the path parameter literally: it works as long as the parameter keeps its name",
		Hint:     "write * for the parameter"}
	assumedRoot = finding.Reason{Name: "assumed-root", Severity: finding.Info,
		Sentence: "the permission fits if what this template doesn't show of the path is the API's root",
		Hint:     "nothing, where it is; else write * for that part of the path"}
	matchesNothing = finding.Reason{Name: "matches-nothing", Severity: finding.Warning,
		Sentence: "the permission looks made for a call, and doesn't allow it",
		Hint:     "correct the part that differs"}
	noSlot = finding.Reason{Name: "no-credentials", Severity: finding.Info,
		Sentence: "the place can't carry credentials: a permission was added instead of a role",
		Hint:     "write the API definition into the template as an object"}
	oneStage = finding.Reason{Name: "one-stage", Severity: finding.Info,
		Sentence: "the permission is for the declared stages: the console's Test button is not allowed",
		Hint:     "nothing, where that is meant"}
	widened = finding.Reason{Name: "widened", Severity: finding.Info,
		Sentence: "the permission is wider than the route, since exact ones would not fit",
		Hint:     "spread the routes over more functions or templates, or use Grant: policy or role"}
	policySize = finding.Reason{Name: "policy-size", Severity: finding.Warning,
		Sentence: "the function's policy may pass 20480 bytes although everything is as wide as can be",
		Hint:     "remove permissions that aren't needed, or use Grant: role"}
	noDeployment = finding.Reason{Name: "no-deployment", Severity: finding.Warning,
		Sentence: "credentials were added, and the template has no deployment of the API that would put them into effect",
		Hint:     "deploy the API again after the stack's update"}
	policyLacks = finding.Reason{Name: "policy-lacks", Severity: finding.Fault,
		Sentence: "no statement of the function's resource policy allows the call, and no permission may stand beside an AWS::Lambda::ResourcePolicy",
		Hint:     "put a statement for the call into its PolicyDocument"}
	policyDenies = finding.Reason{Name: "policy-denies", Severity: finding.Fault,
		Sentence: "a Deny of the function's resource policy matches the call",
		Hint:     "narrow that statement, or remove it"}
	policyUnclear = finding.Reason{Name: "policy-unclear", Severity: finding.Warning,
		Sentence: "whether the function's resource policy allows the call can't be known",
		Hint:     "write the statement with values that are known here, or add one that allows the call"}
	besidePolicy = finding.Reason{Name: "beside-policy", Severity: finding.Warning,
		Sentence: "the permission stands beside an AWS::Lambda::ResourcePolicy of the same function, and each removes what the other has made",
		Hint:     "remove it, and put its statement into the policy"}
	roleCreated = finding.Reason{Name: "role-created", Severity: finding.Info,
		Sentence: "a role is created, for which the deployment must acknowledge CAPABILITY_IAM",
		Hint:     "deploy with --capabilities CAPABILITY_IAM, or give RoleArn"}
)

// notSelected is told of calls that nothing allows and that nobody asked to grant.
var notSelected = finding.Reason{Name: "not-selected", Severity: finding.Info,
	Sentence: "nothing allows the call, and the option Services leaves it out",
	Hint:     "name the service in the option Services, or grant the call by hand"}

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return []finding.Reason{noSourceArn, accountWide, public, literalPath, assumedRoot, matchesNothing, oneStage, unused, repeated, wider, tooEarly, sameFunction,
		policyLacks, policyDenies, policyUnclear, besidePolicy, noSlot, roleCreated, noDeployment, widened, policySize, notSelected, noSourceAccount, noAccount, neverCalls, wrongPrincipal, notGranted, late, ordered, unordered, circular, authorsCycle,
		notPost, noPayloadFormat, roleTrust, roleRight, noLogsRole, stack.Unresolved, stageFirst, wholePolicy, mixed, notOwn}
}
