package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/hostile"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

// deepRoutes is a route whose integration is chosen by n conditions one after
// the other; every second one is the function's.
func deepRoutes(n int, function func(int) string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"Fn::If":["C%d",{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":%s}},`, i, steps.URI(function(i)))
	}
	return `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"paths":{"/a":{"get":` + b.String() + `{"Ref":"AWS::NoValue"}` +
		strings.Repeat("]}", n) + `}}}}}},"Conditions":{` + equals(n) + `}}`
}

func equals(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"C%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"r%d"]}`, i, i)
	}
	return b.String()[1:]
}

// manyRoutes are n methods on one route, each under a condition of its own.
func manyRoutes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"M%d":{"Condition":"C%d","Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"Integration":{"Type":"AWS","Uri":%s}}}`, i, i, steps.URI("${Fn.Arn}"))
	}
	return `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"}` + b.String() + `},"Conditions":{` + equals(n) + `}}`
}

// wideBody is an API of n routes that lead to m functions.
func wideBody(n, m int) string {
	var paths, functions strings.Builder
	for i := range n {
		fmt.Fprintf(&paths, `,"/s%d/p%d/{id}":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":%s}}}`, i%17, i, steps.URI(fmt.Sprintf("${F%d.Arn}", i%m)))
	}
	for i := range m {
		fmt.Fprintf(&functions, `"F%d":{"Type":"AWS::Lambda::Function"},`, i)
	}
	return `{"Resources":{` + functions.String() + `"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"paths":{` + paths.String()[1:] + `}}}}}}`
}

// manyPermissions are n permissions of the author's that each nearly cover.
func manyPermissions(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(permit(fmt.Sprint("P", i), "F0", "${Api}/*/GET/s"+strings.Repeat("*/", 10)+fmt.Sprint(i), ""))
	}
	doc := wideBody(1000, 1)
	return doc[:len(doc)-2] + b.String() + "}}"
}

func TestBombs(t *testing.T) {
	one := func(int) string { return "${Fn.Arn}" }
	for name, doc := range map[string]string{
		"a route under 400 conditions after each other":      deepRoutes(400, one),
		"a route to 400 aliases by conditions":               deepRoutes(400, func(i int) string { return fmt.Sprintf("${Fn.Arn}:a%d", i) }),
		"a route under 1,500 conditions of resources":        manyRoutes(1500),
		"4,000 routes to one function":                       wideBody(4000, 1),
		"4,000 routes to 400 functions":                      wideBody(4000, 400),
		"400 permissions and 1,000 routes":                   manyPermissions(400),
		"a name that is 100,000 times the function's policy": strings.ReplaceAll(wideBody(3, 1), "/s", "/"+strings.Repeat("s", 100_000)),
	} {
		t.Run(name, func(t *testing.T) {
			for _, o := range []option.Options{{}, {Grant: "role"}, {Stages: "declared", Scope: "api"}} {
				hostile.Within(t, time.Minute, 2048, func() {
					r, err := Decide(parse(t, doc), deployed, o)
					if err == nil {
						r.Audit()
					}
				})
			}
		})
	}
}
