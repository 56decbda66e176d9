package golden_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloudformation"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// A template with two places left open: its Transform section and more resources.
const stackTemplate = `{%TRANSFORM%
	"Parameters": {"Width": {"Type": "String", "Default": "route"}},
	"Resources": {%RESOURCES%
		"Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "pass"}}},
		"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api"}},
		"Get": {"Type": "AWS::ApiGateway::Method", "Properties": {%METHOD%
			"RestApiId": {"Ref": "Api"}, "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]}, "HttpMethod": "GET",
			"Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub":
				"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}}}}
	}}`

func filled(transform, resources, method string) []byte {
	return []byte(strings.NewReplacer("%TRANSFORM%", transform, "%RESOURCES%", resources, "%METHOD%", method).Replace(stackTemplate))
}

// put is another macro, which adds a method of the same API and function.
func put(event []byte) ([]byte, error) {
	const method = `,"Put":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},` +
		`"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"HttpMethod":"PUT","Integration":{"Type":"AWS_PROXY",` +
		`"Uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}}}}`
	text := string(event)
	begin := strings.Index(text, `"fragment":`) + len(`"fragment":`)
	end := strings.Index(text, `,"transformId"`)
	id := text[strings.Index(text, `"requestId":`):]
	id = id[:strings.IndexByte(id, ',')]
	fragment := strings.Replace(text[begin:end], `,"Get":`, method+`,"Get":`, 1)
	return []byte(`{` + id + `,"status":"success","fragment":` + fragment + `}`), nil
}

// The executable as a macro of a stack: what CloudFormation would deploy, or
// tell the user.
func TestStack(t *testing.T) {
	p := program.Start(t)
	tests := []struct {
		name, transform, resources, method string
		width                              string
		want                               []string // lines of want.txt
		failure                            string
	}{
		{name: "by name", transform: `"Transform": "GrantInvoke",`, want: []string{"PERM Fn | Api/*/GET/"}},
		{name: "a parameter of the transform refers to one of the template", width: "api",
			transform: `"Transform": {"Name": "GrantInvoke", "Parameters": {"Scope": {"Ref": "Width"}}},`, want: []string{"PERM Fn | Api/*"}},
		{name: "at Resources level", resources: `"Fn::Transform": "GrantInvoke",`, want: []string{"PERM Fn | Api/*/GET/"}},
		{name: "after another macro", transform: `"Transform": ["Put", "GrantInvoke"],`, want: []string{"PERM Fn | Api/*/GET/", "PERM Fn | Api/*/PUT/"}},
		{name: "before another macro", transform: `"Transform": ["GrantInvoke", "Put"],`, want: []string{"PERM Fn | Api/*/GET/"}},
		{name: "before and after", transform: `"Transform": ["GrantInvoke", "Put", "GrantInvoke"],`, want: []string{"PERM Fn | Api/*/GET/", "PERM Fn | Api/*/PUT/"}},
		{name: "at both places", transform: `"Transform": ["GrantInvoke"],`, resources: `"Fn::Transform": {"Name": "GrantInvoke"},`, want: []string{"PERM Fn | Api/*/GET/"}},
		{name: "a role for a method", method: `"Fn::Transform": {"Name": "GrantInvoke", "Parameters": {"Grant": "role", "RoleArn": "arn:aws:iam::123456789012:role/apis"}},`,
			want: []string{"CRED Get.Properties.Integration.Credentials | arn:aws:iam::123456789012:role/apis"}},
		{name: "a permission from inside of a method", method: `"Fn::Transform": "GrantInvoke",`,
			failure: "Transform 123456789012::GrantInvoke failed with: Fn::Transform in AWS::ApiGateway::Method: "},
		{name: "an unknown option", transform: `"Transform": {"Name": "GrantInvoke", "Parameters": {"Grants": "role"}},`,
			failure: "Transform 123456789012::GrantInvoke failed with: Transform.Parameters.Grants: unknown option; hint: did you mean Grant? valid options are Services, Grant, "},
		{name: "a wrong value", width: "wide", transform: `"Transform": {"Name": "GrantInvoke", "Parameters": {"Scope": {"Ref": "Width"}}},`,
			failure: `Transform 123456789012::GrantInvoke failed with: Transform.Parameters.Scope: "wide" is no valid value; hint: valid values are route, api`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stack := cloudformation.Stack{Macros: map[string]cloudformation.Macro{"GrantInvoke": macro(t, p), "Put": put}}
			if tt.width != "" {
				stack.Parameters = map[string]string{"Width": tt.width}
			}
			got, err := stack.Process(filled(tt.transform, tt.resources, tt.method))
			var failure *cloudformation.Failure
			switch {
			case tt.failure != "":
				if !errors.As(err, &failure) || !strings.HasPrefix(failure.Reason, tt.failure) {
					t.Errorf("got %v\nwant %s", err, tt.failure)
				}
			case err != nil:
				t.Error(err)
			default:
				wantGrants(t, filled("", "", ""), got, tt.want)
			}
		})
	}
}

// macro is the executable, as CloudFormation calls it.
func macro(t *testing.T, p *runtimeapi.Process) cloudformation.Macro {
	return func(event []byte) ([]byte, error) {
		answer, err := p.Invoke(t.Context(), event)
		if err == nil && answer.FunctionError {
			err = errors.New(string(answer.Payload))
		}
		return answer.Payload, err
	}
}

// wantGrants compares what a processed template has more than the template it
// was made of, members put by the other macro left out.
func wantGrants(t *testing.T, in, out []byte, want []string) {
	t.Helper()
	v := jsontext.Value(in)
	if err := v.Compact(); err != nil { // as CloudFormation sends it
		t.Fatal(err)
	}
	var got []string
	for _, line := range golden.Grants(t, v, out) {
		if line != "RESOURCE AWS::ApiGateway::Method" {
			got = append(got, line)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
