package service

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// bedrock is Bedrock's agents, which need the statement whether they have a role
// or not
// (https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html).
var bedrock = invoke.Service{
	Name: "bedrock", Title: "Amazon Bedrock", Word: "Bedrock", Principal: "bedrock.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "bedrock-agent",
		Doc:   "ActionGroups[].ActionGroupExecutor.Lambda, PromptOverrideConfiguration.OverrideLambda and CustomOrchestration.Executor.Lambda of an AWS::Bedrock::Agent",
		Types: []string{"AWS::Bedrock::Agent"},
		Find:  findAgent,
	}},
	Spells: map[string]invoke.Spells{"AWS::Bedrock::Agent": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		if attribute == "" { // Ref is the id
			return template.AttOf(r.ID, "AgentId"), true
		}
		return invoke.OwnARN("bedrock", template.Literal("agent/"), template.AttOf(r.ID, "AgentId")), attribute == "AgentArn"
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "Bedrock: Access denied while invoking Lambda function … Check the permissions on the Lambda",
			Match: []string{`access denied while invoking lambda function .* check the permissions`},
			Means: "Nothing is checked when an agent gets an action group; invoking the agent fails. The function needs the statement whether or not the agent has a role.",
			See:   "the agent's trace, which has a failure reason.",
			Do:    []string{"name the macro, or add a permission with Principal: bedrock.amazonaws.com, the agent's ARN and SourceAccount"},
		},
	},
}

func findAgent(s *invoke.Finder, r template.Resource) {
	for _, path := range [...]string{"ActionGroups[].ActionGroupExecutor.Lambda", "PromptOverrideConfiguration.OverrideLambda", "CustomOrchestration.Executor.Lambda"} {
		for when, fn := range at(r.Properties(), path) {
			s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: true, Label: "agent " + r.ID, Event: path[:strings.IndexAny(path, ".[")],
				Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "AgentArn"), Wide: invoke.OwnARN("bedrock", template.Literal("agent/*")), Account: invoke.AccountAlways}})
		}
	}
}
