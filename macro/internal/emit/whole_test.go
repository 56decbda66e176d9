package emit_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/emit"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

// A whole policy has one statement for each service, with all sources, sorted; a source of
// a call under a condition is under the condition.
func TestWhole(t *testing.T) {
	const api = `{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":{"Fn::GetAtt":["Fn","Arn"]},"Condition":{"ArnLike":{"aws:SourceArn":[SOURCES]}}}`
	const get = `{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/"}`
	const put = `{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/PUT/"}`
	statement := func(sources string) string { return strings.Replace(api, "SOURCES", sources, 1) }
	putMethod := func(attributes string) string {
		return "," + strings.Replace(steps.Method("Put", steps.URI("${Fn.Arn}"), attributes, ""), `"HttpMethod":"GET"`, `"HttpMethod":"PUT"`, 1)
	}
	topic := func(attributes string) string {
		return `,"Topic":{"Type":"AWS::SNS::Topic",` + attributes + `"Properties":{"Subscription":[{"Protocol":"lambda","Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}]}}`
	}
	const sns = `{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":{"Fn::GetAtt":["Fn","Arn"]},"Condition":{"ArnLike":{"aws:SourceArn":[{"Ref":"Topic"}]}}}`
	first := base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", "")
	for _, tt := range []struct{ name, resources, condition, want string }{
		{"a route", first, "", statement(get)},
		{"two routes", first + putMethod(""), "", statement(get + "," + put)},
		{"two routes, the other way round", strings.TrimPrefix(putMethod(""), ",") + "," + first, "", statement(get + "," + put)},
		{"one of them in one case", first + putMethod(`"Condition":"C",`), "", statement(`{"Fn::If":["C",` + put + `,{"Ref":"AWS::NoValue"}]},` + get)},
		{"all of it in one case", base + steps.Method("Get", steps.URI("${Fn.Arn}"), `"Condition":"C",`, ""), "C", statement(get)},
		{"two services", first + topic(""), "", statement(get) + "," + sns},
		{"a service in either case", first + topic(`"Condition":"C",`) + strings.Replace(topic(`"Condition":"D",`), `"Topic"`, `"Other"`, 1), "", statement(get) +
			`,{"Fn::If":["EITHER",` + strings.Replace(sns, `{"Ref":"Topic"}`, `{"Fn::If":["C",{"Ref":"Topic"},{"Ref":"AWS::NoValue"}]},{"Fn::If":["D",{"Ref":"Other"},{"Ref":"AWS::NoValue"}]}`, 1) + `,{"Ref":"AWS::NoValue"}]}`},
		{"a service in one case", first + topic(`"Condition":"C",`), "", statement(get) + `,{"Fn::If":["C",` + sns + `,{"Ref":"AWS::NoValue"}]}`},
	} {
		a := write(t, tt.resources, option.Options{Grant: option.Policy}, nil)
		ids := a.ids("AWS::Lambda::ResourcePolicy")
		if len(ids) != 1 || len(a.ids("AWS::Lambda::Permission")) > 0 {
			t.Fatalf("%s: policies %q, permissions %q", tt.name, ids, a.ids("AWS::Lambda::Permission"))
		}
		r := a.resources[ids[0]]
		condition, _ := r["Condition"].(string)
		want := jsontext.Value(`{"PolicyDocument":{"Version":"2012-10-17","Statement":[` + tt.want + `]},"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]}}`)
		got := jsontext.Value(generated.ReplaceAllString(compact(r["Properties"]), "EITHER"))
		if err := want.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		if err := got.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" || condition != tt.condition {
			t.Errorf("%s: condition %q (-want +got):\n%s", tt.name, condition, diff)
		}
		for _, d := range a.decisions {
			if len(d.By) != 1 || d.By[0] != ids[0] {
				t.Errorf("%s: %s is allowed by %q", tt.name, d.Call.Source.Label, d.By)
			}
		}
	}
}

// generated matches the name of a condition that is made of others.
var generated = regexp.MustCompile(`InvokeWhen[0-9a-f]{8}`)

