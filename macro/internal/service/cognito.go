package service

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// cognito is Cognito, whose user pools call functions as triggers. AWS adds triggers, so
// that every member of LambdaConfig is read
// (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html).
var cognito = invoke.Service{
	Name: "cognito", Title: "Amazon Cognito", Word: "Cognito", Principal: "cognito-idp.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:  "cognito-trigger",
		Doc:   "LambdaConfig.* of an AWS::Cognito::UserPool",
		Types: []string{"AWS::Cognito::UserPool"},
		Find: func(s *invoke.Finder, r template.Resource) {
			findTriggers(s, r, template.AttOf(r.ID, "Arn"))
		},
	}, {
		Name:  "cognito-replica-trigger",
		Doc:   "LambdaConfig.* of an AWS::Cognito::UserPoolRegionalConfigurationAttachment",
		Types: []string{"AWS::Cognito::UserPoolRegionalConfigurationAttachment"},
		Find: func(s *invoke.Finder, r template.Resource) {
			if pool, ok := r.Properties().Get("UserPoolId").One(); ok {
				findTriggers(s, r, userPoolARN(pool))
			}
		},
	}, eventKind("cognito", samPool, "Cognito")},
	Spells: map[string]invoke.Spells{"AWS::Cognito::UserPool": func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		if attribute == "Arn" {
			return userPoolARN(template.RefTo(r.ID)), true
		}
		return template.RefTo(r.ID), attribute == "UserPoolId"
	}},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "Cognito: a user can't sign up or sign in: UnexpectedLambdaException, UserLambdaValidationException",
			Match: []string{`unexpectedlambdaexception`},
			Means: "Nothing is checked when a user pool gets its triggers. The user who signs up or in gets the error (cognito-trigger). One permission for the pool serves all of its triggers.",
			See:   "`aws cognito-idp describe-user-pool --user-pool-id ID --query UserPool.LambdaConfig`, and the policies of these functions.",
			Do:    []string{"name the macro, which takes the pool's ARN by Fn::GetAtt"},
		},
	},
}

// samPool is the samSource of a Cognito event: its user pool.
func samPool(s *invoke.Finder, e invoke.Event) []invoke.Permitted {
	pool, ok := e.Properties.Get("UserPool").One()
	if !ok {
		return nil
	}
	id, arn := referred(e, "UserPool"), userPoolARN(pool)
	if s.TypeOf(id) == "AWS::Cognito::UserPool" {
		arn = template.AttOf(id, "Arn") // as findTriggers has it, after SAM
	}
	return []invoke.Permitted{{Origin: s.OriginWithID(id), Label: "user pool " + id, ARN: invoke.SourceARN{Exact: arn, Wide: anyPool, Account: invoke.AccountSent},
		IDPrefix: e.Function.ID + "CognitoPermission", Events: eventsIn(e.Properties.Get("Trigger"))}} // one for all events of a function
}

func userPoolARN(pool template.Text) template.Text {
	return template.Join(ownPool, pool)
}

var (
	ownPool = invoke.OwnARN("cognito-idp", template.Literal("userpool/"))
	anyPool = invoke.OwnARN("cognito-idp", template.Literal("userpool/*"))
)

// knownTriggers are the members of LambdaConfig that are certainly functions.
var knownTriggers = map[string]bool{
	"CreateAuthChallenge": true, "CustomMessage": true, "DefineAuthChallenge": true, "PostAuthentication": true, "PostConfirmation": true,
	"PreAuthentication": true, "PreSignUp": true, "PreTokenGeneration": true, "UserMigration": true, "VerifyAuthChallengeResponse": true,
	"CustomEmailSender": true, "CustomSMSSender": true, "PreTokenGenerationConfig": true, "InboundFederation": true,
}

func findTriggers(s *invoke.Finder, r template.Resource, source template.Text) {
	for outer, config := range r.Properties().Get("LambdaConfig").Branches {
		for trigger, v := range config.Members() {
			if trigger == "KMSKeyID" {
				continue
			}
			for inner, fn := range v.Branches {
				if arn := fn.Get("LambdaArn"); arn.Exists() {
					fn = arn
				}
				if when, ok := outer.And(inner); ok {
					s.Wire(invoke.Wire{Resource: r, Function: fn, When: when, Always: knownTriggers[trigger], Label: "user pool " + r.ID, Event: trigger,
						Source: invoke.SourceARN{Exact: source, Wide: anyPool, Account: invoke.AccountSent}})
				}
			}
		}
	}
}
