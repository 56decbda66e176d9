package cloudformation

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The texts of protocol failures as recorded on AWS on 2023-01-30.
func TestFailures(t *testing.T) {
	respond := func(fields ...field) Macro {
		return func(event []byte) ([]byte, error) {
			return object(append([]field{{"requestId", member(members(event), "requestId")}}, fields...)), nil
		}
	}
	says := func(response string) Macro {
		return func([]byte) ([]byte, error) { return []byte(response), nil }
	}
	ok := field{"status", quote("success")}
	const malformed = "Received malformed response from transform 123456789012::M. Rollback requested by user."
	tests := []struct {
		name  string
		macro Macro
		want  string
	}{
		{"a function error", func([]byte) ([]byte, error) { return nil, errors.New("panic") }, malformed},
		{"more than Lambda takes", respond(field{"status", quote("failure")}, field{"errorMessage", quote(strings.Repeat("x", maxPayload))}), malformed},
		{"not JSON", says(`{`), malformed},
		{"a member twice", says(`{"status":"success","status":"success"}`), malformed},
		{"not an object", says(`"success"`), malformed},
		{"another requestId", says(`{"requestId":"1","status":"success","fragment":{}}`), malformed},
		{"no fragment", respond(ok), malformed},
		{"a reason", respond(field{"status", quote("failure")}, field{"errorMessage", quote("GetUsers: no such function")}),
			"Transform 123456789012::M failed with: GetUsers: no such function. Rollback requested by user."},
		{"no reason", respond(field{"status", quote("failure")}),
			"Transform 123456789012::M failed without an error message.. Rollback requested by user."},
		{"no status", respond(field{"fragment", jsontext.Value("{}")}),
			"Transform 123456789012::M failed without an error message.. Rollback requested by user."},
		{"a string for a template", respond(ok, field{"fragment", quote("x")}),
			"Template format error: unsupported structure.. Rollback requested by user."},
		{"null for a template", respond(ok, field{"fragment", jsontext.Value("null")}),
			"Template format error: unsupported structure.. Rollback requested by user."},
		{"other parameters", respond(ok, field{"fragment", jsontext.Value(`{"Parameters":{"P":{"Type":"String","Default":"y"}},"Resources":{}}`)}),
			"Transform 123456789012::M failed: a macro may not change the Parameters section.. Rollback requested by user."},
		{"no parameters any more", respond(ok, field{"fragment", jsontext.Value(`{"Resources":{}}`)}),
			"Transform 123456789012::M failed: a macro may not change the Parameters section.. Rollback requested by user."},
		{"parameters in another order", respond(ok, field{"fragment", jsontext.Value(`{"Resources":{"B":` + bucket + `},"Parameters":{"P":{"Default":"x","Type":"String"}}}`)}), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stack := Stack{Macros: map[string]Macro{"M": tt.macro}}
			_, err := stack.Process([]byte(`{"Transform":"M","Parameters":{"P":{"Type":"String","Default":"x"}},"Resources":{"B":` + bucket + `}}`))
			wantError(t, err, tt.want)
			var failure *Failure
			if tt.want != "" && (!errors.As(err, &failure) || failure.Transform != "123456789012::M") {
				t.Errorf("not a failure of the macro: %#v", err)
			}
		})
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What is refused before any macro is called.
func TestRefusals(t *testing.T) {
	const tail = `,"Parameters":{"P":{"Type":"String"}},"Resources":{"B":` + bucket + `}}`
	tests := []struct{ name, template, want string }{
		{"not JSON", `Resources:`, "Template format error: JSON not well-formed."},
		{"a list", `[]`, "Template format error: unsupported structure."},
		{"unknown macro", `{"Transform":"None"` + tail, "No transform named 123456789012::None found."},
		{"a macro that the deployer may not invoke", `{"Transform":"Denied"` + tail, "Failed to execute transform Denied"},
		{"unknown hosted transform", `{"Transform":"AWS::None"` + tail, "No transform named AWS::None found."},
		{"a name by reference", `{"Transform":{"Name":{"Ref":"P"}}` + tail, "Key Name of transform definition must be a string."},
		{"no name", `{"Transform":[{}]` + tail, "Transforms defined as maps require Name key."},
		{"a number", `{"Transform":[1]` + tail, "Template format error: unsupported structure of a transform definition."},
		{"an import", `{"Transform":{"Name":"M","Parameters":{"Arn":{"Fn::ImportValue":"x"}}}` + tail,
			"The value of parameter Arn under transform M must resolve to a string, number, boolean or a list of any of these."},
		{"a resource", `{"Transform":{"Name":"M","Parameters":{"Arn":{"Ref":"B"}}}` + tail,
			"The value of parameter Arn under transform M must resolve to a string, number, boolean or a list of any of these."},
		{"a map", `{"Transform":{"Name":"M","Parameters":{"Arn":{"a":1,"b":2}}}` + tail,
			"The value of parameter Arn under transform M must resolve to a string, number, boolean or a list of any of these."},
		{"a list in a list", `{"Transform":{"Name":"M","Parameters":{"Arn":[["x"]]}}` + tail,
			"The value of parameter Arn under transform M must resolve to a string, number, boolean or a list of any of these."},
		{"null", `{"Transform":{"Name":"M","Parameters":{"Arn":null}}` + tail,
			"The value of parameter Arn under transform M must resolve to a string, number, boolean or a list of any of these."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stack := Stack{Parameters: map[string]string{"P": "x"}, Macros: map[string]Macro{"M": identity,
				"Denied": func([]byte) ([]byte, error) { return nil, fmt.Errorf("invoke: %w", ErrDenied) }}}
			_, err := stack.Process([]byte(tt.template))
			wantError(t, err, tt.want)
			var refusal Refusal
			if !errors.As(err, &refusal) {
				t.Errorf("not a refusal: %#v", err)
			}
		})
	}
}

