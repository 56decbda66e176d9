package statement_test

import (
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
)

const usualAllow = `{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":{"Fn::GetAtt":["Fn","Arn"]},` +
	`"Condition":{"ArnLike":{"aws:SourceArn":{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/pets/*"}}}}`

// changed is the usual statement with one part replaced.
func changed(t *testing.T, part, by string) string {
	t.Helper()
	if !strings.Contains(usualAllow, part) {
		t.Fatalf("the usual statement has no %s", part)
	}
	return strings.Replace(usualAllow, part, by, 1)
}

// What the whole policy of a function says about a call: a Deny counts where it may match,
// an Allow where it certainly does and exists whenever the call does.
func TestRuleOn(t *testing.T) {
	const source = `{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/pets/*"}`
	const arnLike = `{"ArnLike":{"aws:SourceArn":` + source + `}}`
	const denies = `{"Effect":"Deny","Principal":"*","Action":"lambda:InvokeFunction","Resource":"*"`
	for _, tt := range []struct {
		name, statements string
		want             policy.Outcome
	}{
		{"the usual", usualAllow, policy.Allowed},
		{"no statement", ``, policy.Lacking},
		{"another principal", changed(t, "apigateway", "sns"), policy.Lacking},
		{"everybody", changed(t, `{"Service":"apigateway.amazonaws.com"}`, `"*"`), policy.Allowed},
		{"one of two principals", changed(t, `"apigateway.amazonaws.com"`, `["sns.amazonaws.com","apigateway.amazonaws.com"]`), policy.Allowed},
		{"another action", changed(t, "InvokeFunction", "GetFunction"), policy.Lacking},
		{"actions with a wildcard", changed(t, "lambda:InvokeFunction", "lambda:Invoke*"), policy.Allowed},
		{"another function", changed(t, `{"Fn::GetAtt":["Fn","Arn"]}`, `{"Fn::GetAtt":["Bare","Arn"]}`), policy.Lacking},
		{"the function by its name", changed(t, `{"Fn::GetAtt":["Fn","Arn"]}`, `"arn:aws:lambda:us-east-1:111122223333:function:pets"`), policy.Allowed},
		{"another API", changed(t, "${Api}", "${Other}"), policy.Lacking},
		{"a wider source", changed(t, "/GET/pets/*", "/*"), policy.Allowed},
		{"a narrower source", changed(t, "/*/GET", "/prod/GET"), policy.Lacking},
		{"a source in a list", changed(t, source, `["arn:aws:sns:us-east-1:111122223333:t",`+source+`]`), policy.Allowed},
		{"no condition", changed(t, arnLike, `{}`), policy.Allowed},
		{"the own account", changed(t, `{"ArnLike"`, `{"StringEquals":{"aws:SourceAccount":"111122223333"},"ArnLike"`), policy.Allowed},
		{"another account", changed(t, `{"ArnLike"`, `{"StringEquals":{"aws:SourceAccount":"999999999999"},"ArnLike"`), policy.Lacking},
		{"a key of which nobody knows whether a call has it", changed(t, `{"ArnLike"`, `{"StringEquals":{"aws:PrincipalOrgID":"o-1"},"ArnLike"`), policy.Unclear},
		{"a time", changed(t, `{"ArnLike"`, `{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"ArnLike"`), policy.Unclear},
		{"in production", `{"Fn::If":["Prod",` + usualAllow + `,{"Ref":"AWS::NoValue"}]}`, policy.Lacking},
		{"in production, and else", `{"Fn::If":["Prod",` + usualAllow + `,` + changed(t, "/GET/pets/*", "/*") + `]}`, policy.Allowed},
		{"an action that a condition chooses", changed(t, `"lambda:InvokeFunction"`, `{"Fn::If":["Prod","lambda:InvokeFunction","lambda:GetFunction"]}`), policy.Lacking},
		{"a condition in production, and else none", changed(t, arnLike, `{"Fn::If":["Prod",`+arnLike+`,{"Ref":"AWS::NoValue"}]}`), policy.Allowed},
		{"a Deny of all", usualAllow + `,` + denies + `}`, policy.Denied},
		{"a Deny of another service", usualAllow + `,` + strings.Replace(denies, `"*"`, `{"Service":"sns.amazonaws.com"}`, 1) + `}`, policy.Allowed},
		{"a Deny of another route", usualAllow + `,` + denies + `,"Condition":{"ArnLike":{"aws:SourceArn":{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*/PUT/*"}}}}`, policy.Allowed},
		{"a Deny of the route", usualAllow + `,` + denies + `,"Condition":{"ArnLike":{"aws:SourceArn":{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/*"}}}}`, policy.Denied},
		{"a Deny of one stage", usualAllow + `,` + denies + `,"Condition":{"ArnLike":{"aws:SourceArn":{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/test/*"}}}}`, policy.Unclear},
		{"a Deny at some time", usualAllow + `,` + denies + `,"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}}`, policy.Unclear},
		{"a Deny in production", usualAllow + `,{"Fn::If":["Prod",` + denies + `},{"Ref":"AWS::NoValue"}]}`, policy.Denied},
		{"a statement that a parameter holds", `{"Ref":"Env"}`, policy.Unclear},
	} {
		x, c := read(t, "", `{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":{"Version":"2012-10-17","Statement":[`+tt.statements+`]}}}`, "rest-method")
		rule := x.Existing.Rules.Of(c.Target)
		if rule == nil {
			t.Fatalf("%s: the function has no rule", tt.name)
		}
		if got := x.RuleOn(rule, c, []statement.Need{statement.NewNeed(c, nil)}); got.Outcome != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got.Outcome, tt.want)
		}
	}
}

// A permission beside a whole policy is lost, and allows nothing.
func TestBeside(t *testing.T) {
	x, c := read(t, `"Whole":{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":{"Version":"2012-10-17","Statement":[]}}},`,
		permission("", ""), "rest-method")
	if got := x.Existing.Beside["P"]; got != "Whole" {
		t.Errorf("P stands beside %q", got)
	}
	if ok, _ := allows(x, c); ok {
		t.Error("P allows the call")
	}
}

// Of a call with a role, only what is denied to everybody is denied.
func TestRuleOnIdentity(t *testing.T) {
	for _, tt := range []struct {
		name, deny string
		want       policy.Outcome
	}{
		{"everybody", `{"Effect":"Deny","Principal":"*","Action":"lambda:*","Resource":"*"}`, policy.Denied},
		{"the service", `{"Effect":"Deny","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:*","Resource":"*"}`, policy.Unclear},
		{"nothing", `{"Effect":"Allow","Principal":"*","Action":"lambda:*","Resource":"*"}`, policy.Unclear},
	} {
		x, c := read(t, "", `{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":{"Version":"2012-10-17","Statement":[`+tt.deny+`]}}}`, "rest-method")
		if got := x.RuleOnIdentity(x.Existing.Rules.Of(c.Target), c); got.Outcome != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got.Outcome, tt.want)
		}
	}
}
