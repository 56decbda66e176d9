package emit

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

// The reasons of this package: what the edits mean for the deployment.
var (
	roleCreated = finding.Reason{Name: "role-created", Severity: finding.Info, OfGrant: true,
		Sentence: "a role is created, for which the deployment must acknowledge CAPABILITY_IAM",
		Hint:     "deploy with --capabilities CAPABILITY_IAM, or give RoleArn"}
	wholePolicy = finding.Reason{Name: "whole-policy", Severity: finding.Info,
		Sentence: "the function's whole policy is written: it replaces what other stacks and hands have put there",
		Hint:     "look at what is deployed with grantinvoke check -live or -stack, or use Grant: permission"}
	ordered = finding.Reason{Name: "order", Severity: finding.Info,
		Sentence: "the service tries the permission while the resource is made: the resource has to wait for it",
		Hint:     "nothing, where the macro runs; else add the DependsOn"}
	unordered = finding.Reason{Name: "no-order", Severity: finding.Warning,
		Sentence: "the service tries the permission while the resource is made, and the resource can't wait for it: the deployment may fail",
		Hint:     "give the permission a condition that is true wherever the resource names the function"}
	stageFirst = finding.Reason{Name: "stage-first", Severity: finding.Info,
		Sentence: "the stage can't wait for the permission, as the option Order asks: for a moment callers may get status 500",
		Hint:     "nothing, where that is acceptable; else make the stage in another stack"}
)

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return []finding.Reason{roleCreated, wholePolicy, ordered, unordered, stageFirst}
}
