package apigateway_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func stage(id, name, more string) string {
	return fmt.Sprintf(`%q:{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":%s%s}}`, id, name, more)
}

func TestStageVariables(t *testing.T) {
	alias := uriOf("${Fn.Arn}:${!stageVariables.alias}")
	dev, prod := stage("Dev", `"dev"`, `,"Variables":{"alias":"dev"}`), stage("Prod", `"prod"`, `,"Variables":{"alias":"live"}`)
	live := `"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Fn"}}}`
	tests := []struct {
		name, uri string
		more      []string
		want      []string
	}{
		{"alias of each stage", alias, []string{prod, dev, live}, []string{"${Fn}:dev | dev/GET/pets", "${Fn}:live | prod/GET/pets deps=Live"}},
		{"canary", alias, []string{stage("S", `"prod"`, `,"Variables":{"alias":"live"},"CanarySetting":{"StageVariableOverrides":{"alias":"canary"}}`)},
			[]string{"${Fn}:live | prod/GET/pets", "${Fn}:canary | prod/GET/pets"}},
		{"canary of the same value", alias, []string{stage("S", `"prod"`, `,"Variables":{"alias":"live"},"CanarySetting":{"StageVariableOverrides":{"alias":"live","x":"y"}}`)},
			[]string{"${Fn}:live | prod/GET/pets"}},
		{"stage of a deployment", alias, []string{`"D":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"prod","StageDescription":{"Variables":{"alias":"a"},` +
			`"CanarySetting":{"StageVariableOverrides":{"alias":"b"}}},"DeploymentCanarySettings":{"StageVariableOverrides":{"alias":"c"}}}}`},
			[]string{"${Fn}:a | prod/GET/pets", "${Fn}:b | prod/GET/pets", "${Fn}:c | prod/GET/pets"}},
		{"deployment without a stage", alias, []string{dev, `"D":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Api"}}}`}, []string{"${Fn}:dev | dev/GET/pets"}},
		{"function of each stage", uriOf("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${!stageVariables.fn}"),
			[]string{stage("A", `"a"`, `,"Variables":{"fn":{"Ref":"Fn"}}`), stage("B", `"b"`, `,"Variables":{"fn":"other:live"}`)},
			[]string{"${Fn.Arn} | a/GET/pets", "other:live | b/GET/pets"}},
		{"in a plain text", `"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:${stageVariables.fn}/invocations"`,
			[]string{stage("A", `"a"`, `,"Variables":{"fn":{"Ref":"Fn"}}`)}, []string{"${Fn.Arn} | a/GET/pets"}},
		{"function and alias", uriOf("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${!stageVariables.fn}:${!stageVariables.alias}"),
			[]string{stage("A", `"a"`, `,"Variables":{"fn":{"Ref":"Fn"},"alias":"x"}`)}, []string{"${Fn}:x | a/GET/pets"}},
		{"no stage", alias, []string{live}, []string{" | */GET/pets !no-stage"}},
		{"stage of another API", alias, []string{live, strings.Replace(dev, `{"Ref":"Api"}`, `{"Ref":"P"}`, 1)}, []string{" | */GET/pets !no-stage"}},
		{"no variable", alias, []string{dev, stage("Prod", `"prod"`, `,"Variables":{"other":"x"}`)}, []string{"${Fn}:dev | dev/GET/pets", " | prod/GET/pets !no-variable"}},
		{"variables by condition", alias, []string{stage("S", `"s"`, `,"Variables":{"Fn::If":["C",{"alias":"a"},{"alias":"b"}]}`)}, []string{"${Fn}:a | s/GET/pets [C]", "${Fn}:b | s/GET/pets [not C]"}},
		{"variable by condition", alias, []string{stage("S", `"s"`, `,"Variables":{"alias":{"Fn::If":["C","a","b"]}}`)}, []string{"${Fn}:a | s/GET/pets [C]", "${Fn}:b | s/GET/pets [not C]"}},
		{"latest", alias, []string{stage("S", `"s"`, `,"Variables":{"alias":"$LATEST"}`)}, []string{"${Fn.Arn} | s/GET/pets !latest"}},
		{"stage by parameter", alias, []string{stage("S", `{"Ref":"P"}`, `,"Variables":{"alias":"a"}`)}, []string{"${Fn}:a | ${P}/GET/pets"}},
		{"value by parameter", alias, []string{stage("S", `"s"`, `,"Variables":{"alias":{"Ref":"P"}}`)}, []string{"${Fn}:${P} | s/GET/pets"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, w := range tt.want {
				want = append(want, "Get: "+w)
			}
			check(t, resources(append(tt.more, method(tt.uri))...), here, want...)
		})
	}
}

