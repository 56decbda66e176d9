package service

import (
	"iter"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// url is Lambda's function URLs that ask for no identity. Since October 2025 they need two
// statements, for the URL and for the invocation by it
// (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
var url = invoke.Service{
	Name: "url", Title: "Lambda function URLs", Word: "Url", Principal: "*", Public: true,
	Kinds: []invoke.Kind{{
		Name:  "function-url",
		Doc:   "TargetFunctionArn of an AWS::Lambda::Url with AuthType NONE, which lets everybody in",
		Types: []string{"AWS::Lambda::Url"},
		Find:  findURL,
	}, {
		Name:  "sam-function-url",
		Doc:   "FunctionUrlConfig of an AWS::Serverless::Function with AuthType NONE, which SAM permits itself",
		Types: []string{"AWS::Serverless::Function"},
		Find:  findSAMURL,
	}},
	Advice: invoke.Advice{
		Reasons: []finding.Reason{unknownAuthType},
		Without: invoke.Trouble{
			Text:  "Function URLs: 403 Forbidden though AuthType is NONE",
			Means: "A URL with AuthType NONE lets everybody in only where two statements with Principal * say so (function-url-forbidden). They are public, so the macro adds them only where Services names url.",
			See:   "`aws lambda get-policy --function-name NAME`.",
			Do:    []string{"set Services to all,url where the function is meant for everybody"},
		},
	},
}

// unknownAuthType is for a URL that may let everybody in.
var unknownAuthType = finding.Reason{Name: "unknown-auth-type", Severity: finding.Warning,
	Sentence: "the AuthType of the function's URL is not known: nothing is granted, whether it is NONE or not",
	Hint:     "write AuthType: NONE or AWS_IAM; nobody becomes public by an expression"}

// throughURL are the two accesses that a URL needs.
var throughURL = [...]invoke.Access{invoke.InvokePublic, invoke.InvokeViaURL}

func findURL(s *invoke.Finder, r template.Resource) {
	p := r.Properties()
	for when, auth := range p.Get("AuthType").Branches {
		switch word, isText := auth.Text(); {
		case !isText:
			s.Tell(unknownAuthType, auth.Pointer(), "")
		case word == "NONE":
			findOpenURL(s, r, when)
		}
	}
}

// findOpenURL reads the functions of a URL where it lets everybody in.
func findOpenURL(s *invoke.Finder, r template.Resource, typed template.Guard) {
	for inner, fn := range urlTargets(r.Properties()) {
		for _, access := range throughURL {
			if when, ok := typed.And(inner); ok {
				s.Wire(invoke.Wire{Resource: r, Function: fn, At: r.Properties().Get("TargetFunctionArn"), When: when, Always: true, TakesName: true,
					Label: "URL " + r.ID, As: invoke.Caller{Access: access}, Source: invoke.SourceARN{Presented: template.AttOf(r.ID, "FunctionUrl"), Account: invoke.AccountNever}})
			}
		}
	}
}

// urlTargets yields the functions of a URL, each with the URL's Qualifier.
func urlTargets(p template.Value) iter.Seq2[template.Guard, template.Value] {
	return func(yield func(template.Guard, template.Value) bool) {
		target := p.Get("TargetFunctionArn")
		for _, qualifier := range p.Get("Qualifier").Variants() {
			if len(qualifier.Text) == 0 {
				if !yield(qualifier.When, target) {
					return
				}
				continue
			}
			for _, fn := range target.Variants() {
				when, ok := fn.When.And(qualifier.When)
				if ok && !fn.Absent && !yield(when, template.Index(template.Join(fn.Text, template.Literal(":"), qualifier.Text).JSON()).Root()) {
					return
				}
			}
		}
	}
}

func findSAMURL(s *invoke.Finder, r template.Resource) {
	config := s.SAMProperty(r, "FunctionUrlConfig")
	for when, auth := range s.SAMProperty(r, "FunctionUrlConfig", "AuthType").Branches {
		word, isText := auth.Text()
		switch {
		case len(when) > 0 || !isText:
			s.Tell(unknownAuthType, auth.Pointer(), "SAM adds nothing for an expression")
		case word == "NONE":
			for _, access := range throughURL {
				giveURL(s, r, config, access)
			}
		}
	}
}

// giveURL records a statement that SAM adds for the URL of a function, and the call that
// needs it
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html).
func giveURL(s *invoke.Finder, r template.Resource, config template.Value, access invoke.Access) {
	id := r.ID + "Url" // of the AWS::Lambda::Url that SAM makes
	given := invoke.Given{By: "SAM, for the URL of " + r.ID, IDPrefix: id + "PublicPermissions", Access: access, Target: s.EventTarget(r), When: r.Condition()}
	if access == invoke.InvokeViaURL {
		given.IDPrefix = r.ID + "URLInvokeAllowPublicAccess"
	}
	s.Give(given)
	s.Add(&invoke.Call{Place: invoke.PlaceIn(r, config), Origin: s.OriginWithID(id), Target: &given.Target, Access: access, When: r.Condition(),
		Source: invoke.Source{Label: "URL " + id, ARN: &invoke.SourceARN{Presented: template.AttOf(id, "FunctionUrl")}}})
}
