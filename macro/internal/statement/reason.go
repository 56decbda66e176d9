package statement

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

// The reasons of this package: what is wrong with a permission as it is written, and how it allows a call.
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
	noSourceAccount = finding.Reason{Name: "no-source-account", Severity: finding.Warning,
		Sentence: "the permission's SourceArn holds no account, and there is no SourceAccount: who gets the bucket's name next may call",
		Hint:     "add SourceAccount: !Ref AWS::AccountId"}
	literalPath = finding.Reason{Name: "literal-parameter", Severity: finding.Info,
		Sentence: "the permission names the path parameter literally: it works as long as the parameter keeps its name",
		Hint:     "write * for the parameter"}
	assumedRoot = finding.Reason{Name: "assumed-root", Severity: finding.Info,
		Sentence: "the permission fits if what this template doesn't show of the path is the API's root",
		Hint:     "nothing, where it is; else write * for that part of the path"}
	oneStage = finding.Reason{Name: "one-stage", Severity: finding.Info,
		Sentence: "the permission is for the declared stages: the console's Test button is not allowed",
		Hint:     "nothing, where that is meant"}
	neverCalls = finding.Reason{Name: "never-calls", Severity: finding.Warning,
		Sentence: "the permission lets in a principal that never calls by a function's policy",
		Hint:     "remove it"}
	wrongPrincipal = finding.Reason{Name: "wrong-principal", Severity: finding.Warning,
		Sentence: "the permission lets in a principal that isn't the service's",
		Hint:     "write the service's principal as a literal, without a Region and without AWS::URLSuffix"}
)

// Reasons returns all reasons of this package, for the documentation.
func Reasons() []finding.Reason {
	return []finding.Reason{noSourceArn, accountWide, public, noSourceAccount, literalPath, assumedRoot, oneStage, neverCalls, wrongPrincipal}
}