// AWS::ApiGatewayV2::Stage takes its variables as an object or as JSON text.
func TestStageVariablesOfHTTP(t *testing.T) {
	for _, variables := range []string{`{"alias":"live"}`, `"{\"alias\":\"live\"}"`} {
		doc := strings.Replace(http("HTTP", `"GET /pets"`), `"Int":{`, `"S":{"Type":"AWS::ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Api"},"StageName":"$default","StageVariables":`+variables+`}},"Int":{`, 1)
		doc = strings.Replace(doc, "${Fn.Arn}", "${Fn.Arn}:${!stageVariables.alias}", 1)
		check(t, doc, here, "Int: ${Fn}:live | $default/GET/pets")
	}
}

// An authorizer's ARN has no stage, even where its function depends on stage variables.
func TestStageVariablesOfAuthorizer(t *testing.T) {
	check(t, resources(stage("S", `"s"`, `,"Variables":{"v":"a"}`), stage("T", `"t"`, `,"Variables":{"v":"b"}`),
		`"Auth":{"Type":"AWS::ApiGateway::Authorizer","Properties":{"Type":"TOKEN","RestApiId":{"Ref":"Api"},"AuthorizerUri":`+uriOf("${Fn.Arn}:${!stageVariables.v}")+`}}`), here,
		"Auth: ${Fn}:a | authorizers/${Auth}", "Auth: ${Fn}:b | authorizers/${Auth}")
}

func TestStages(t *testing.T) {
	doc := resources(method(uriOf("${Fn.Arn}")), stage("B", `"b"`, ""), stage("A", `"a"`, ""), stage("A2", `"a"`, ""), stage("P1", `{"Ref":"P"}`, ""), stage("N", `null`, ""))
	if got := stagesOfCall(t, doc); got != "${P} a b" {
		t.Errorf("stages %q", got)
	}
	if got := stagesOfCall(t, strings.Replace(doc, `"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"}`, `"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":"Api"`, 1)); got != "" {
		t.Errorf("another API has the stages %q", got)
	}
}

// stagesOfCall are the names of the stages of the API that makes the first call.
func stagesOfCall(t *testing.T, doc string) string {
	t.Helper()
	var names []string
	for _, s := range invoke.Find(parse(t, doc), here).Calls[0].Origin.Stages {
		names = append(names, s.Name.String())
	}
	return strings.Join(names, " ")
}

// Tails are compared by what their references stand for.
func TestCanonical(t *testing.T) {
	doc := parse(t, resources(stage("S", `"prod"`, ""), stage("Q", `{"Ref":"P"}`, ""), `"Auth":{"Type":"AWS::ApiGateway::Authorizer"}`,
		`"Sam":{"Type":"AWS::Serverless::Api","Properties":{"StageName":"v1"}}`))
	names := invoke.Find(doc, here).Names
	for in, want := range map[string]string{
		"${S}/GET/pets": "prod/GET/pets", "${Q}/*": "${P}/*", "${Sam.Stage}/*": "v1/*", "authorizers/${Auth.AuthorizerId}": "authorizers/${Auth}", "*/GET/${P}": "*/GET/${P}",
	} {
		x, _ := template.Index(`{"Fn::Sub":` + template.Quote(in) + `}`).Root().One()
		if got := names.Canonical(x).String(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
