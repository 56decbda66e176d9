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
