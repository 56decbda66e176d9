package caller

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// invokePaths are the last segments of an invocation URI. All three need
// lambda:InvokeFunction
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html).
var invokePaths = []string{"/response-streaming-invocations", "/invocations", "/invoke-async"}

// A uriKind says what a URI leads to.
type uriKind uint8

const (
	notLambda  uriKind = iota // surely something else: HTTP, SQS, a VPC link
	invokesURI                // an invocation URI
	functionID                // a bare function ARN or a reference to a function
	unclear                   // an expression that can be anything
)

// readURI finds the function in the text of an integration's or authorizer's
// URI. Only what stands between /functions/ and the last segment tells which
// function it is; SageMaker's URIs also end in /invocations.
func (s *Scope) readURI(x template.Text) (fn template.Text, kind uriKind) {
	if fn, isPath := lambdaPath(x); isPath {
		if len(fn) == 0 {
			return nil, notLambda // another path of Lambda, such as durable-execution-callbacks
		}
		return fn, invokesURI
	}
	if len(x) == 0 {
		return nil, notLambda
	}
	if first := x[0]; first.Kind == template.Lit {
		return s.readLiteralURI(x, first.Text)
	}
	return s.readReference(x)
}

// lambdaPath returns what stands between /functions/ and the last segment of a
// path of Lambda's API; nothing where it is no function's.
func lambdaPath(x template.Text) (fn template.Text, isPath bool) {
	for i, p := range x {
		at := strings.Index(p.Text, ":lambda:path/")
		if p.Kind != template.Lit || at < 0 {
			continue
		}
		_, rest, ok := strings.Cut(p.Text[at:], "/functions/")
		after := x[i+1:]
		if !ok {
			if _, after, ok = after.Cut("/functions/"); !ok {
				return nil, true
			}
		} else if rest != "" {
			after = template.Join(template.Literal(rest), after)
		}
		return trimOperation(after), true
	}
	return nil, false
}

func trimOperation(fn template.Text) template.Text {
	n := len(fn) - 1
	if n > 0 && slices.Contains(invokePaths, fn[n].Text) && fn[n].Kind == template.Lit {
		return fn[:n:n]
	}
	fn = withoutSlash(fn)
	for _, op := range invokePaths {
		if rest, cut := fn.TrimSuffix(op); cut {
			return rest
		}
	}
	return fn
}

// withoutSlash drops what API Gateway forgives at the end of a URI, and what
// the documentation has behind invoke-async.
func withoutSlash(x template.Text) template.Text {
	for {
		rest, cut := x.TrimSuffix("/")
		if !cut {
			return x
		}
		x = rest
	}
}

func (s *Scope) readLiteralURI(x template.Text, start string) (template.Text, uriKind) {
	parts := x.Split(":")
	if len(parts) >= 7 && start[0] == 'a' {
		service, _ := parts[2].Plain()
		if first, _ := parts[0].Plain(); first == "arn" && service == "lambda" {
			return x, functionID
		}
	}
	if strings.HasPrefix(start, "arn:") && len(parts) > 4 {
		if _, ok := parts[4].Plain(); !ok {
			if _, ok := parts[2].Plain(); ok && len(parts) == 5 {
				return nil, unclear // the service is an expression
			}
		}
	}
	if strings.Contains(start, "${stageVariables.") {
		return x, unclear
	}
	return nil, notLambda
}

// readReference reads a URI that begins with an expression: a function's ARN,
// another resource, or something known only at deployment.
func (s *Scope) readReference(x template.Text) (template.Text, uriKind) {
	p := x[0]
	if len(x) > 1 {
		if rest, ok := x[1:].TrimPrefix(":"); !ok || len(rest.Split(":")) > 1 {
			return nil, unclear
		}
	}
	if p.Kind == template.Opaque {
		return x, unclear
	}
	id, _, _ := strings.Cut(p.Text, ".")
	r, found := s.t.Resource(id)
	switch {
	case !found:
		return x, unclear
	case IsFunction(r.Type), r.Type == "AWS::Lambda::Alias", r.Type == "AWS::Lambda::Version":
		return x, functionID
	case r.Type == "AWS::CloudFormation::Stack", r.Type == "AWS::Serverless::Application",
		r.Type == "AWS::CloudFormation::CustomResource", strings.HasPrefix(r.Type, "Custom::"):
		return x, unclear
	}
	return nil, notLambda
}
