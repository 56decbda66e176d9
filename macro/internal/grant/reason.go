package grant

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

// The reasons of this package: why a call is granted otherwise than asked for, or not at all.
var (
	policyLacks = finding.Reason{Name: "policy-lacks", Severity: finding.Fault,
		Sentence: "no statement of the function's resource policy allows the call, and no permission may stand beside an AWS::Lambda::ResourcePolicy",
		Hint:     "put a statement for the call into its PolicyDocument"}
	policyDenies = finding.Reason{Name: "policy-denies", Severity: finding.Fault,
		Sentence: "a Deny of the function's resource policy matches the call",
		Hint:     "narrow that statement, or remove it"}
	policyUnclear = finding.Reason{Name: "policy-unclear", Severity: finding.Warning,
		Sentence: "whether the function's resource policy allows the call can't be known",
		Hint:     "write the statement with values that are known here, or add one that allows the call"}
	sameFunction = finding.Reason{Name: "same-function", Severity: finding.Warning,
		Sentence: "it can't be known whether a permission of the template is for this function, which it names in another way",
		Hint:     "name the function in both places in the same way, or give the values of the parameters"}
	notSelected = finding.Reason{Name: "not-selected", Severity: finding.Info,
		Sentence: "nothing allows the call, and the option Services leaves it out",
		Hint:     "name the service in the option Services, or grant the call by hand"}
	notGranted = finding.Reason{Name: "not-granted", Severity: finding.Warning,
		Sentence: "nothing of the template allows the call, and the macro grants none of this service",
		Hint:     "add an AWS::Lambda::Permission by hand, and look at what the service's own guide says of it"}
	byAuthor = finding.Reason{Name: "by-author", Severity: finding.Info,
		Sentence: "the template has a permission for such calls, or a policy, and whether it matches isn't known here: the macro grants none of this service",
		Hint:     "look at what the service's own guide says of its source"}
	late = finding.Reason{Name: "late", Severity: finding.Fault,
		Sentence: "the permission comes too late: it waits for the resource whose service tries it while the resource is made",
		Hint:     "write the SourceArn as text, or leave it out for SourceAccount, and let the resource depend on the permission"}
	circular = finding.Reason{Name: "circular-dependency", Severity: finding.Fault,
		Sentence: "the service tries the permission while the resource is made, and the function itself waits for the resource",
		Hint:     "let the function name the resource by text instead of Ref or Fn::GetAtt"}
	authorsCycle = finding.Reason{Name: "author-cycle", Severity: finding.Warning,
		Sentence: "the function and the resource that calls it wait for one another, which CloudFormation refuses",
		Hint:     "let the function name the resource by text instead of Ref or Fn::GetAtt"}
	noSlot = finding.Reason{Name: "no-credentials", Severity: finding.Info, OfGrant: true,
		Sentence: "the place can't carry credentials: a permission was added instead of a role",
		Hint:     "write the API definition into the template as an object"}
	noAccount = finding.Reason{Name: "no-account", Severity: finding.Info,
		Sentence: "the option SourceAccount is left out: the service isn't known to send the account",
		Hint:     "nothing: the SourceArn names the account"}
	widened = finding.Reason{Name: "widened", Severity: finding.Info, OfGrant: true,
		Sentence: "the permission is wider than the route, since exact ones would not fit",
		Hint:     "spread the routes over more functions or templates, or use Grant: policy or role"}
	PolicySize = finding.Reason{Name: "policy-size", Severity: finding.Warning, OfGrant: true,
		Sentence: "the function's policy may pass 20480 bytes although everything is as wide as can be",
		Hint:     "remove permissions that aren't needed, or use Grant: role"}
	mixed = finding.Reason{Name: "mixed", Severity: finding.Info,
		Sentence: "Grant: policy gives permissions here, since a whole policy can't stand beside what else the template has",
		Hint:     "let the macro grant what that permission does and remove it, or nothing where permissions will do"}
	notOwn = finding.Reason{Name: "not-own", Severity: finding.Info,
		Sentence: "Grant: policy gives permissions here, since the template doesn't make the function, version or alias: its whole policy is somebody else's",
		Hint:     "nothing, where permissions will do"}
)

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return []finding.Reason{policyLacks, policyDenies, policyUnclear, sameFunction, notSelected, notGranted, byAuthor, late, circular, authorsCycle, noSlot, noAccount, widened, PolicySize, mixed, notOwn}
}
