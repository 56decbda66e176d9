package function

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Nearly all invocation URIs are written in one of two ways: with Fn::Sub, or
// with Fn::Join as the CDK does. Those are read without flattening them first.

// usual returns the function where a property is written as most are: as an invocation
// URI, or, where that is accepted, as the Arn of a function of the template.
func (s *Names) usual(v template.Value, accepts Accepts) (t Target, ok bool) {
	if name, _, _ := v.Intrinsic(); name == "Fn::GetAtt" {
		p, known := v.Part()
		if !accepts.Bare || !known {
			return t, false
		}
		return s.ofARN(template.Text{p})
	}
	fn, ok := invocation(v)
	if !ok {
		return t, false
	}
	t, problem := s.Function(template.Text{fn})
	return t, problem == nil
}

// invocation returns the reference to the function in an invocation URI that is
// written in one of these ways; ok is false for any other.
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

// subInvocation reads arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations.
func subInvocation(text string) (fn template.Part, ok bool) {
	before, path, ok := strings.Cut(text, "${AWS::Region}"+pathOfLambda)
	partition, isGateway := strings.CutSuffix(before, ":apigateway:")
	partition, isARN := strings.CutPrefix(partition, "arn:")
	if !ok || !isGateway || !isARN || partition != "${AWS::Partition}" && !isPartition(partition) {
		return fn, false
	}
	version, name, ok := strings.Cut(path, "/functions/")
	name, invokes := strings.CutSuffix(name, "}/invocations")
	name, refers := strings.CutPrefix(name, "${")
	if !ok || !invokes || !refers || !isUsual(version) || !isAttribute(name) {
		return fn, false
	}
	return template.Part{Kind: template.Att, Text: name}, true
}

// joinInvocation reads the same URI from the items of an Fn::Join.
func joinInvocation(arg template.Value) (fn template.Part, ok bool) {
	if sep, isText := arg.Item(0).Text(); !isText || sep != "" || arg.Len() != 2 {
		return fn, false
	}
	var before [3]template.Part // arn:, the partition, :apigateway: or all of that as one item
	var last [4]template.Part   // the Region, :lambda:path/2015-03-31/functions/, the function, /invocations
	n := 0
	for item := range arg.Item(1).Items() {
		p, known := item.Part()
		if n++; !known || n > len(before)+len(last) {
			return fn, false
		}
		before = [...]template.Part{before[1], before[2], last[0]}
		last = [...]template.Part{last[1], last[2], last[3], p}
	}
	if !isGateway(before) {
		return fn, false
	}
	path, is := strings.CutPrefix(last[1].Text, pathOfLambda)
	version, ok := strings.CutSuffix(path, "/functions/")
	if !is || !ok || !isUsual(version) || last[0] != ownRegion || last[1].Kind != template.Lit ||
		last[2].Kind != template.Att || last[3].Kind != template.Lit || last[3].Text != "/invocations" {
		return fn, false
	}
	return last[2], true
}

// isGateway reports whether pieces are arn:P:apigateway:, what precedes the Region.
func isGateway(pieces [3]template.Part) bool {
	last := pieces[2]
	if last.Kind != template.Lit {
		return false
	}
	if pieces[1] == (template.Part{}) { // all at once
		partition, isGateway := strings.CutSuffix(last.Text, ":apigateway:")
		partition, isARN := strings.CutPrefix(partition, "arn:")
		return isGateway && isARN && isPartition(partition)
	}
	return pieces[0] == template.Part{Kind: template.Lit, Text: "arn:"} && pieces[1] == template.Part{Kind: template.Ref, Text: "AWS::Partition"} && last.Text == ":apigateway:"
}

// isPartition reports whether a text has the form of a partition's name, such as aws-us-gov.
func isPartition(text string) bool {
	for _, c := range []byte(text) {
		if c != '-' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return strings.HasPrefix(text, "aws")
}

// isAttribute reports whether a reference of Fn::Sub names an attribute of a
// resource: Function.Arn.
func isAttribute(name string) bool {
	for _, c := range []byte(name) {
		if c != '.' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	id, attribute, ok := strings.Cut(name, ".")
	return ok && id != "" && attribute != ""
}

// ownRegion is a reference to the stack's Region.
var ownRegion = template.Part{Kind: template.Ref, Text: "AWS::Region"}

// isUsual reports whether a version of Lambda's API is the one that nearly all URIs
// have.
func isUsual(version string) bool { return strings.TrimPrefix(version, "/") == "2015-03-31" }

// invokeVersions maps each invoking path to the version of Lambda's API that has it.
var invokeVersions = map[string]string{"/invocations": "2015-03-31", "/response-streaming-invocations": "2021-11-15", "/invoke-async": "2014-11-13"}

// isInvokeVersion reports whether an invocation URI has the version of Lambda's API
// that goes with its last segment. It is true where either isn't literal.
func isInvokeVersion(x template.Text) bool {
	path, _ := lambdaPath(x)
	version, fn, _ := path.Cut("/functions/")
	plain, known := version.Plain()
	fn = withoutSlash(fn)
	for _, op := range invokePaths {
		if _, cut := fn.TrimSuffix(op); cut && known {
			return strings.TrimPrefix(plain, "/") == invokeVersions[op]
		}
	}
	return true
}

// isVersion reports whether a text has the form of a version of Lambda's API, a
// date; a slash may precede it.
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

// pathOfLambda is part of every invocation URI.
const pathOfLambda = ":lambda:path/"
