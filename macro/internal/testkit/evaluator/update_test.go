package evaluator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/author"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/evaluator"
)

// A stack is updated as CloudFormation does it, as far as policies go: what is
// new or changed is made in the order of dependencies, then what is no longer
// there is deleted. Calls that the template has before and after must be allowed
// all the while.
type stack struct {
	t     *testing.T
	url   string
	there []physical
	calls []evaluator.Call // of what is deployed
	made  int              // how many statements, for their ids
	log   []string         // the operations of an update
}

// A physical resource, by which a policy has been changed.
type physical struct {
	evaluator.Made
	statement string // the id of a permission's statement
}

// ask sends a request to Lambda; a resource that isn't there is none.
func (s *stack) ask(method, path string, body any) string {
	s.t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(sent))
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode/100 != 2 && response.StatusCode != http.StatusNotFound {
		s.t.Fatalf("%s %s: %s %s", method, path, response.Status, answer)
	}
	return string(answer)
}

// policyPath is where Lambda has a function's policy.
func policyPath(function string) string {
	return "/2026-07-09/resource-policy/" + url.PathEscape(function)
}

// permissionPath is where it takes a statement for a function, and its qualifier.
func permissionPath(function, statement string) string {
	parts := strings.Split(function, ":")
	path := "/2015-03-31/functions/" + url.PathEscape(strings.Join(parts[:7], ":")) + "/policy"
	if statement != "" {
		path += "/" + statement
	}
	if len(parts) > 7 {
		path += "?Qualifier=" + parts[7]
	}
	return path
}

func word(p map[string]any, name string) string { s, _ := p[name].(string); return s }

// update deploys a template with options. It returns the calls that weren't
// allowed at some time though the template before has them and the one after
// too, by what had been done, and the processed template.
func (s *stack) update(text []byte, options map[string]string) (gaps []string, output map[string]any) {
	s.t.Helper()
	answer, err := ask(s.t, author.Template{JSON: text, Options: options})
	if err != nil {
		s.t.Fatal(err)
	}
	d := evaluator.Deploy(evaluator.World{Stack: "stack", Region: author.Region, Account: author.Account, Partition: author.Partition}, answer.Output)
	if len(d.Refused)+len(d.Early) > 0 {
		s.t.Fatalf("refused %v, early %v", d.Refused, d.Early)
	}
	s.log = nil
	watch := func(calls, also []evaluator.Call) {
		for _, c := range calls {
			known := slices.ContainsFunc(also, func(x evaluator.Call) bool {
				return x.Function == c.Function && reflect.DeepEqual(x.Sources, c.Sources)
			})
			if known && !d.Permits(s.policy(c.Function), c) {
				gaps = append(gaps, fmt.Sprintf("after %s: %s calls %s for %s", s.log[len(s.log)-1], c.Service, c.Function, c.Route))
			}
		}
	}
	before, old := s.there, s.calls
	s.there = nil
	for _, r := range d.Resources() {
		if r.Type == "AWS::Lambda::Permission" || r.Type == "AWS::Lambda::ResourcePolicy" {
			s.make(r, before)
			watch(old, d.Calls)
		}
	}
	for _, p := range before {
		if !slices.ContainsFunc(s.there, func(x physical) bool { return same(x, p) }) {
			s.delete(p)
			watch(d.Calls, d.Calls)
		}
	}
	s.calls = d.Calls
	if len(gaps) == 0 {
		s.exact(d, old)
	}
	return gaps, answer.Output
}

// exact compares what is deployed with the calls: all are allowed, and none of those that
// are no longer made.
func (s *stack) exact(d *evaluator.Deployment, old []evaluator.Call) {
	s.t.Helper()
	for _, c := range d.Calls {
		if !d.Permits(s.policy(c.Function), c) {
			s.t.Errorf("not allowed: %s calls %s for %s", c.Service, c.Function, c.Route)
		}
	}
	for _, c := range old {
		if c.Identity = ""; !slices.ContainsFunc(d.Calls, func(x evaluator.Call) bool { return reflect.DeepEqual(x.Sources, c.Sources) }) && d.Permits(s.policy(c.Function), c) {
			s.t.Errorf("still allowed: %s calls %s for %s", c.Service, c.Function, c.Route)
		}
	}
}

// same reports whether two are one physical resource.
func same(a, b physical) bool {
	if a.Type == "AWS::Lambda::ResourcePolicy" {
		return b.Type == a.Type && a.Properties["ResourceArn"] == b.Properties["ResourceArn"]
	}
	return a.statement != "" && a.statement == b.statement
}

// make creates a resource, or replaces it, or updates it in place.
func (s *stack) make(r evaluator.Made, before []physical) {
	s.t.Helper()
	i := slices.IndexFunc(before, func(p physical) bool { return p.ID == r.ID })
	if i >= 0 && reflect.DeepEqual(before[i].Properties, r.Properties) {
		s.there = append(s.there, before[i])
		return
	}
	if r.Type == "AWS::Lambda::ResourcePolicy" {
		document, err := json.Marshal(r.Properties["PolicyDocument"])
		if err != nil {
			s.t.Fatal(err)
		}
		s.log = append(s.log, "put "+r.ID)
		s.ask(http.MethodPut, policyPath(word(r.Properties, "ResourceArn")), map[string]string{"Policy": string(document)})
		s.there = append(s.there, physical{Made: r})
		return
	}
	s.made++
	sent := map[string]string{"StatementId": fmt.Sprintf("stack-%s-%d", r.ID, s.made)}
	for _, name := range []string{"Action", "Principal", "SourceArn", "SourceAccount"} {
		if v := word(r.Properties, name); v != "" {
			sent[name] = v
		}
	}
	s.log = append(s.log, "add "+r.ID)
	s.ask(http.MethodPost, permissionPath(s.arn(r), ""), sent)
	s.there = append(s.there, physical{r, sent["StatementId"]})
}

// arn is the function of a permission: FunctionName may be a name.
func (s *stack) arn(r evaluator.Made) string {
	name := word(r.Properties, "FunctionName")
	if !strings.HasPrefix(name, "arn:") {
		name = "arn:aws:lambda:" + author.Region + ":" + author.Account + ":function:" + name
	}
	return name
}

// delete is part of the clean-up, in which a statement that isn't there counts
// as deleted.
func (s *stack) delete(p physical) {
	s.log = append(s.log, "delete "+p.ID)
	if p.Type == "AWS::Lambda::ResourcePolicy" {
		s.ask(http.MethodDelete, policyPath(word(p.Properties, "ResourceArn")), nil)
		return
	}
	s.ask(http.MethodDelete, permissionPath(s.arn(p.Made), p.statement), nil)
}

func (s *stack) policy(function string) string {
	var answer struct{ Policy string }
	if err := json.Unmarshal([]byte(s.ask(http.MethodGet, policyPath(function), nil)), &answer); err != nil {
		s.t.Fatal(err)
	}
	return answer.Policy
}

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

func newStack(t *testing.T) *stack {
	t.Helper()
	server := &cloud.Server{World: &cloud.World{Account: author.Account, Region: author.Region,
		Functions: []*cloud.Function{{Name: "orders", Versions: []string{"1"}, Aliases: []cloud.Alias{{Name: "live", Version: "1"}}}}}}
	at, stop, err := server.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return &stack{t: t, url: at}
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
