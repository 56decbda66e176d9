package main

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// ownTemplate is the template of the macro's own stack, by sections.
func ownTemplate(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := source.Read("template.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	var sections map[string]any
	if err := json.Unmarshal(f.JSON(), &sections); err != nil {
		t.Fatal(err)
	}
	return sections
}

// at is a value in a tree, nil where there is none.
func at(v any, names ...string) any {
	for _, name := range names {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// ownFunction is what the stack gives the macro's function: its memory in
// megabytes, and the variables with a plain value.
func ownFunction(t *testing.T) (megabytes int, variables []string) {
	t.Helper()
	properties := at(ownTemplate(t), "Resources", "MacroFunction", "Properties")
	for name, v := range at(properties, "Environment", "Variables").(map[string]any) {
		if text, ok := v.(string); ok {
			variables = append(variables, name+"="+text)
		}
	}
	return int(at(properties, "MemorySize").(float64)), variables
}

// Each parameter is explained, has a default, and a place in the console.
func TestOwnParameters(t *testing.T) {
	own := ownTemplate(t)
	parameters := own["Parameters"].(map[string]any)
	if n := len(parameters); n > 10 {
		t.Errorf("%d parameters, more than anybody reads", n)
	}
	var grouped []string
	for _, group := range at(own, "Metadata", "AWS::CloudFormation::Interface", "ParameterGroups").([]any) {
		for _, name := range at(group, "Parameters").([]any) {
			grouped = append(grouped, name.(string))
		}
	}
	labels := at(own, "Metadata", "AWS::CloudFormation::Interface", "ParameterLabels").(map[string]any)
	names := slices.Sorted(maps.Keys(parameters))
	if diff := cmp.Diff(names, slices.Sorted(slices.Values(grouped))); diff != "" {
		t.Errorf("groups (-parameters +grouped):\n%s", diff)
	}
	if diff := cmp.Diff(names, slices.Sorted(maps.Keys(labels))); diff != "" {
		t.Errorf("labels (-parameters +labelled):\n%s", diff)
	}
	for name, p := range parameters {
		if text, _ := at(p, "Description").(string); text == "" || at(p, "Default") == nil {
			t.Errorf("%s: has no description or no default", name)
		}
		if at(p, "AllowedPattern") == nil && at(p, "AllowedValues") == nil {
			t.Errorf("%s: takes any text", name)
		}
	}
}

// Each variable is one that the macro reads, and each value that a parameter
// allows is one that it takes.
func TestOwnVariables(t *testing.T) {
	own := ownTemplate(t)
	set := func(name, value string) transform.Handler {
		return transform.FromEnvironment(func(v string) string {
			if v == name {
				return value
			}
			return ""
		}, io.Discard)
	}
	for name, value := range at(own, "Resources", "MacroFunction", "Properties", "Environment", "Variables").(map[string]any) {
		if !strings.HasPrefix(name, "GRANTINVOKE_") {
			continue
		}
		if h := set(name, "a-value"); h.Setup == nil && h.Documents == nil && reflect.DeepEqual(h.Defaults, grant.Options{}) {
			t.Errorf("%s: the macro does not read it", name)
		}
		parameter, _ := at(value, "Ref").(string)
		allowed, _ := at(own, "Parameters", parameter, "AllowedValues").([]any)
		for _, v := range allowed {
			if err := set(name, v.(string)).Setup; err != nil {
				t.Errorf("%s: allows %v: %v", parameter, v, err)
			}
		}
	}
}

// statements are those of the macro's role with the given parameters, one line
// each: actions, resources, and the rest.
func statements(t *testing.T, given map[string]any) []string {
	t.Helper()
	r := newResolver(ownTemplate(t), given)
	var lines []string
	for _, policy := range r.resolve(at(r.template, "Resources", "MacroRole", "Properties", "Policies")).([]any) {
		for _, s := range at(policy, "PolicyDocument", "Statement").([]any) {
			line, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(line))
		}
	}
	return lines
}

// The macro's role: its own log, and of S3 and KMS what a parameter names.
func TestOwnRole(t *testing.T) {
	const log = `{"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Effect":"Allow","Resource":"(MacroLogGroup.Arn)"}`
	const key = "arn:aws:kms:eu-west-1:123456789012:key/k"
	read := func(resources string) string {
		return `{"Action":["s3:GetObject","s3:GetObjectVersion"],"Effect":"Allow","Resource":[` + resources + `]}`
	}
	for _, tt := range []struct {
		name  string
		given map[string]any
		want  []string
	}{
		{"default", nil, []string{log}},
		{"a key alone", map[string]any{"DefinitionKeyArn": key}, []string{log}},
		{"one", map[string]any{"DefinitionBuckets": []any{"one"}}, []string{log, read(`"arn:aws:s3:::one/*"`)}},
		{"two", map[string]any{"DefinitionBuckets": []any{"one", "two/apis/v1"}},
			[]string{log, read(`"arn:aws:s3:::one/*","arn:aws:s3:::two/apis/v1/*"`)}},
		{"China", map[string]any{"DefinitionBuckets": []any{"one", "two"}, "AWS::Partition": "aws-cn"},
			[]string{log, read(`"arn:aws-cn:s3:::one/*","arn:aws-cn:s3:::two/*"`)}},
		{"GovCloud", map[string]any{"DefinitionBuckets": []any{"one", "two", "six"}, "AWS::Partition": "aws-us-gov"},
			[]string{log, read(`"arn:aws-us-gov:s3:::one/*","arn:aws-us-gov:s3:::two/*","arn:aws-us-gov:s3:::six/*"`)}},
		{"elsewhere", map[string]any{"DefinitionBuckets": []any{"one"}, "AWS::Partition": "aws-eusc"}, []string{log, read(`"arn:aws-eusc:s3:::one/*"`)}},
		{"encrypted", map[string]any{"DefinitionBuckets": []any{"one"}, "DefinitionKeyArn": key}, []string{log, read(`"arn:aws:s3:::one/*"`),
			`{"Action":"kms:Decrypt","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}},"Effect":"Allow","Resource":"` + key + `"}`}},
	} {
		if diff := cmp.Diff(tt.want, statements(t, tt.given)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// With the defaults the stack is the function, its log and role, and the
// macro; nobody else's account, alarms or keys.
func TestOwnResources(t *testing.T) {
	least := []string{"Macro", "MacroFunction", "MacroLogGroup", "MacroRole"}
	watched := []string{"Dashboard", "DurationAlarm", "ErrorAlarm", "FailureAlarm", "ThrottleAlarm"}
	for _, tt := range []struct {
		name, parameter, value string
		want                   []string
	}{
		{"default", "", "", least},
		{"shared", "OrganizationId", "o-abcdefghij", append([]string{"OrganizationPermission"}, least...)},
		{"watched", "AlarmTopicArn", "arn:aws:sns:eu-west-1:123456789012:t", append(watched, least...)},
	} {
		r := newResolver(ownTemplate(t), map[string]any{tt.parameter: tt.value})
		var got []string
		for id, resource := range r.template["Resources"].(map[string]any) {
			if condition, ok := at(resource, "Condition").(string); !ok || r.condition(condition) {
				got = append(got, id)
			}
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(tt.want)), slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	role := func(given map[string]any) any {
		r := newResolver(ownTemplate(t), given)
		return at(r.resolve(at(r.template, "Resources", "MacroRole", "Properties")), "PermissionsBoundary")
	}
	if got := role(nil); got != nil {
		t.Errorf("without a boundary the role has %v", got)
	}
	if got := role(map[string]any{"PermissionsBoundary": "b"}); got != "b" {
		t.Errorf("the role's boundary is %v", got)
	}
}

// The dashboard and the alarms name metrics that the macro's lines have.
func TestOwnMetrics(t *testing.T) {
	r := newResolver(ownTemplate(t), nil)
	body := r.resolve(at(r.template, "Resources", "Dashboard", "Properties", "DashboardBody")).(string)
	var dashboard struct {
		Widgets []struct{ Properties struct{ Metrics [][]any } }
	}
	if err := json.Unmarshal([]byte(body), &dashboard); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	known := []string{"Calls", "Added", "AlreadyAllowed", "Unknown", "Failures", "Bytes", "Duration"}
	shown, space := map[string]bool{}, ""
	for _, w := range dashboard.Widgets {
		for _, m := range w.Properties.Metrics {
			if m[0] != "." && m[0] != "..." {
				space = m[0].(string)
			}
			if name, ok := m[1].(string); ok && space == "GrantInvoke" {
				shown[name] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(known)), slices.Sorted(maps.Keys(shown))); diff != "" {
		t.Errorf("metrics of the dashboard (-written +shown):\n%s", diff)
	}
	if name := at(r.template, "Resources", "FailureAlarm", "Properties", "MetricName"); !slices.Contains(known, name.(string)) {
		t.Errorf("the alarm is about %v", name)
	}
}
