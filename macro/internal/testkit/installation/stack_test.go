package installation

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		{"a key alone", map[string]any{"KeyArn": key}, []string{log}},
		{"shown", map[string]any{"Monitoring": "dashboard"}, []string{log}},
		{"traced", map[string]any{"Monitoring": "traces"},
			[]string{log, `{"Action":["xray:PutTraceSegments","xray:PutTelemetryRecords"],"Effect":"Allow","Resource":"*"}`}},
		{"one", map[string]any{"DefinitionBuckets": []any{"one"}}, []string{log, read(`"arn:aws:s3:::one/*"`)}},
		{"two", map[string]any{"DefinitionBuckets": []any{"one", "two/apis/v1"}},
			[]string{log, read(`"arn:aws:s3:::one/*","arn:aws:s3:::two/apis/v1/*"`)}},
		{"China", map[string]any{"DefinitionBuckets": []any{"one", "two"}, "AWS::Partition": "aws-cn"},
			[]string{log, read(`"arn:aws-cn:s3:::one/*","arn:aws-cn:s3:::two/*"`)}},
		{"GovCloud", map[string]any{"DefinitionBuckets": []any{"one", "two", "six"}, "AWS::Partition": "aws-us-gov"},
			[]string{log, read(`"arn:aws-us-gov:s3:::one/*","arn:aws-us-gov:s3:::two/*","arn:aws-us-gov:s3:::six/*"`)}},
		{"elsewhere", map[string]any{"DefinitionBuckets": []any{"one"}, "AWS::Partition": "aws-eusc"}, []string{log, read(`"arn:aws-eusc:s3:::one/*"`)}},
		{"encrypted", map[string]any{"DefinitionBuckets": []any{"one"}, "KeyArn": key}, []string{log, read(`"arn:aws:s3:::one/*"`),
			`{"Action":"kms:Decrypt","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}},"Effect":"Allow","Resource":"` + key + `"}`}},
	} {
		if diff := cmp.Diff(tt.want, statements(t, tt.given)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// With the defaults the stack is the function, its log and role, and the macro; without
// other accounts, alarms or keys.
func TestOwnResources(t *testing.T) {
	least := []string{"Macro", "MacroAlias", "MacroFunction", "MacroLogGroup", "MacroRole", "MacroVersion"}
	watched := []string{"DurationAlarm", "ErrorAlarm", "FailureAlarm", "ThrottleAlarm"}
	for _, tt := range []struct {
		name, parameter, value string
		want                   []string
	}{
		{"default", "", "", least},
		{"shared", "OrganizationId", "o-abcdefghij", append([]string{"OrganizationPermission"}, least...)},
		{"shown", "Monitoring", "dashboard", append([]string{"Dashboard"}, least...)},
		{"shown and traced", "Monitoring", "both", append([]string{"Dashboard"}, least...)},
		{"traced", "Monitoring", "traces", least},
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
	logs := func(given map[string]any) any {
		r := newResolver(ownTemplate(t), given)
		return r.resolve(at(r.template, "Resources", "MacroLogGroup", "Properties"))
	}
	if diff := cmp.Diff(any(map[string]any{"RetentionInDays": 365.0}), logs(nil)); diff != "" {
		t.Errorf("the log group (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(any(map[string]any{"RetentionInDays": 30.0, "KmsKeyId": "k"}), logs(map[string]any{"KeyArn": "k", "LogRetention": 30.0})); diff != "" {
		t.Errorf("the encrypted log group (-want +got):\n%s", diff)
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
