package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/deployable"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/hostile"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

func jsonPath(p string) jsontext.Pointer { return jsontext.Pointer(p) }

// The ids never change: another one would be a replacement in deployed stacks.
func TestIDs(t *testing.T) {
	base := leveled("", "", "", "", "")
	id := func(old, now string) string {
		r, _ := grantAll(t, strings.ReplaceAll(base, old, now), option.Options{})
		if len(r.Grants()) != 1 {
			t.Fatalf("%d grants", len(r.Grants()))
		}
		return r.Grants()[0].ID
	}
	first := id("", "")
	if first != "FnApiInvoke6d51acea" {
		t.Errorf("the id of GET /a on Fn has become %s", first)
	}
	for _, same := range [][2]string{
		{`{"Fn::GetAtt":["Fn","Arn"]}`, `{"Fn::GetAtt":"Fn.Arn"}`}, {`{"Fn::GetAtt":["Fn","Arn"]}`, steps.URI("${Fn}")}, {`"Type":"AWS::Lambda::Function"`, `"Type":"AWS::Lambda::Function","Properties":{"Timeout":3}`},
		{`"Route":{`, `"Other":{`}, {`"GET /a"`, `"get /a"`}, {`{"Ref":"Api"}`, `{"Fn::GetAtt":["Api","ApiId"]}`},
	} {
		if got := id(same[0], same[1]); got != first {
			t.Errorf("%s for %s changes the id to %s", same[1], same[0], got)
		}
	}
	seen := map[string]string{first: "itself"}
	for _, other := range [][2]string{{`"GET /a"`, `"GET /b"`}, {`"GET /a"`, `"ANY /a"`}, {`"GET /a"`, `"$default"`}, {`{"Fn::GetAtt":["Fn","Arn"]}`, `{"Fn::Sub":"${Fn.Arn}:live"}`}, {`"Fn"`, `"Gn"`}, {`"Api"`, `"Bpi"`}} {
		got := id(other[0], other[1])
		if seen[got] != "" {
			t.Errorf("%s has the id of %s", other[1], seen[got])
		}
		seen[got] = other[1]
	}
}

// The id of another resource isn't used.
func TestIDTaken(t *testing.T) {
	base := leveled("", "", "", "", "")
	r, _ := grantAll(t, base, option.Options{})
	first := r.Grants()[0].ID
	for _, taken := range []string{`"` + first + `":{"Type":"AWS::SNS::Topic"}`, `"` + first + `":null`, `"` + first + `":[]`} {
		text := strings.Replace(base, `"Fn":{`, taken+`,"Fn":{`, 1)
		a, out := grantAll(t, text, option.Options{})
		b, _ := grantAll(t, text, option.Options{})
		if a.Grants()[0].ID == first || a.Grants()[0].ID != b.Grants()[0].ID {
			t.Errorf("%s: %s, then %s", taken, a.Grants()[0].ID, b.Grants()[0].ID)
		}
		deployable.Check(t, out)
	}
}

// An id is never too long, also with the longest ids of the template.
func TestIDLength(t *testing.T) {
	long := strings.Repeat("F", 255)
	r, out := grantAll(t, strings.ReplaceAll(leveled("", "", "", "", ""), `"Fn"`, `"`+long+`"`), option.Options{})
	if len(r.Grants()) != 1 {
		t.Fatalf("%d grants", len(r.Grants()))
	}
	deployable.Check(t, out)
}

// Two routes whose ids have the same hash each get a permission, whatever their
// order, and the same ones again.
func TestIDTwins(t *testing.T) {
	a, b := hostile.Twins(t, func(n int) string { return naming.Hash("Fn", "", "Api", fmt.Sprintf("*/GET/p%d", n)) })
	var ids [2]map[string]string
	for i, order := range [][2]int{{a, b}, {b, a}} {
		var paths []string
		for _, n := range order {
			paths = append(paths, fmt.Sprintf(`"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":%s}}}`, n, steps.URI("${Fn.Arn}")))
		}
		r, out := grantAll(t, `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"paths":{`+strings.Join(paths, ",")+`}}}}}}`, option.Options{})
		ids[i] = map[string]string{}
		for _, g := range r.Grants() {
			ids[i][g.ID] = g.Source
		}
		if len(r.Grants()) != 2 || len(ids[i]) != 2 {
			t.Errorf("%d permissions: %v", len(r.Grants()), ids[i])
		}
		if again, _ := grantAll(t, out, option.Options{}); len(again.Edits) > 0 {
			t.Errorf("a second pass has %d edits", len(again.Edits))
		}
		deployable.Check(t, out)
	}
	if diff := cmp.Diff(ids[0], ids[1]); diff != "" {
		t.Errorf("in another order:\n%s", diff)
	}
}
