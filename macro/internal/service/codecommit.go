package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// codecommit is CodeCommit, whose repositories trigger functions or topics
// (https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify-lambda.html).
var codecommit = invoke.Service{
	Name: "codecommit", Title: "AWS CodeCommit", Word: "CodeCommit", Principal: "codecommit.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "codecommit-trigger",
		Doc:   "Triggers[].DestinationArn of an AWS::CodeCommit::Repository",
		Types: []string{"AWS::CodeCommit::Repository"},
		Find: func(s *invoke.Finder, r template.Resource) {
			for when, trigger := range r.Properties().Get("Triggers").Elements {
				s.Wire(invoke.Wire{Resource: r, Function: trigger.Get("DestinationArn"), When: when, Label: "repository " + r.ID, Event: words(trigger.Get("Events")),
					Source: invoke.SourceARN{Exact: template.AttOf(r.ID, "Arn"), Wide: invoke.OwnARN("codecommit", template.Literal("*"))}})
			}
		},
	}},
	Spells: map[string]invoke.Spells{"AWS::CodeCommit::Repository": func(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		name, given := s.NameOf(r, "RepositoryName")
		if !given {
			name = template.AttOf(r.ID, "Name")
		}
		switch attribute {
		case "Arn":
			return invoke.OwnARN("codecommit", name), true
		case "Name":
			return name, true
		}
		return nil, false
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "CodeCommit: a push doesn't trigger the function",
			Means: "A trigger without a permission fails, and the push succeeds all the same.",
			See:   "`aws codecommit test-repository-triggers`, which calls the function and tells the error.",
			Do:    []string{"name the macro, or add a permission with Principal: codecommit.amazonaws.com and the repository's ARN"},
		},
	},
}
