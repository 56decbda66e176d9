package bucket_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/bucket"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/installation"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
)

// dense is YAML of nearly as many bytes, and as many parts, as one definition may
// have: the most expensive one.
var dense = "x-list:\n" + strings.Repeat("- "+strings.Repeat("a", 13)+"\n", 125_000)

// Documents as large as they may be, all at once, in the memory that the
// function has.
func TestDefinitionMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("documents of 6 MB in every size of the function")
	}
	s := bucket.New(t)
	filler := strings.Repeat("x", 5_900_000)
	large := strings.Replace(bucket.JSON(t, bucket.Definition), `"users"`, `"`+filler+`"`, 1)
	wide := bucket.Definition + dense
	var apis []string
	for _, key := range []string{"a.json", "b.json", "c.json", "d.json", "e.yaml"} {
		if strings.HasSuffix(key, ".json") {
			s.Put(key, large)
		} else {
			s.Put(key, wide)
		}
		apis = append(apis, `"Api`+strings.ToUpper(key[:1])+`":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"BodyS3Location":{"Bucket":"definitions","Key":"`+key+`"}}}`)
	}
	fragment := `{"Resources":{` + bucket.Functions + `,` + strings.Join(apis, ",") + `}}`
	for _, size := range installation.Sizes(t) {
		p := program.Confined(t, size, s.Env()...)
		out := golden.Send(t, p.Process, fragment, `{}`, nil)
		if n := strings.Count(out.Added(t, fragment), `"AWS::Lambda::Permission"`); n != 2*5 {
			t.Errorf("%s: %d permissions; report %s", size, n, out.Told(t))
		}
		p.Fits(t, size)
	}
}

// With any number of definitions in a template, the function goes on: where they are too
// large together, all of them are reported.
func TestDefinitionsTogether(t *testing.T) {
	if testing.Short() {
		t.Skip("60 documents of 6 MB")
	}
	s := bucket.New(t)
	large := strings.Replace(bucket.JSON(t, bucket.Definition), `"users"`, `"`+strings.Repeat("x", 5_900_000)+`"`, 1)
	wide := bucket.Definition + dense
	var apis []string
	for i := range 60 {
		key := fmt.Sprintf("%d.json", i)
		if s.Put(key, large); i%5 == 4 {
			s.Put(key, wide)
		}
		apis = append(apis, fmt.Sprintf(`"Api%d":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"BodyS3Location":{"Bucket":"definitions","Key":"%s"}}}`, i, key))
	}
	size := installation.Sizes(t)[0]
	p := program.Confined(t, size, s.Env()...)
	for n, want := range map[int]int{6: 6, 8: 0, 60: 0} {
		fragment := `{"Resources":{` + bucket.Functions + `,` + strings.Join(apis[:n], ",") + `}}`
		out := golden.Send(t, p.Process, fragment, `{}`, nil)
		report := out.Told(t)
		if got := strings.Count(string(out.Fragment), `"AWS::Lambda::Permission"`); got != 2*want {
			t.Errorf("%d permissions for %d definitions", got, n)
		}
		if got := strings.Count(report, "too-large: has, with the template's other definitions, more than 33554432 bytes"); got != n-want {
			t.Errorf("%d of %d definitions are too large; report %.300s", got, n, report)
		}
	}
	p.Fits(t, size)
}

// Definitions of 28 MB that are full of routes: as many as an event may have, and
// more. A function of the size in template.yaml answers, and goes on.
func TestDefinitionsOfRoutes(t *testing.T) {
	if testing.Short() {
		t.Skip("100,000 routes")
	}
	s := bucket.New(t)
	for routes, want := range map[int]string{9_000: "", 20_000: "its APIs make more than 50000 calls of functions"} {
		var apis []string
		for i := range 5 {
			var b strings.Builder
			for n := range routes {
				fmt.Fprintf(&b, `,"/route%d/{id}":{"get":{"description":"%s","x-amazon-apigateway-integration":{"type":"aws_proxy",`+
					`"uri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:users/invocations"}}}`,
					n, strings.Repeat("x", 5_600_000/routes-250))
			}
			key := fmt.Sprintf("%d-%d.json", routes, i)
			s.Put(key, `{"openapi":"3.0.1","paths":{`+b.String()[1:]+`}}`)
			apis = append(apis, fmt.Sprintf(`"Api%d":{"Type":"AWS::ApiGateway::RestApi","Properties":{"BodyS3Location":{"Bucket":"definitions","Key":"%s"}}}`, i, key))
		}
		fragment := `{"Resources":{` + bucket.Functions + `,` + strings.Join(apis, ",") + `}}`
		const size = "standard"
		p := program.Confined(t, size, s.Env()...)
		out := golden.Send(t, p.Process, fragment, `{}`, nil)
		switch {
		case want == "" && (out.Err != nil || !strings.Contains(out.Added(t, fragment), `"AWS::Lambda::Permission"`)):
			t.Errorf("%s, %d routes: nothing is added; %v", size, 5*routes, out.Err)
		case want != "" && (out.Err == nil || !strings.Contains(out.Err.Error(), want)):
			t.Errorf("%s, %d routes: answered with %v, not with %q", size, 5*routes, out.Err, want)
		}
		p.Fits(t, size)
	}
}