// What macros made of the template must be fit to deploy.
func TestProcessedTemplate(t *testing.T) {
	resources := func(s string) string { return `{"Resources":{` + s + `}}` }
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"R%d":%s`, i, bucket)
		}
		return resources(b.String()[1:])
	}
	tests := []struct{ name, template, want string }{
		{"500 resources", many(500), ""},
		{"501 resources", many(501), "Template format error: Number of resources, 501, is greater than maximum allowed, 500"},
		{"no resources", `{"Description":"x"}`, "Template format error: At least one Resources member must be defined."},
		{"too big", resources(`"A":{"Type":"X","Properties":{"P":"` + strings.Repeat("x", maxSize) + `"}}`), "Transformation data limit exceeded"},
		{"a name", resources(`"A-B":` + bucket), "Template format error: Resource name A-B is non alphanumeric."},
		{"a long name", resources(`"` + strings.Repeat("A", 256) + `":` + bucket),
			"Template format error: Resource name " + strings.Repeat("A", 256) + " is longer than 255 characters."},
		{"no type", resources(`"A":{"Properties":{}}`), "Template format error: [/Resources/A] Every Resources object must contain a Type member."},
		{"an array", resources(`"A":[]`), "Template format error: [/Resources/A] resource definition is malformed"},
		{"pseudo parameters", resources(`"A":{"Type":"X","Properties":{"P":{"Fn::Sub":"${AWS::Region}${!Not}"},"Q":{"Ref":"AWS::NoValue"}}}`), ""},
		{"names in a Sub's own map", resources(`"A":{"Type":"X","Properties":{"P":{"Fn::Sub":["${Here}",{"Here":{"Ref":"B"}}]}}},"B":` + bucket), ""},
		{"a dangling Ref", resources(`"A":{"Type":"X","Properties":{"P":{"Ref":"B"}}}`),
			"Template format error: Unresolved resource dependencies [B] in the Resources block of the template"},
		{"a dangling GetAtt", resources(`"A":{"Type":"X","Properties":{"P":{"Fn::GetAtt":["B","Arn"]},"Q":{"Fn::GetAtt":"C.Arn"}}}`),
			"Template format error: Unresolved resource dependencies [B, C] in the Resources block of the template"},
		{"a dangling Sub", resources(`"A":{"Type":"X","Properties":{"P":{"Fn::Sub":"x${B.Arn}"},"Q":{"Fn::Sub":["${C}${D}",{"D":"x"}]}}}`),
			"Template format error: Unresolved resource dependencies [B, C] in the Resources block of the template"},
		{"a dangling DependsOn", resources(`"A":{"Type":"X","DependsOn":["B"]},"C":{"Type":"X","DependsOn":"D"}`),
			"Template format error: Unresolved resource dependencies [B, D] in the Resources block of the template"},
		{"a condition", resources(`"A":{"Type":"X","Condition":"IsProd"}`),
			"Template format error: Unresolved condition dependency IsProd in the Resources block of the template"},
		{"a condition of an If", resources(`"A":{"Type":"X","Properties":{"P":{"Fn::If":["IsProd",1,2]}}}`),
			"Template format error: Unresolved condition dependency IsProd in the Resources block of the template"},
		{"a dangling output", `{"Resources":{"A":` + bucket + `},"Outputs":{"O":{"Value":{"Fn::GetAtt":["B","Arn"]}},"P":{"Value":{"Ref":"A"}}}}`,
			"Template format error: Unresolved resource dependencies [B] in the Outputs block of the template"},
		{"a circular dependency", resources(`"A":{"Type":"X","Properties":{"P":{"Ref":"B"}}},"B":{"Type":"X","DependsOn":"C"},"C":{"Type":"X","Properties":{"P":{"Fn::Sub":"${A.Arn}"}}},"D":{"Type":"X","DependsOn":"A"}`),
			"Circular dependency between resources: [A, B, C]"},
		{"itself", resources(`"A":{"Type":"X","Properties":{"P":{"Ref":"A"}}}`), "Circular dependency between resources: [A]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stack Stack
			_, err := stack.Process([]byte(tt.template))
			if tt.want != "" {
				tt.want += ". Rollback requested by user."
			}
			wantError(t, err, tt.want)
		})
	}
}

// A macro that returns a macro call: CloudFormation makes no second pass.
func TestMacroWithinMacro(t *testing.T) {
	stack := Stack{Macros: map[string]Macro{"M": func(event []byte) ([]byte, error) {
		return success(event, jsontext.Value(`{"Resources":{"B":{"Type":"X","Properties":{"Fn::Transform":"M"}}}}`)), nil
	}}}
	_, err := stack.Process([]byte(`{"Transform":"M","Resources":{"B":` + bucket + `}}`))
	wantError(t, err, "Template format error: a macro returned an Fn::Transform. Rollback requested by user.")
}
