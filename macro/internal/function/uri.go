package function

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// invokePaths are the last segments of an invocation URI. All three need
// lambda:InvokeFunction
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html).
var invokePaths = []string{"/response-streaming-invocations", "/invocations", "/invoke-async"}

// A uriKind tells what a URI leads to.
type uriKind uint8

const (
	notLambda  uriKind = iota // certainly something else: HTTP, SQS, a VPC link
	invokesURI                // an invocation URI
	functionID                // a function's ARN alone, or a reference to a function
	unclear                   // an expression that may be anything
	hidden                    // an expression in the part that tells which service or function is called
	controls                  // an action of Lambda other than an invocation
)

// readURI finds the function in the text of an integration's or authorizer's URI:
// what is between /functions/ and the last segment. Its end isn't enough:
// SageMaker's URIs also end in /invocations.
func (s *Names) readURI(x template.Text) (fn template.Text, kind uriKind) {
	if rest, isPath := lambdaPath(x); isPath {
		return s.readLambdaPath(rest)
	}
	if len(x) == 0 {
		return nil, notLambda
	}
	if first := x[0]; first.Kind == template.Lit {
		return s.readLiteralURI(x, first.Text)
	}
	return s.readReference(x)
}

// lambdaPath returns what follows lambda:path/ in a path of Lambda's API.
func lambdaPath(x template.Text) (rest template.Text, isPath bool) {
	for i, p := range x {
		if p.Kind != template.Lit {
			continue
		}
		if _, after, ok := strings.Cut(p.Text, pathOfLambda); ok {
			return template.Join(template.Literal(after), x[i+1:]), true
		}
	}
	return nil, false
}

// controlPaths are the segments that may follow a function's name in Lambda's API,
// besides those that invoke it
// (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html).
var controlPaths = []string{"aliases", "code", "code-signing-config", "concurrency", "configuration", "durable-executions", "event-invoke-config",
	"function-scaling-config", "policy", "provisioned-concurrency", "recursion-config", "runtime-management-config", "url", "urls", "versions"}

// readLambdaPath reads date/functions/name/operation. Without an operation the path
// is that of GetFunction, which doesn't invoke.
func (s *Names) readLambdaPath(path template.Text) (fn template.Text, kind uriKind) {
	_, fn, ok := path.Cut("/functions/")
	if !ok {
		if _, plain := path.Visible().Plain(); !plain {
			return nil, hidden
		}
		return nil, notLambda // such as durable-execution-callbacks
	}
	if name, invokes := trimOperation(fn); invokes {
		return name, invokesURI
	}
	fn = withoutSlash(fn)
	name, operation, more := fn.Cut("/")
	first, _, _ := operation.Cut("/")
	if word, plain := first.Plain(); more && plain && slices.Contains(controlPaths, word) {
		return name, controls
	}
	if p, whole := fn.Visible().Single(); whole && s.TypeOf(p.ID()) == "" && !s.MadeBySAM(p.ID()) {
		return nil, hidden // one expression is both name and operation
	}
	if more {
		return fn, invokesURI // no function has such a name, which reading the name will tell
	}
	return fn, controls
}

// trimOperation cuts an invoking path off the end of a URI.
func trimOperation(fn template.Text) (name template.Text, invokes bool) {
	n := len(fn) - 1
	if n > 0 && slices.Contains(invokePaths, fn[n].Text) && fn[n].Kind == template.Lit {
		return fn[:n:n], true
	}
	fn = withoutSlash(fn)
	for _, op := range invokePaths {
		if rest, cut := fn.TrimSuffix(op); cut {
			return rest, true
		}
	}
	return fn, false
}

// withoutSlash drops slashes at the end of a URI: API Gateway ignores them, and
// the documentation has one after invoke-async.
func withoutSlash(x template.Text) template.Text {
	for {
		rest, cut := x.TrimSuffix("/")
		if !cut {
			return x
		}
		x = rest
	}
}

// readLiteralURI reads a URI that begins with text: an ARN or a URL. It is
// notLambda only where it certainly leads elsewhere.
func (s *Names) readLiteralURI(x template.Text, start string) (template.Text, uriKind) {
	if isURL(x) {
		return nil, notLambda
	}
	parts := x.Split(":")
	plain := func(i int) (string, bool) {
		if i >= len(parts) {
			return "", true
		}
		return parts[i].Visible().Plain()
	}
	if parts[0].IsDynamic() && len(parts) <= 2 {
		return x, unclear // an ARN or a name, with or without a qualifier
	}
	first, isText := plain(0)
	service, known := plain(2)
	switch {
	case !isText, first == "arn" && !known:
		return nil, hidden
	case first != "arn":
		return x, unclear
	}
	switch service {
	case "lambda":
		return x, functionID
	case "apigateway":
		of, ok := plain(4)
		action, told := plain(5)
		varies := Variable(x) != "" && Variable(parts[min(5, len(parts)-1)]) != ""
		if ok && !strings.Contains(of, "${") && (of != "lambda" || told && action != "" && !varies) {
			return nil, notLambda // another service, or an action of Lambda that isn't a path
		}
		return nil, hidden
	}
	return nil, notLambda
}

// isURL reports whether a URI leads to an HTTP endpoint.
func isURL(x template.Text) bool {
	return len(x) > 0 && x[0].Kind == template.Lit && (strings.HasPrefix(x[0].Text, "http://") || strings.HasPrefix(x[0].Text, "https://"))
}

// readReference reads a URI that begins with an expression: a function's ARN,
// another resource, or something known only at deployment.
func (s *Names) readReference(x template.Text) (template.Text, uriKind) {
	p := x[0]
	if len(x) > 1 {
		if rest, ok := x[1:].TrimPrefix(":"); !ok || len(rest.Split(":")) > 1 {
			return nil, unclear
		}
	}
	if p.Kind == template.Opaque {
		return x, unclear
	}
	r, found := s.t.Resource(p.ID())
	switch {
	case !found, holdsAnything(r.Type):
		return x, unclear
	case Is(r.Type), r.Type == "AWS::Lambda::Alias", r.Type == "AWS::Lambda::Version":
		return x, functionID
	}
	return nil, notLambda
}

// holdsAnything reports whether attributes of a resource may be anything, also the
// ARN of a function: outputs of stacks and products, custom resources, modules, and
// types that are not AWS's own.
func holdsAnything(typ string) bool {
	if !strings.HasPrefix(typ, "AWS::") || strings.HasSuffix(typ, "::MODULE") {
		return true
	}
	switch typ {
	case "AWS::CloudFormation::Stack", "AWS::CloudFormation::CustomResource", "AWS::CloudFormation::WaitCondition", "AWS::Serverless::Application",
		"AWS::ServiceCatalog::CloudFormationProvisionedProduct", "AWS::SSM::Parameter", "AWS::Lambda::Url", "AWS::Lambda::EventInvokeConfig":
		return true
	}
	return false
}
