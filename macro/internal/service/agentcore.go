package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// agentcore is Bedrock AgentCore, whose evaluators may be functions
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-evaluator.html).
var agentcore = caller.Service{
	Name: "agentcore", Title: "Amazon Bedrock AgentCore", Word: "AgentCore", Principal: "bedrock-agentcore.amazonaws.com",
	Kinds: []caller.Finder{{
		Name:  "agentcore-evaluator",
		Doc:   "EvaluatorConfig.CodeBased.LambdaConfig.LambdaArn of an AWS::BedrockAgentCore::Evaluator",
		Types: []string{"AWS::BedrockAgentCore::Evaluator"},
		Find: func(s *caller.Scope, r template.Resource) {
			for when, fn := range at(r.Properties(), "EvaluatorConfig.CodeBased.LambdaConfig.LambdaArn") {
				s.Wire(caller.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "evaluator " + r.ID,
					Source: caller.SourceARN{Exact: template.AttOf(r.ID, "EvaluatorArn"), Account: caller.AccountAlways}})
			}
		},
	}},
	Spells: map[string]caller.Spells{"AWS::BedrockAgentCore::Evaluator": func(_ *caller.Scope, r template.Resource, attribute string) (template.Text, bool) {
		return caller.OwnARN("bedrock-agentcore", template.Literal("evaluator/"), template.AttOf(r.ID, "EvaluatorId")), attribute == "EvaluatorArn"
	}},
}
