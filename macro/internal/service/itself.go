package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// byThemselves are the services whose resources add the statement themselves: their
// handlers have the right lambda:AddPermission. A second statement would be needless
// (https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html,
// https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateIntegrationAssociation.html).
func byThemselves() []*invoke.Service {
	return []*invoke.Service{
		itself("vpclattice", "Amazon VPC Lattice", "vpc-lattice.amazonaws.com", "lattice-target-group", "AWS::VpcLattice::TargetGroup",
			"Targets[].Id of an AWS::VpcLattice::TargetGroup with Type LAMBDA",
			func(s *invoke.Finder, r template.Resource, wire func(template.Guard, template.Value)) {
				if typ, known := s.Known(r.Properties().Get("Type")); known && typ == "LAMBDA" {
					for when, target := range r.Properties().Get("Targets").Elements {
						wire(when, target.Get("Id"))
					}
				}
			}),
		itself("connect", "Amazon Connect", "connect.amazonaws.com", "connect-integration", "AWS::Connect::IntegrationAssociation",
			"IntegrationArn of an AWS::Connect::IntegrationAssociation with IntegrationType LAMBDA_FUNCTION",
			func(s *invoke.Finder, r template.Resource, wire func(template.Guard, template.Value)) {
				if typ, known := s.Known(r.Properties().Get("IntegrationType")); known && typ == "LAMBDA_FUNCTION" {
					wire(nil, r.Properties().Get("IntegrationArn"))
				}
			}),
		itself("chime", "Amazon Chime SDK voice", "voiceconnector.chime.amazonaws.com", "chime-sip-application", "AWS::Chime::SipMediaApplication",
			"Endpoints[].LambdaArn of an AWS::Chime::SipMediaApplication",
			func(_ *invoke.Finder, r template.Resource, wire func(template.Guard, template.Value)) {
				for when, endpoint := range r.Properties().Get("Endpoints").Elements {
					wire(when, endpoint.Get("LambdaArn"))
				}
			}),
		itself("refactorspaces", "AWS Migration Hub Refactor Spaces", "apigateway.amazonaws.com", "refactor-spaces-service", "AWS::RefactorSpaces::Service",
			"LambdaEndpoint.Arn of an AWS::RefactorSpaces::Service",
			func(_ *invoke.Finder, r template.Resource, wire func(template.Guard, template.Value)) {
				for when, endpoint := range r.Properties().Get("LambdaEndpoint").Branches {
					wire(when, endpoint.Get("Arn"))
				}
			}),
	}
}

// itself is a service that adds the statement itself, for a source of its own.
func itself(name, title, principal, kind, typ, doc string, find func(*invoke.Finder, template.Resource, func(template.Guard, template.Value))) *invoke.Service {
	return &invoke.Service{Name: name, Title: title, Word: "Own", Principal: principal, Kinds: []invoke.Kind{{
		Name: kind, Doc: doc + ", which adds the statement itself", Types: []string{typ}, Itself: true,
		Find: func(s *invoke.Finder, r template.Resource) {
			find(s, r, func(when template.Guard, fn template.Value) {
				s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: r.ID,
					Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"), Account: invoke.AccountNever}})
			})
		},
	}}}
}
