package evaluator_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/author"
)

// routes is a template: an HTTP API with so many routes of one function, a rule
// that calls it and an alias of it, and a topic, unless it is left out.
func routes(n int, without ...string) []byte {
	const function = `{"Fn::GetAtt":["Orders","Arn"]}`
	resources := map[string]string{
		"Orders":  `"Lambda::Function","Properties":{"FunctionName":"orders","Code":{"ZipFile":"pass"}}`,
		"Version": `"Lambda::Version","Properties":{"FunctionName":{"Ref":"Orders"}}`,
		"Live":    `"Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Orders"},"FunctionVersion":{"Fn::GetAtt":["Version","Version"]}}`,
		"Nightly": `"Events::Rule","Properties":{"ScheduleExpression":"rate(1 day)","Targets":[{"Id":"a","Arn":` + function + `},{"Id":"b","Arn":{"Ref":"Live"}}]}`,
		"News":    `"SNS::Topic"`,
		"Reader":  `"SNS::Subscription","Properties":{"TopicArn":{"Ref":"News"},"Protocol":"lambda","Endpoint":` + function + `}`,
		"Api":     `"ApiGatewayV2::Api","Properties":{"Name":"orders","ProtocolType":"HTTP"}`,
		"Stage":   `"ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Api"},"StageName":"$default","AutoDeploy":true}`,
		"To":      `"ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","PayloadFormatVersion":"2.0","IntegrationUri":` + function + `}`,
	}
	for i := range n {
		resources[fmt.Sprintf("Route%03d", i)] = fmt.Sprintf(`"ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /orders/part%03d/{id}","Target":{"Fn::Sub":"integrations/${To}"}}`, i)
	}
	var list []string
	for _, id := range without {
		delete(resources, id)
	}
	for id, rest := range resources {
		list = append(list, fmt.Sprintf(`%q:{"Type":"AWS::%s}`, id, strings.TrimPrefix(rest, `"`)))
	}
	slices.Sort(list)
	return []byte(`{"Resources":{` + strings.Join(list, ",") + `}}`)
}

var (
	policies    = map[string]string{"Grant": "policy"}
	permissions = map[string]string{"Grant": "permission"}
)

// A stack goes from permissions to policies, grows to two hundred routes, and
// goes back by way of roles, without the topic, whose service takes none: every
// call is allowed at every moment.
func TestUpdatePolicies(t *testing.T) {
	s := newStack(t)
	for _, step := range []struct {
		what     string
		template []byte
		options  map[string]string
	}{
		{"created with permissions", routes(15), permissions}, {"a whole policy", routes(15), policies}, {"a route more", routes(16), policies},
		{"two routes less", routes(14), policies}, {"two hundred", routes(200), policies}, {"few again", routes(14), policies},
		{"no topic", routes(14, "Reader"), policies}, {"roles", routes(14, "Reader"), map[string]string{"Grant": "role"}}, {"permissions again", routes(14, "Reader"), permissions},
	} {
		gaps, _ := s.update(step.template, step.options)
		if len(gaps) > 0 {
			t.Errorf("%s: %d gaps: %s", step.what, len(gaps), gaps[0])
		}
		t.Logf("%s: %d calls, %d operations", step.what, len(s.calls), len(s.log))
	}
}

// The two hundred and first route changes one property of one resource, in one
// call of Lambda.
func TestUpdateOneRoute(t *testing.T) {
	s := newStack(t)
	_, before := s.update(routes(200), policies)
	gaps, after := s.update(routes(201), policies)
	if len(gaps) > 0 || len(s.log) != 1 || !strings.HasPrefix(s.log[0], "put OrdersInvokePolicy") {
		t.Errorf("done: %v; gaps: %v", s.log, gaps)
	}
	was, is := of(before, "Resources"), of(after, "Resources")
	for id, r := range is {
		switch old := of(was, id); {
		case id == "Route200":
		case old == nil:
			t.Errorf("%s is new", id)
		case strings.HasPrefix(id, "OrdersInvokePolicy") && !reflect.DeepEqual(old, r):
			p, q := of(old, "Properties"), of(is[id].(map[string]any), "Properties")
			if delete(p, "PolicyDocument"); reflect.DeepEqual(q["PolicyDocument"], nil) {
				t.Error("there is no document")
			}
			if delete(q, "PolicyDocument"); !reflect.DeepEqual(p, q) {
				t.Errorf("%s: more than the document has changed: %v, %v", id, p, q)
			}
		case !reflect.DeepEqual(old, r):
			t.Errorf("%s has changed", id)
		}
	}
}

// The direct way back leaves nothing: the deletion of the policy removes what has been added
// to it. Permissions that a second deployment creates again are there. That is what the
// documentation of Grant says, and check -stack (live-whole).
func TestUpdateBackLosesThePolicy(t *testing.T) {
	s := newStack(t)
	s.update(routes(10), policies)
	gaps, _ := s.update(routes(10), permissions)
	if len(gaps) == 0 || !strings.HasPrefix(gaps[0], "after delete ") {
		t.Fatalf("the gaps begin with %v", gaps)
	}
	if s.policy("arn:aws:lambda:"+author.Region+":"+author.Account+":function:orders") != "" {
		t.Error("there is still a policy")
	}
	s.calls = nil
	if gaps, _ := s.update(routes(10), map[string]string{"Grant": "permission", "SourceAccount": "true"}); len(gaps) > 0 {
		t.Errorf("the second deployment: %v", gaps)
	}
}
