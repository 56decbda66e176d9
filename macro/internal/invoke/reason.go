package invoke

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
)

// The reasons that every service may have.
var (
	NotARN = finding.Reason{Name: "not-arn", Severity: finding.Fault,
		Sentence: "the service wants the function's ARN",
		Hint:     "write !GetAtt Function.Arn"}
	MaybeFunction = finding.Reason{Name: "maybe-function", Severity: finding.Info, Hides: true,
		Sentence: "the target is an expression whose value is not known: nothing is granted, whether it is a function or not",
		Hint:     "give the parameter a value that is a function's ARN, or grant the function by hand"}
	Loop = finding.Reason{Name: "loop", Severity: finding.Warning, Hides: true, Unread: true,
		Sentence: "the resources of a Fn::ForEach are not expanded yet",
		Hint:     "list AWS::LanguageExtensions before this macro in Transform"}
)

// Reasons returns the reasons why a call may not be known, of all services, for the
// documentation.
func Reasons() []finding.Reason {
	return append(function.Reasons(), NotARN, MaybeFunction, Loop)
}
