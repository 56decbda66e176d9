package transform

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Secrets are at every place where an event can have one. For any answer, none is in the
// log, and the answer has only those of the fragment.
func TestSecrets(t *testing.T) {
	const parameters = `{"Secret":{"Type":"String","NoEcho":true,"Default":"hunter2-default"},"Uri":{"Type":"String"},"List":{"Type":"CommaDelimitedList"}}`
	const values = `{"Secret":"hunter2-value","Uri":"hunter2-uri","List":["hunter2-first","hunter2-second"]}`
	const resources = `,"Get":` + `{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":"hunter2-resource","HttpMethod":"GET","Integration":{"Type":"AWS_PROXY","Uri":{"Ref":"Secret"}}}}` +
		`,"Put":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Ref":"Secret"},"HttpMethod":"PUT","Integration":{"Type":"AWS_PROXY","Uri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:210987654321:function:hunter2-function/invocations"}}}` +
		`,"Web":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"Name":"hunter2-name","ProtocolType":"HTTP","Body":{"openapi":"3.0.1","info":{"title":"hunter2-title"},"paths":{"/hunter2-path":{"get":{"x-amazon-apigateway-integration":{"type":"AWS_PROXY","uri":{"Fn::Sub":"hunter2-sub-${Secret}"}}}}}}}}` +
		`,"Off":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"BodyS3Location":{"Bucket":"hunter2-bucket","Key":{"Ref":"Secret"}}}}` +
		`,"Out":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":{"Fn::Sub":"s3://hunter2-include/${Secret}"}}}}}}` +
		`,"hunter2-bad-id":{"Type":"hunter2-type","Properties":{"Fn::If":["hunter2-condition",1]}}`
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for name, params := range map[string]string{
		"report":      `{}`,
		"role":        `{"Grant":"role","RoleArn":"hunter2-role"}`,
		"fail":        `{"OnUnknown":"fail"}`,
		"wrong value": `{"Grant":"hunter2-value"}`,
		"a list":      `{"Grant":["hunter2-first","hunter2-second"]}`,
		"of a list":   `{"Scope":"hunter2-second"}`,
		"wrong name":  `{"hunter2-name":"hunter2-value"}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, variables := range []string{"", "hunter2-bucket,hunter2-include"} {
				payload := event(params, parameters, values, resources)
				var b bytes.Buffer
				h := FromEnvironment(func(v string) string {
					return map[string]string{"GRANTINVOKE_BUCKETS": variables, "AWS_REGION": "eu-west-1"}[v]
				}, &b)
				answer, err := h.Invoke(t.Context(), []byte(payload))
				if err != nil {
					t.Fatal(err)
				}
				if at := strings.Index(b.String(), "hunter2"); at >= 0 {
					t.Errorf("in the log: %.200s", b.String()[at:])
				}
				withoutFragment(t, answer, payload)
			}
		})
	}
}

// withoutFragment looks for secrets in what the macro itself has written.
func withoutFragment(t *testing.T, answer []byte, payload string) {
	t.Helper()
	var got, sent struct {
		Fragment     map[string]json.RawMessage
		ErrorMessage string
	}
	if json.Unmarshal(answer, &got) != nil || json.Unmarshal([]byte(payload), &sent) != nil {
		t.Fatalf("answer %s", answer)
	}
	for _, secret := range []string{"hunter2-value", "hunter2-default"} {
		if strings.Contains(got.ErrorMessage, secret) {
			t.Errorf("the message tells a NoEcho value: %s", got.ErrorMessage)
		}
		if report := got.Fragment["Metadata"]; bytes.Contains(report, []byte(secret)) {
			t.Errorf("the report tells a NoEcho value: %s", report)
		}
	}
	var before, after map[string]json.RawMessage
	if got.Fragment != nil && (json.Unmarshal(got.Fragment["Resources"], &after) != nil || json.Unmarshal(sent.Fragment["Resources"], &before) != nil) {
		t.Fatalf("resources %s", got.Fragment["Resources"])
	}
	for id, r := range after {
		if before[id] == nil && bytes.Contains(r, []byte("hunter2-value")) {
			t.Errorf("what was added holds a parameter's value: %s", r)
		}
	}
}

func TestHide(t *testing.T) {
	const whole = `{"Parameters":{"Secret":{"Type":"String","NoEcho":"true"},"Longer":{"Type":"String","NoEcho":true},"Open":{"Type":"String"}},"Resources":{}}`
	values := map[string]string{"Secret": "hunter2", "Longer": "hunter2-and-more", "Open": "rolo"}
	for _, tt := range []struct {
		fragment, value, message, want string
	}{
		{whole, "hunter2", `P.Grant: "hunter2" is no value`, `P.Grant: "****" is no value`},
		{whole, "hunter2", `a hunter2-and-more b`, `a **** b`},
		{whole, "hunter2", `P.Grant: "rolo" is no value`, `P.Grant: "rolo" is no value`},
		{whole, "a,bcde", `bcde: "a" in "bcde"`, `****: "****" in "****"`},
		{whole, "two\nlines", `"two\nlines" and x`, `"****" and x`},
		{whole, "no", `"no": no`, `"****": no`},
		{whole, "", `P: ""`, `P: ""`},
		{`{"Type":"AWS::Lambda::Function"}`, "hunter2", `"rolo" and hunter2`, `"****" and ****`},
	} {
		values["Secret"] = tt.value
		e := Event{Parameters: values, template: template.Index(tt.fragment)}
		if got := e.hide(tt.message); got != tt.want {
			t.Errorf("%q with the value %q: %q, want %q", tt.message, tt.value, got, tt.want)
		}
	}
	if got := (Event{Parameters: values}).hide("event: cut off"); got != "event: cut off" {
		t.Errorf("without a template: %q", got)
	}
}

// A message keeps its length limit and stays JSON, whatever is in it.
func FuzzFailure(f *testing.F) {
	f.Add(`"r"`, "Get.Properties: no", "no")
	f.Add(`1`, strings.Repeat("é", maxMessage), "é")
	f.Fuzz(func(t *testing.T, id, message, value string) {
		if !json.Valid([]byte(id)) {
			return
		}
		e := Event{RequestID: []byte(id), Parameters: map[string]string{"P": value}, template: template.Index(`{}`)}
		hidden := e.hide(message)
		if len(value) > 3 && !strings.Contains(value, "*") && strings.Contains(hidden, value) {
			t.Errorf("the value %q is in %q", value, hidden)
		}
		answer := failure(e.RequestID, hidden)
		var got struct{ Status, ErrorMessage string }
		if err := json.Unmarshal(answer, &got); err != nil || got.Status != "failure" {
			t.Fatalf("%v: %s", err, answer)
		}
		if len(got.ErrorMessage) > 4*maxMessage {
			t.Errorf("%d bytes", len(got.ErrorMessage))
		}
	})
}
