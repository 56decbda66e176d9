package emit_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

const head = `"Parameters":{"P":{"Type":"String"},"Q":{"Type":"String"}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"c"]},"D":{"Fn::Equals":[{"Ref":"Q"},"d"]}},`

// An added is what a template has more than before.
type added struct {
	resources map[string]map[string]any // all of the output
	before    map[string]map[string]any
	problems  []finding.Finding
	decisions []grant.Decision
}

// write writes what is wanted into a template with these resources.
func write(t *testing.T, resources string, o option.Options, change func(*invoke.Environment)) added {
	t.Helper()
	env := steps.Env()
	if change != nil {
		change(&env)
	}
	text := "{" + head + `"Resources":{` + resources + `}}`
	out, problems, decisions, err := steps.Read(t, text, env, o).Out(t)
	if err != nil {
		t.Fatal(err)
	}
	return added{decoded(t, out), decoded(t, text), problems, decisions}
}

func decoded(t *testing.T, text string) map[string]map[string]any {
	t.Helper()
	var doc struct{ Resources map[string]map[string]any }
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return doc.Resources
}

// ids are the new resources of a type, sorted.
func (a added) ids(typ string) []string {
	var all []string
	for id, r := range a.resources {
		if a.before[id] == nil && r["Type"] == typ {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// one is the JSON of the one new resource of a type.
func (a added) one(t *testing.T, typ string) string {
	t.Helper()
	ids := a.ids(typ)
	if len(ids) != 1 {
		t.Fatalf("%s: %q", typ, ids)
	}
	return compact(a.resources[ids[0]])
}

func compact(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// told are the names of the findings' reasons, sorted.
func (a added) told() string {
	names := map[string]bool{}
	for _, p := range a.problems {
		names[p.Name] = true
	}
	for _, d := range a.decisions {
		for _, n := range d.Notes() {
			names[n.Name] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), " ")
}

const base = `"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"},`

// A permission as a whole, in each of its forms.
func TestPermission(t *testing.T) {
	const usual = `{"Metadata":{"GrantInvoke":{"For":["GET /"]}},"Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Fn::GetAtt":["Fn","Arn"]},"Principal":"apigateway.amazonaws.com",` +
		`"SourceArn":{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/"}},"Type":"AWS::Lambda::Permission"}`
	const alias = `"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Fn"},"FunctionVersion":"1"}},`
	const topic = `"Fn":{"Type":"AWS::Lambda::Function"},"Topic":{"Type":"AWS::SNS::Topic","Properties":{"Subscription":[{"Protocol":"lambda","Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}]}}`
	replaced := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(usual) }
	for _, tt := range []struct {
		name, resources string
		options         option.Options
		want            string
	}{
		{"the usual", base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", ""), option.Options{}, usual},
		{"under a condition", base + steps.Method("Get", steps.URI("${Fn.Arn}"), `"Condition":"C",`, ""), option.Options{}, replaced(`{"Metadata"`, `{"Condition":"C","Metadata"`)},
		{"with the account", base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", ""), option.Options{SourceAccount: true}, replaced(`"SourceArn"`, `"SourceAccount":{"Ref":"AWS::AccountId"},"SourceArn"`)},
		{"of an alias that must exist first", base + alias + steps.Method("Get", steps.URI("${Fn.Arn}:live"), "", ""), option.Options{}, replaced(`{"Metadata"`, `{"DependsOn":["Live"],"Metadata"`, `{"Fn::GetAtt":["Fn","Arn"]}`, `{"Fn::Sub":"${Fn}:live"}`)},
		{"that outlives the stack", strings.ReplaceAll(base, `"Type"`, `"DeletionPolicy":"Retain","Type"`) + steps.Method("Get", steps.URI("${Fn.Arn}"), "", ""), option.Options{}, replaced(`{"Metadata"`, `{"DeletionPolicy":"Retain","Metadata"`)},
		{"of which the API alone outlives it", strings.Replace(base, `"Api":{"Type"`, `"Api":{"DeletionPolicy":"Retain","Type"`, 1) + steps.Method("Get", steps.URI("${Fn.Arn}"), "", ""), option.Options{}, usual},
		{"of the whole API", base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", ""), option.Options{Scope: option.API}, replaced("/*/GET/", "/*")},
		{"of another service", topic, option.Options{}, `{"Metadata":{"GrantInvoke":{"For":["topic Topic"]}},"Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Fn::GetAtt":["Fn","Arn"]},"Principal":"sns.amazonaws.com",` +
			`"SourceArn":{"Ref":"Topic"}},"Type":"AWS::Lambda::Permission"}`},
	} {
		if diff := cmp.Diff(tt.want, write(t, tt.resources, tt.options, nil).one(t, "AWS::Lambda::Permission")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// A function URL takes two statements, of which one is for the call by way of it.
func TestPermissionURL(t *testing.T) {
	a := write(t, `"Fn":{"Type":"AWS::Lambda::Function"},"Url":{"Type":"AWS::Lambda::Url","Properties":{"AuthType":"NONE","TargetFunctionArn":{"Ref":"Fn"}}}`, option.Options{Services: ",url,"}, nil)
	var got []string
	for _, id := range a.ids("AWS::Lambda::Permission") {
		got = append(got, compact(a.resources[id]["Properties"]))
	}
	slices.Sort(got)
	want := []string{
		`{"Action":"lambda:InvokeFunction","FunctionName":{"Fn::GetAtt":["Fn","Arn"]},"InvokedViaFunctionUrl":true,"Principal":"*"}`,
		`{"Action":"lambda:InvokeFunctionUrl","FunctionName":{"Fn::GetAtt":["Fn","Arn"]},"FunctionUrlAuthType":"NONE","Principal":"*"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A logical id is made of the function's and the origin's and a hash of what is granted.
// It is the same in all releases, and doesn't depend on the rest of the template; where the
// template has the id already it is another, the same each time.
func TestPermissionID(t *testing.T) {
	get := base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", "")
	const id = "FnApiInvoke358fb6ba"
	long := strings.Repeat("L", 200)
	for _, tt := range []struct{ name, resources, want string }{
		{"the usual", get, id},
		{"the other way round", steps.Method("Get", steps.URI("${Fn.Arn}"), "", "") + `,` + strings.TrimSuffix(base, ","), id},
		{"beside something else", `"Topic":{"Type":"AWS::SNS::Topic"},` + get, id},
		{"of another method resource", base + steps.Method("Other", steps.URI("${Fn.Arn}"), "", ""), id},
		{"taken", get + `,"` + id + `":{"Type":"AWS::SNS::Topic"}`, ""},
		{"of a long name", `"` + long + `":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"},` + steps.Method("Get", steps.URI("${"+long+".Arn}"), "", ""), ""},
	} {
		got := write(t, tt.resources, option.Options{}, nil).ids("AWS::Lambda::Permission")
		again := write(t, tt.resources, option.Options{}, nil).ids("AWS::Lambda::Permission")
		if len(got) != 1 || !slices.Equal(got, again) || tt.want != "" && got[0] != tt.want || tt.want == "" && got[0] == id {
			t.Errorf("%s: %q, want %s", tt.name, got, tt.want)
		} else if len(got[0]) > 80+3+6+8 {
			t.Errorf("%s: %s is longer than a statement id has room for", tt.name, got[0])
		}
	}
}

// A widened permission says so, and names all that it is for.
func TestWidenedMetadata(t *testing.T) {
	var paths []string
	for i := range 60 {
		paths = append(paths, fmt.Sprintf(`"/shop/item%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","uri":%s}}}`, i, steps.URI("${Fn.Arn}")))
	}
	a := write(t, `"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{`+strings.Join(paths, ",")+`}}}}`, option.Options{}, nil)
	labels := map[string]bool{}
	for _, id := range a.ids("AWS::Lambda::Permission") {
		var m struct {
			GrantInvoke struct {
				For     []string
				Widened string
			}
		}
		if err := json.Unmarshal([]byte(compact(a.resources[id]["Metadata"])), &m); err != nil {
			t.Fatal(err)
		}
		for _, label := range m.GrantInvoke.For {
			labels[label] = true
		}
		if len(m.GrantInvoke.For) < 2 || !strings.Contains(m.GrantInvoke.Widened, fmt.Sprintf("from %d routes to ", len(m.GrantInvoke.For))) {
			t.Errorf("%s: %+v", id, m.GrantInvoke)
		}
	}
	if len(labels) != 60 {
		t.Errorf("%d routes are named of 60", len(labels))
	}
	for _, d := range a.decisions {
		if len(d.Widened) == 0 || len(d.By) == 0 || a.resources[d.By[0]] == nil {
			t.Errorf("%s is allowed by %q, widened %q", d.Call.Source.Label, d.By, d.Widened)
		}
	}
}

// What source ARNs of an origin begin with is written once for all its routes, and reads
// the same where the origin's id is an expression, and where a route isn't plain ASCII.
func TestSourceARNs(t *testing.T) {
	const uri = `{"Fn::Sub":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}`
	for _, tt := range []struct{ api, path, want string }{
		{`{"Ref":"Api"}`, "a", `{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/a"}`},
		{`{"Ref":"Api"}`, "é$", `{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/é$"}`},
		{`"abc123"`, "a", `{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:abc123/*/GET/a"}`},
		{`{"Fn::ImportValue":"api"}`, "a", `{"Fn::Sub":["arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${V1}/*/GET/a",{"V1":{"Fn::ImportValue":"api"}}]}`},
	} {
		method := func(id, verb string) string {
			return `,"` + id + `":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":` + tt.api + `,"HttpMethod":"` + verb + `","ResourceId":{"Ref":"Path"},"Integration":{"Type":"AWS_PROXY","Uri":` + uri + `}}}`
		}
		a := write(t, `"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"},
			"Path":{"Type":"AWS::ApiGateway::Resource","Properties":{"ParentId":{"Fn::GetAtt":["Api","RootResourceId"]},"PathPart":"`+tt.path+`"}}`+method("Get", "GET")+method("Put", "PUT"), option.Options{}, nil)
		var got []string
		for _, id := range a.ids("AWS::Lambda::Permission") {
			var b strings.Builder
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			if err := e.Encode(a.resources[id]["Properties"].(map[string]any)["SourceArn"]); err != nil {
				t.Fatal(err)
			}
			got = append(got, strings.TrimSpace(b.String()))
		}
		slices.Sort(got)
		if want := []string{tt.want, strings.Replace(tt.want, "GET", "PUT", 1)}; !slices.Equal(got, want) {
			t.Errorf("%s: %s", tt.api, cmp.Diff(want, got))
		}
	}
}
