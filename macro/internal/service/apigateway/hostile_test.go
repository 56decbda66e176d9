package apigateway_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/hostile"
)

// manyStages are n deployments that each set the variables v0 ... v7 on the
// same stage, to a text with the next variable in it.
func manyStages(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"D%d":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"s","StageDescription":{"Variables":{`, i)
		for v := range 8 {
			fmt.Fprintf(&b, `"v%d":"x%d${stageVariables.v%d}",`, v, i, v+1)
		}
		fmt.Fprintf(&b, `"v8":"x%d"}}}}`, i)
	}
	return b.String()[1:]
}

// restBody is a REST API with a body.
func restBody(body string) string {
	return `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":` + body + `}}}}`
}

func TestHostile(t *testing.T) {
	all := ""
	for v := range 8 {
		all += fmt.Sprintf("${!stageVariables.v%d}", v)
	}
	op := `{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":` + uriOf("${Fn.Arn}") + `}}}`
	var chain, aliases strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&chain, `,"R%d":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"PathPart":"p","ParentId":{"Ref":"R%d"}}}`, i, i+1)
		fmt.Fprintf(&aliases, `,"A%d":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"a","FunctionName":{"Ref":"A%d"}}}`, i, (i+1)%2000)
	}
	for name, doc := range map[string]string{
		"an alias of itself":                  resources(method(uriOf("${A}")), `"A":{"Type":"AWS::Lambda::Alias","Properties":{"Name":{"Ref":"A"},"FunctionName":{"Ref":"A"}}}`),
		"aliases of one another":              resources(method(uriOf("${A0}")), aliases.String()[1:]),
		"a version of itself":                 resources(method(uriOf("${V}:${V.Version}")), `"V":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Ref":"V"}}}`),
		"a function of its own name":          resources(method(uriOf("${F}")), `"F":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":{"Ref":"F"}}}`),
		"resources without end":               resources(method(uriOf("${Fn.Arn}")), chain.String()[1:], `"M2":{"Type":"AWS::ApiGateway::Method","Properties":{"ResourceId":{"Ref":"R0"}}}`),
		"a stage variable of itself":          resources(method(uriOf("${!stageVariables.v}")), stage("S", `"s"`, `,"Variables":{"v":"${stageVariables.v}x"}`)),
		"stage variables of many values":      resources(method(uriOf(all)), manyStages(50)),
		"stage variables of more values":      resources(method(uriOf("${!stageVariables.v0}")), manyStages(300)),
		"a long stage variable often":         resources(method(uriOf(strings.Repeat("${!stageVariables.v}", 500))), stage("S", `"s"`, `,"Variables":{"v":"`+strings.Repeat("x", 900_000)+`"}`)),
		"a name of a megabyte":                resources(method(`{"Fn::Sub":["` + before + `${x}` + after + `",{"x":{"Ref":"` + strings.Repeat("Sam", 5000) + `"}}]}`)),
		"a name of a megabyte in an api":      strings.Replace(resources(method(uriOf("${Fn.Arn}")), manySAM(100)), `"RestApiId":{"Ref":"Api"},"ResourceId"`, `"RestApiId":{"Ref":"`+strings.Repeat("Sam", 300_000)+`"},"ResourceId"`, 1),
		"a function of a megabyte":            resources(method(`{"Fn::Sub":"` + before + strings.Repeat("a:", 7000) + after + `"}`)),
		"an integration of itself":            strings.Replace(http("HTTP", `"$default"`), `"RouteKey":"$default"`, `"RouteKey":{"Ref":"R0"}`, 1),
		"references to one another":           restBody(`{"paths":{"/":{"get":{"x-amazon-apigateway-integration":{"$ref":"#/components/x-amazon-apigateway-integrations/a"}}}},"components":{"x-amazon-apigateway-integrations":{"a":{"$ref":"#/components/x-amazon-apigateway-integrations/b"},"b":{"$ref":"#/components/x-amazon-apigateway-integrations/a"}}}}`),
		"a path of a megabyte":                restBody(`{"paths":{"/` + strings.Repeat("{a}/", 200_000) + `":` + op + `}}`),
		"a path that nothing closes":          restBody(`{"paths":{"/` + strings.Repeat("{", 500_000) + `":` + op + `}}`),
		"a body in a body":                    restBody(nestedText(`{"paths":{}}`, 12)),
		"a body that is a long text":          restBody(`{"Fn::Sub":["{\"x\":[` + strings.Repeat(`\"${a}\",`, 50_000) + `1]}",{"a":"` + strings.Repeat("y", 400_000) + `"}]}`),
		"a body of many branches":             restBody(`{"Fn::If":["A",` + strings.Repeat(`{"Fn::If":["B",{},`, 2000) + `{}` + strings.Repeat(`]}`, 2000) + `,{}]}`),
		"ten thousand paths":                  restBody(`{"paths":{` + manyPaths(10_000) + `}}`),
		"ten thousand calls by name":          resources(manyMethods(2000), `"F0":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f0"}}`),
		"an event of ten thousand properties": resources(`"S":{"Type":"AWS::Serverless::Function","Properties":{"Events":{` + manyEvents(5000) + `}}}`),
	} {
		t.Run(name, func(t *testing.T) {
			hostile.Within(t, 10*time.Second, 1024, func() {
				parsed, err := template.Parse([]byte(doc))
				if err != nil {
					t.Errorf("%v", err)
					return
				}
				apigateway.Service.Definitions.Locations(parsed, here)
				invoke.Find(parsed, here)
			})
		})
	}
}

func manySAM(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"Sam%d":{"Type":"AWS::Serverless::SimpleTable"}`, i)
	}
	return b.String()[1:]
}

func nestedText(body string, depth int) string {
	for range depth {
		body = template.Quote(body)
	}
	return body
}

func manyPaths(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"}}}`, i)
	}
	return b.String()[1:]
}

func manyMethods(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"M%d":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":%s,"Integration":{"Type":"AWS","Uri":%s}}}`, i, root, uriOf(fmt.Sprintf("f%d", i)))
	}
	return b.String()[1:]
}

func manyEvents(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"E%d":{"Type":"Api","Properties":{"Path":"/e%d","Method":"get"}}`, i, i)
	}
	return b.String()[1:]
}
