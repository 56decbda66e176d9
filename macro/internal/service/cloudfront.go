package service

import (
	"iter"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// cloudfront is CloudFront, which signs its requests to a function's URL where
// the origin has an access control
// (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html).
var cloudfront = invoke.Service{
	Name: "cloudfront", Title: "Amazon CloudFront", Word: "CloudFront", Principal: "cloudfront.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "cloudfront-origin",
		Doc:   "Origins[] with OriginAccessControlId of an AWS::CloudFront::Distribution whose DomainName is that of a function's URL",
		Types: []string{"AWS::CloudFront::Distribution"},
		Find:  findDistribution,
	}},
	Spells: map[string]invoke.Spells{"AWS::CloudFront::Distribution": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		if attribute == "Arn" {
			return distributionARN(r), true
		}
		return template.RefTo(r.ID), attribute == "Id"
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "CloudFront: 403 Forbidden from a function's URL behind an origin access control",
			Means: "CloudFront signs requests to a function's URL, which has AuthType AWS_IAM. Since October 2025 the policy needs two statements for the distribution: lambda:InvokeFunctionUrl, and lambda:InvokeFunction with InvokedViaFunctionUrl.",
			See:   "`aws lambda get-policy --function-name NAME` shows both or one of them.",
			Do:    []string{"name the macro, which adds what is missing of the two"},
		},
	},
}

func distributionARN(r template.Resource) template.Text {
	return template.Text{{Kind: template.Lit, Text: "arn:"}, {Kind: template.Ref, Text: "AWS::Partition"}, {Kind: template.Lit, Text: ":cloudfront::"},
		{Kind: template.Ref, Text: "AWS::AccountId"}, {Kind: template.Lit, Text: ":distribution/"}, {Kind: template.Ref, Text: r.ID}}
}

func findDistribution(s *invoke.Finder, r template.Resource) {
	for outer, origin := range at(r.Properties(), "DistributionConfig.Origins[]") {
		if control, known := s.Known(origin.Get("OriginAccessControlId")); known && control == "" {
			continue
		}
		for inner, domain := range origin.Get("DomainName").Branches {
			for typed, fn := range urlFunctions(s, domain) {
				both, ok := outer.And(inner)
				when, too := both.And(typed)
				for _, access := range [...]invoke.Access{invoke.InvokeURL, invoke.InvokeViaURL} {
					if ok && too {
						s.Wire(invoke.Wire{Resource: r, Function: fn, At: domain, When: when, Always: true, TakesName: true, Label: "distribution " + r.ID,
							As: invoke.Caller{Access: access}, Source: invoke.SourceARN{Exact: distributionARN(r)}})
					}
				}
			}
		}
	}
}

// urlFunctions yields the functions of the URL whose domain an expression takes from
// Fn::GetAtt Url.FunctionUrl. URLs that ask for no identity need no statement for
// CloudFront.
func urlFunctions(s *invoke.Finder, domain template.Value) iter.Seq2[template.Guard, template.Value] {
	return func(yield func(template.Guard, template.Value) bool) {
		for ref := range domain.References() {
			r, own := s.Template().Resource(ref.ID)
			if own && r.Type == "AWS::Lambda::Url" {
				for typed, surely := range whenWord(s, r.Properties().Get("AuthType"), "AWS_IAM") {
					for inner, fn := range urlTargets(r.Properties()) {
						if when, ok := typed.And(inner); ok && surely && !yield(when, fn) {
							return
						}
					}
				}
			}
			id, isURL := strings.CutSuffix(ref.ID, "Url")
			if fn, found := s.Template().Resource(id); isURL && !own && found && fn.Type == "AWS::Serverless::Function" {
				auth, _ := s.SAMProperty(fn, "FunctionUrlConfig", "AuthType").Text()
				if auth == "AWS_IAM" && !yield(nil, template.Index(s.EventTarget(fn).Name.JSON()).Root()) {
					return
				}
			}
		}
	}
}
