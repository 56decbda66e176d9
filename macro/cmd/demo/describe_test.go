package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDescribe(t *testing.T) {
	const fragment = `{"Resources":{"F":{"Type":"T"},"M":{"Type":"T","Properties":{"I":{"Uri":"u"},"L":[1,2]}}}}`
	success := func(fragment string) string { return `{"status":"success","fragment":` + fragment + `}` }
	tests := []struct{ name, response, want string }{
		{"nothing", success(fragment), "nothing to add: same bytes back\n"},
		{"a failure", `{"status":"failure","errorMessage":"M.Uri: no"}`, "Transform 1::G failed with: M.Uri: no\n"},
		{"a permission", success(`{"Resources":{"F":{"Type":"T"},"M":{"Type":"T","Properties":{"I":{"Uri":"u"},"L":[1,2]}},
			"P":{"Type":"AWS::Lambda::Permission","Condition":"C","Properties":{"FunctionName":{"Fn::GetAtt":["F","Arn"]},"SourceArn":{"Fn::Sub":"arn:${Api}/*/GET/"}}}}}`),
			"+ P  AWS::Lambda::Permission\n    condition   C\n    function    F.Arn\n    source ARN  arn:${Api}/*/GET/\n"},
		{"a permission for another service", success(`{"Resources":{"F":{"Type":"T"},"M":{"Type":"T","Properties":{"I":{"Uri":"u"},"L":[1,2]}},
			"P":{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Ref":"F"},"Principal":"s3.amazonaws.com","SourceAccount":{"Ref":"AWS::AccountId"}}}}}`),
			"+ P  AWS::Lambda::Permission\n    function    F\n    called by   s3.amazonaws.com\n    account     AWS::AccountId\n"},
		{"a whole policy", success(`{"Resources":{"F":{"Type":"T"},"M":{"Type":"T","Properties":{"I":{"Uri":"u"},"L":[1,2]}},
			"P":{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["F","Arn"]},"PolicyDocument":{"Statement":[{"Principal":{"Service":"sns.amazonaws.com"},
			"Condition":{"ArnLike":{"aws:SourceArn":[{"Ref":"A"},{"Ref":"B"}]}}}]}}}}}`),
			"+ P  AWS::Lambda::ResourcePolicy\n    function    F.Arn\n    called by   sns.amazonaws.com\n    source ARN  A\n    source ARN  B\n"},
		{"a role", success(`{"Resources":{"F":{"Type":"T"},"M":{"Type":"T","Properties":{"I":{"Uri":"u","Credentials":{"Fn::GetAtt":["R","Arn"]}},"L":[1,2]}},
			"R":{"Type":"AWS::IAM::Role","Properties":{"Policies":[{"PolicyDocument":{"Statement":[{"Resource":[{"Ref":"F"},"x"]},{"Resource":"y"}]}}]}}}}`),
			"+ /Resources/M/Properties/I/Credentials: R.Arn\n+ R  AWS::IAM::Role\n    may invoke  F\n    may invoke  x\n    may invoke  y\n"},
		{"another value, one gone, one more in a list", success(`{"Resources":{"M":{"Type":"T","Properties":{"I":{"Uri":{"a":  1}},"L":[1,2,3]}}}}`),
			"- /Resources/F\n~ /Resources/M/Properties/I/Uri: {\"a\":1}\n+ /Resources/M/Properties/L/2: 3\n"},
		{"white space alone", success(`{"Resources": {"F":{"Type":"T"},"M":{"Type":"T","Properties":{"I":{"Uri":"u"},"L":[1,2]}}}}`),
			"the same values in other bytes\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := describe([]byte(`{"transformId":"1::G","fragment":`+fragment+`}`), []byte(tt.response))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, response := range []string{``, `[]`, `{"fragment":{}}`, `{"status":1}`} {
		if got, err := describe([]byte(`{}`), []byte(response)); err == nil {
			t.Errorf("the response %q is taken for one: %s", response, got)
		}
	}
}
