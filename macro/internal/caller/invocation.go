package caller

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Nearly all invocation URIs are written in one of two ways: with Fn::Sub, or
// with Fn::Join as the CDK does. Those are read without flattening them first.

// invocation returns the reference to the function of an invocation URI; ok is
// false for all but the most usual ones.
func invocation(v template.Value) (fn template.Part, ok bool) {
	switch name, arg, _ := v.Intrinsic(); name {
	case "Fn::Sub":
		text, _ := arg.Text()
		return subInvocation(text)
	case "Fn::Join":
		return joinInvocation(arg)
	}
	return template.Part{}, false
}

// subInvocation reads …:lambda:path/2015-03-31/functions/${Function.Arn}/invocations.
func subInvocation(text string) (fn template.Part, ok bool) {
	before, path, ok := strings.Cut(text, pathOfLambda)
	if !ok || len(text) > 500 || !strings.HasSuffix(before, "${AWS::Region}") || strings.LastIndex(before, "${") > strings.LastIndexByte(before, '}') || strings.Contains(before, "${!") {
		return fn, false
	}
	version, name, ok := strings.Cut(path, "/functions/")
	name, invokes := strings.CutSuffix(name, "}/invocations")
	name, refers := strings.CutPrefix(name, "${")
	if !ok || !invokes || !refers || !isVersion(version) || !isGateway(before) || strings.ContainsAny(name, "${}! /") || !strings.Contains(name, ".") {
		return fn, false
	}
	return template.Part{Kind: template.Att, Text: name}, true
}

// joinInvocation reads the same in pieces.
func joinInvocation(arg template.Value) (fn template.Part, ok bool) {
	if sep, isText := arg.Item(0).Text(); !isText || sep != "" || arg.Len() != 2 {
		return fn, false
	}
	var last [4]template.Part // any reference, …:lambda:path/2015-03-31/functions/, the function, /invocations
	gateway, first := false, true
	for item := range arg.Item(1).Items() {
		p, known := item.Part()
		if first && !strings.HasPrefix(p.Text, "arn:") || p.Kind == template.Lit && strings.ContainsAny(p.Text, " \n\r\t") {
			return fn, false
		}
		if p == ownRegion && !strings.HasSuffix(last[3].Text, ":apigateway:") {
			return fn, false
		}
		first, gateway = false, gateway || strings.Contains(p.Text, ":apigateway:")
		if !known || strings.Contains(p.Text, "${") || strings.Contains(last[0].Text, pathOfLambda) {
			return fn, false
		}
		last = [...]template.Part{last[1], last[2], last[3], p}
	}
	_, path, is := strings.Cut(last[1].Text, pathOfLambda)
	version, ok := strings.CutSuffix(path, "/functions/")
	if !is || !ok || !isVersion(version) || !gateway || last[0] != ownRegion || last[1].Kind != template.Lit ||
		last[2].Kind != template.Att || last[3].Kind != template.Lit || last[3].Text != "/invocations" {
		return fn, false
	}
	return last[2], true
}

// ownRegion stands before the path where the function is in the stack's Region.
var ownRegion = template.Part{Kind: template.Ref, Text: "AWS::Region"}

// isVersion reports whether a text is that of a version of Lambda's API; a slash
// may stand before it.
func isVersion(text string) bool {
	text = strings.TrimPrefix(text, "/")
	if len(text) != len("2015-03-31") {
		return false
	}
	for i, c := range []byte(text) {
		if dash := i == 4 || i == 7; dash != (c == '-') || !dash && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isGateway reports whether a text can stand before the path: arn:P:apigateway:R.
func isGateway(text string) bool {
	return strings.HasPrefix(text, "arn:") && strings.Contains(text, ":apigateway:") && !strings.ContainsAny(text, " \n\r\t")
}

// pathOfLambda is in the ARN of every path of Lambda's API.
const pathOfLambda = ":lambda:path/"