// The logical id of a whole policy is made of the function's only, so that further sources
// update it in place.
func TestWholeID(t *testing.T) {
	first := write(t, base+steps.Method("Get", steps.URI("${Fn.Arn}"), "", ""), option.Options{Grant: option.Policy}, nil).ids("AWS::Lambda::ResourcePolicy")
	more := write(t, base+steps.Method("Get", steps.URI("${Fn.Arn}"), "", "")+`,"Topic":{"Type":"AWS::SNS::Topic","Properties":{"Subscription":[{"Protocol":"lambda","Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}]}}`,
		option.Options{Grant: option.Policy}, nil).ids("AWS::Lambda::ResourcePolicy")
	if diff := cmp.Diff(first, more); diff != "" {
		t.Errorf("(-first +with a topic)\n%s", diff)
	}
	taken := write(t, base+steps.Method("Get", steps.URI("${Fn.Arn}"), "", "")+`,"`+first[0]+`":{"Type":"AWS::SNS::Topic"}`, option.Options{Grant: option.Policy}, nil).ids("AWS::Lambda::ResourcePolicy")
	if len(taken) != 1 || taken[0] == first[0] {
		t.Errorf("where %s is taken: %q", first[0], taken)
	}
}

// What isn't known is written into the template's Metadata, sorted, each line once; lines
// that are there stay, and aren't repeated.
func TestReport(t *testing.T) {
	warning := finding.Finding{Reason: finding.Reason{Name: "b-warning", Severity: finding.Warning, Sentence: "something is odd about ${X}"}, At: "/Resources/Fn"}
	later := finding.Finding{Reason: finding.Reason{Name: "d-later", Severity: finding.Warning, Sentence: "this, too"}, At: "/Resources/Fn"}
	info := finding.Finding{Reason: finding.Reason{Name: "c-info", Severity: finding.Info, Sentence: "all is well"}, At: "/Resources/Fn"}
	unknown := finding.Finding{Reason: finding.Reason{Name: "a-problem", Severity: finding.Fault, Sentence: "nobody knows"}, At: "/Resources/Fn"}
	for _, tt := range []struct {
		name, metadata string
		problems       []finding.Finding
		decision       *finding.Finding
		want           []string // beginnings of the lines; nil: nothing is written
	}{
		{"nothing", "", nil, nil, nil},
		{"what doesn't matter", "", []finding.Finding{info}, nil, nil},
		{"a call and a warning", "", []finding.Finding{later, warning, info, warning}, &unknown, []string{"a-problem: Fn: nobody knows", "b-warning: Fn: something is odd about <X>", "d-later: "}},
		{"beside options", `"Metadata":{"GrantInvoke":{"Grant":"role"}},`, nil, &unknown, []string{"a-problem: Fn"}},
		{"beside other metadata", `"Metadata":{"Other":1},`, nil, &unknown, []string{"a-problem: Fn"}},
		{"beside a report", `"Metadata":{"GrantInvoke":{"Report":["z: said"]}},`, nil, &unknown, []string{"z: said", "a-problem: Fn"}},
	} {
		text := "{" + tt.metadata + `"Resources":{"Fn":{"Type":"AWS::Lambda::Function"}}}`
		x := steps.Read(t, text, steps.Env(), option.Options{})
		decisions := []grant.Decision{{Problem: tt.decision}}
		edits := emit.Report(x.View, decisions, tt.problems)
		got := reportIn(t, x.Template, edits)
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], tt.want[i]) {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
		if tt.want == nil && len(edits) > 0 {
			t.Errorf("%s: %v", tt.name, edits)
		}
		out, err := x.Template.Apply(edits)
		if err != nil {
			t.Fatal(err)
		}
		if again := emit.Report(steps.Read(t, string(out), steps.Env(), option.Options{}).View, decisions, tt.problems); len(again) > 0 {
			t.Errorf("%s: the second time %v", tt.name, again)
		}
	}
	env := steps.Env()
	env.Partial = true
	if edits := emit.Report(steps.Read(t, `{"Resources":{}}`, env, option.Options{}).View, nil, []finding.Finding{warning}); len(edits) > 0 {
		t.Errorf("into a part of a template: %v", edits)
	}
}

func reportIn(t *testing.T, doc *template.Template, edits []template.Edit) []string {
	t.Helper()
	out, err := doc.Apply(edits)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Metadata struct {
			GrantInvoke struct{ Report []string }
		}
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	return read.Metadata.GrantInvoke.Report
}
