package cloudformation

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Values given, defaults, lists; and what params of the template and pseudo
// parameters become in a transform's own parameters.
func TestParameters(t *testing.T) {
	tests := []struct {
		name, declared, params string
		given                  map[string]string
		wantValues, wantParams string
	}{
		{name: "defaults and values", declared: `{"A":{"Type":"String","Default":"a"},"B":{"Type":"String","Default":"b"}}`,
			params: `{}`, given: map[string]string{"B": "given"},
			wantValues: `{"A":"a","B":"given"}`, wantParams: `{}`},
		{name: "lists", declared: `{"C":{"Type":"CommaDelimitedList","Default":"x, y"},"N":{"Type":"List<Number>","Default":"1,2"}}`,
			params:     `{"L":{"Ref":"C"}}`,
			wantValues: `{"C":["x","y"],"N":["1","2"]}`, wantParams: `{"L":["x","y"]}`},
		{name: "a number", declared: `{"N":{"Type":"Number","Default":4}}`, params: `{"N":{"Ref":"N"},"M":5,"T":true,"S":"true"}`,
			wantValues: `{"N":"4"}`, wantParams: `{"N":"4","M":5,"T":true,"S":"true"}`},
		{name: "pseudo parameters", declared: `{}`,
			params:     `{"A":{"Ref":"AWS::AccountId"},"S":{"Ref":"AWS::StackName"},"P":{"Fn::Sub":"${AWS::Partition}/${AWS::Region}.${AWS::URLSuffix}"},"N":{"Ref":"AWS::NoValue"}}`,
			wantValues: `{}`, wantParams: `{"A":"210987654321","S":"prod","P":"aws-cn/cn-north-1.amazonaws.com.cn"}`},
		{name: "a list of references", declared: `{"A":{"Type":"String","Default":"a"}}`,
			params:     `{"L":[{"Ref":"A"},"b",3]}`,
			wantValues: `{"A":"a"}`, wantParams: `{"L":["a","b",3]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r recorder
			stack := Stack{Name: "prod", Account: "210987654321", Region: "cn-north-1", Parameters: tt.given,
				Macros: map[string]Macro{"M": r.macro}}
			_, err := stack.Process([]byte(`{"Transform":{"Name":"M","Parameters":` + tt.params + `},"Parameters":` + tt.declared +
				`,"Resources":{"B":` + bucket + `}}`))
			if err != nil {
				t.Fatal(err)
			}
			e := members([]byte(r.events[0]))
			if diff := cmp.Diff(tt.wantValues, string(member(e, "templateParameterValues"))); diff != "" {
				t.Errorf("templateParameterValues (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.wantParams, string(member(e, "params"))); diff != "" {
				t.Errorf("params (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParameterValues(t *testing.T) {
	template := []byte(`{"Parameters":{"A":{"Type":"String"},"B":{"Type":"String"}},"Resources":{"B":` + bucket + `}}`)
	_, err := (&Stack{}).Process(template)
	wantError(t, err, "Parameters: [A, B] must have values")
	_, err = (&Stack{Parameters: map[string]string{"A": "", "B": "", "D": "", "C": ""}}).Process(template)
	wantError(t, err, "Parameters: [C, D] do not exist in the template")
}

// A hosted transform is called under its own name, and may bring parameters.
func TestHosted(t *testing.T) {
	var r recorder
	sam := func(event []byte) ([]byte, error) {
		r.events = append(r.events, string(event))
		return success(event, []byte(`{"Parameters":{"P":{"Type":"String","Default":"x"}},"Resources":{"B":`+bucket+`}}`)), nil
	}
	stack := Stack{Macros: map[string]Macro{"AWS::Serverless-2016-10-31": sam, "M": r.macro}}
	_, err := stack.Process([]byte(`{"Transform":["AWS::Serverless-2016-10-31","M"],"Resources":{"F":{"Type":"AWS::Serverless::Function"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.events[0], `"transformId":"AWS::Serverless-2016-10-31"`) ||
		!strings.Contains(r.events[1], `"Type":"AWS::S3::Bucket"`) {
		t.Errorf("events %q", r.events)
	}
}
