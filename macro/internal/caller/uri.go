package caller

import (
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
	if _, after, ok := x.Cut(":lambda:path/"); ok {
		_, fn, ok := after.Cut("/functions/")
		if !ok {
			return nil, notLambda // another path of Lambda, such as durable-execution-callbacks
		}
		for { // a slash too many is forgiven by API Gateway
			if rest, cut := fn.TrimSuffix("/"); cut {
				fn = rest
			} else {
				break
			}
		}
		for _, op := range invokePaths {
			if rest, cut := fn.TrimSuffix(op); cut {
				return rest, invokesURI
			}
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

// A reading is one function that a URI can lead to.
type reading struct {
	target  Target
	stage   template.Text // set where the function depends on the stage's variables
	when    template.Guard
	problem *Problem
	notes   []Problem
}

// accept says what a place takes beside an invocation URI.
type accept struct {
	bare   bool // a function's ARN
	opaque bool // an expression, which is then taken for a function's ARN
}

// read resolves the URI at v for an API: one reading for every Fn::If branch
// and, where the URI has stage variables, for every stage.
func (s *Scope) read(v template.Value, a API, accepts accept) []reading {
	var out []reading
	for _, x := range v.Variants() {
		if x.Absent {
			continue
		}
		for _, y := range s.perStage(x.Text, a) {
			when, ok := x.When.And(y.when)
			if !ok {
				continue
			}
			y.when = when
			if y.problem == nil && !s.resolve(&y, accepts) {
				continue
			}
			y.target.ARN = nonEmpty(y.target.ARN, y.text)
			out = append(out, y.reading)
		}
	}
	return mergeSame(out)
}

func nonEmpty(x, y template.Text) template.Text {
	if len(x) > 0 {
		return x
	}
	return y
}

// resolve fills in the target; false where the URI leads to no function.
func (s *Scope) resolve(y *staged, accepts accept) bool {
	fn, kind := s.readURI(y.text)
	switch kind {
	case notLambda:
		return false
	case unclear:
		var ok bool
		if fn, ok = s.readValue(y.text); !ok {
			if !accepts.opaque || len(fn) == 0 {
				y.problem = &Problem{Reason: OpaqueURI}
				return true
			}
		}
	case functionID:
		if !accepts.bare {
			y.target, _ = s.Function(fn)
			y.problem = &Problem{Reason: BareARN}
			return true
		}
	}
	y.target, y.problem = s.Function(fn)
	if _, async := y.text.TrimSuffix("/invoke-async"); async {
		y.notes = append(y.notes, Problem{Reason: AsyncURI})
	}
	if strings.HasPrefix(y.target.Name.String(), "{{resolve:") {
		y.notes = append(y.notes, Problem{Reason: DynamicReference})
	}
	return true
}

// readValue decides about a URI that is a parameter as a whole by the value
// that the event gives: an ARN is passed on as it is; of an invocation URI the
// function is selected by an expression, so that the value isn't written out.
func (s *Scope) readValue(x template.Text) (fn template.Text, ok bool) {
	p, single := x.Single()
	if !single {
		return x, false
	}
	value, given := s.env.Parameters[p.Text]
	if p.Kind != template.Ref || !given {
		return x, false
	}
	parts := strings.Split(value, ":")
	switch {
	case len(parts) >= 7 && parts[0] == "arn" && parts[2] == "lambda" && parts[5] == "function":
		return x, true
	case strings.Contains(value, ":lambda:path/") && strings.Contains(value, "/functions/") && strings.HasSuffix(value, "/invocations"):
		expr := `{"Fn::Select":[0,{"Fn::Split":["/invocations",{"Fn::Select":[1,{"Fn::Split":["/functions/",` + x.JSON() + `]}]}]}]}`
		v := template.Index([]byte(expr)).Root()
		return template.Text{{Kind: template.Opaque, Text: expr, Expr: v}}, true
	}
	return nil, false
}

// mergeSame makes one reading of branches that lead to the same function when
// one of them is always taken.
func mergeSame(rs []reading) []reading {
	if len(rs) != 2 || rs[0].problem != nil || rs[1].problem != nil || len(rs[0].when) != 1 || len(rs[1].when) != 1 {
		return rs
	}
	a, b := rs[0], rs[1]
	if a.when[0].Cond == b.when[0].Cond && a.target.ID() == b.target.ID() && a.stage.Key() == b.stage.Key() {
		a.when = nil
		return []reading{a}
	}
	return rs
}
