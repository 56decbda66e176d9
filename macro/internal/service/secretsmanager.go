package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// secretsmanager is Secrets Manager, which tries the permission when a rotation is set
// up. AWS advises to name only the account: with a source the function could rotate only
// that secret
// (https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html).
var secretsmanager = invoke.Service{
	Name: "secretsmanager", Title: "AWS Secrets Manager", Word: "Secrets", Principal: "secretsmanager.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:   "secret-rotation",
		Doc:    "RotationLambdaARN of an AWS::SecretsManager::RotationSchedule",
		Types:  []string{"AWS::SecretsManager::RotationSchedule"},
		Find:   findRotation,
		Before: true,
	}},
	Spells: map[string]invoke.Spells{
		"AWS::SecretsManager::Secret": func(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
			name, given := s.NameOf(r, "Name")
			if !given {
				name = template.AttOf(r.ID, "Name")
			}
			suffix := template.AttOf(r.ID, "Suffix") // not a real attribute: it stands for the six characters that follow the name
			return invoke.OwnARN("secretsmanager", template.Literal("secret:"), name, template.Literal("-"), suffix), attribute == "" || attribute == "Id"
		},
		"AWS::SecretsManager::SecretTargetAttachment": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
			secret, ok := r.Properties().Get("SecretId").One()
			return secret, ok && (attribute == "" || attribute == "Id")
		},
	},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "Secrets Manager: a secret isn't rotated",
			Match: []string{`rotationfailed`},
			Means: "A rotation schedule isn't made where Secrets Manager may not call its function (secrets-manager). Where the permission is taken away later, the secret keeps its value and only the trail tells. AWS advises to name the account, not the secret.",
			See:   "the event RotationFailed in CloudTrail, and `aws secretsmanager describe-secret --secret-id ID`: LastRotatedDate.",
			Do:    []string{"name the macro: it adds a permission by SourceAccount, and lets the schedule wait for it"},
		},
	},
}

func findRotation(s *invoke.Finder, r template.Resource) {
	p := r.Properties()
	if !p.Get("RotationLambdaARN").Exists() {
		return // HostedRotationLambda makes a function and its permission
	}
	secret, ok := p.Get("SecretId").One()
	if !ok {
		secret = template.RefTo(r.ID)
	}
	s.Wire(invoke.Wire{Resource: r, Function: p.Get("RotationLambdaARN"), Always: true, Label: "rotation " + r.ID,
		Source: invoke.SourceARN{Presented: secret, AnySource: true, Account: invoke.AccountAlways}})
}
