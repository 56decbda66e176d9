package service

import (
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
		return distributionARN(r), attribute == "Arn"
	}},
}

func distributionARN(r template.Resource) template.Text {
	return template.Text{{Kind: template.Lit, Text: "arn:"}, {Kind: template.Ref, Text: "AWS::Partition"}, {Kind: template.Lit, Text: ":cloudfront::"},
		{Kind: template.Ref, Text: "AWS::AccountId"}, {Kind: template.Lit, Text: ":distribution/"}, {Kind: template.Ref, Text: r.ID}}
}

func findDistribution(s *invoke.Finder, r template.Resource) {
	for outer, config := range r.Properties().Get("DistributionConfig").Branches {
		for when, origin := range config.Get("Origins").Elements {
			both, ok := outer.And(when)
			if control, known := s.Known(origin.Get("OriginAccessControlId")); !ok || known && control == "" {
				continue
			}
			if fn, ok := urlFunction(s, origin.Get("DomainName")); ok {
				for _, access := range [...]invoke.Access{invoke.InvokeURL, invoke.InvokeViaURL} {
					s.Wire(invoke.Wire{Resource: r, Function: fn, At: origin.Get("DomainName"), When: both, Always: true, Label: "distribution " + r.ID,
						Access: access, Source: invoke.SourceARN{Exact: distributionARN(r)}})
				}
			}
		}
	}
}

// urlFunction is the function behind the domain of its URL, which an expression
// takes out of Fn::GetAtt Url.FunctionUrl. URLs without an identity need nothing
// from CloudFront.
func urlFunction(s *invoke.Finder, domain template.Value) (template.Value, bool) {
	for ref := range domain.References() {
		r, ok := s.Template().Resource(ref.ID)
		if ok && r.Type == "AWS::Lambda::Url" {
			auth, _ := r.Properties().Get("AuthType").Text()
			return urlTarget(r.Properties()), auth == "AWS_IAM"
		}
		if id, isURL := strings.CutSuffix(ref.ID, "Url"); !ok && isURL {
			if fn, found := s.Template().Resource(id); found && fn.Type == "AWS::Serverless::Function" {
				auth, _ := s.SAMProperty(fn, "FunctionUrlConfig").Get("AuthType").Text()
				return template.Index(s.EventTarget(fn).Name.JSON()).Root(), auth == "AWS_IAM"
			}
		}
	}
	return template.Value{}, false
}
