package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// agentcore is Bedrock AgentCore, whose evaluators may be functions
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-evaluator.html).
var agentcore = invoke.Service{
	Name: "agentcore", Title: "Amazon Bedrock AgentCore", Word: "AgentCore", Principal: "bedrock-agentcore.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "agentcore-evaluator",
		Doc:   "EvaluatorConfig.CodeBased.LambdaConfig.LambdaArn of an AWS::BedrockAgentCore::Evaluator",
		Types: []string{"AWS::BedrockAgentCore::Evaluator"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for when, fn := range at(r.Properties(), "EvaluatorConfig.CodeBased.LambdaConfig.LambdaArn") {
				s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "evaluator " + r.ID,
					Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "EvaluatorArn"), Wide: invoke.OwnARN("bedrock-agentcore", template.Literal("evaluator/*")), Account: invoke.AccountAlways}})
			}
		},
	}},
	Spells: map[string]invoke.Spells{"AWS::BedrockAgentCore::Evaluator": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		return invoke.OwnARN("bedrock-agentcore", template.Literal("evaluator/"), template.AttOf(r.ID, "EvaluatorId")), attribute == "" || attribute == "EvaluatorArn"
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "Bedrock AgentCore: a code-based evaluator has no results",
			Means: "An evaluator's function is called by bedrock-agentcore.amazonaws.com with the evaluator's ARN. Gateways and harnesses call with a role and need no permission.",
			See:   "the evaluation's status, and the function's metric Invocations.",
			Do:    []string{"name the macro, or add a permission with this principal, the evaluator's ARN and SourceAccount"},
		},
	},
}
