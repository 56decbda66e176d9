package cloudformation

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

const bucket = `{"Type":"AWS::S3::Bucket"}`

// success answers an event with a fragment.
func success(event []byte, fragment jsontext.Value) []byte {
	return object([]field{
		{"requestId", member(members(event), "requestId")},
		{"status", quote("SUCCESS")},
		{"fragment", fragment},
		{"errorMessage", quote("not read after a success")},
	})
}

func identity(event []byte) ([]byte, error) {
	return success(event, member(members(event), "fragment")), nil
}

// recorder keeps the events of an identity macro.
type recorder struct{ events []string }

func (r *recorder) macro(event []byte) ([]byte, error) {
	r.events = append(r.events, string(event))
	return identity(event)
}

func compact(t *testing.T, s string) string {
	t.Helper()
	v := jsontext.Value(s)
	if err := v.Compact(); err != nil {
		t.Fatal(err)
	}
	return string(v)
}

// The event that a macro on AWS wrote into an SSM parameter (protocol as of
// 2023-01-30), with our account, Region and request id.
func TestEvent(t *testing.T) {
	var r recorder
	stack := Stack{Macros: map[string]Macro{"PrintInternals": r.macro}}
	got, err := stack.Process([]byte(`{
		"Parameters": {"ExampleParameter": {"Type": "String", "Default": "example-value"}},
		"Transform": [{"Name": "PrintInternals", "Parameters": {"Input": "test-input"}}],
		"Resources": {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Ref": "ExampleParameter"}, "Type": "String", "N": 1.0}}}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	fragment := compact(t, `{
		"Parameters": {"ExampleParameter": {"Type": "String", "Default": "example-value"}},
		"Resources": {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Ref": "ExampleParameter"}, "Type": "String", "N": 1.0}}}
	}`)
	if diff := cmp.Diff(fragment, string(got)); diff != "" {
		t.Errorf("processed (-want +got):\n%s", diff)
	}
	want := []string{`{"accountId":"123456789012","fragment":` + fragment +
		`,"transformId":"123456789012::PrintInternals","requestId":"c0f0a710-0000-4000-8000-000000000001"` +
		`,"region":"us-east-1","params":{"Input":"test-input"},"templateParameterValues":{"ExampleParameter":"example-value"}}`}
	if diff := cmp.Diff(want, r.events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// trace returns a macro that writes its name and what it got into calls.
func trace(calls *[]string) Macro {
	return func(event []byte) ([]byte, error) {
		e := members(event)
		id, _ := text(member(e, "transformId"))
		_, name, _ := strings.Cut(id, "::")
		*calls = append(*calls, name+" "+string(member(e, "fragment")))
		return identity(event)
	}
}

// What a call receives, by place, and in which order the calls come.
func TestCalls(t *testing.T) {
	tests := []struct {
		name, template string
		want           []string
	}{
		{"a name", `{"Transform":"A","Resources":{"B":` + bucket + `}}`,
			[]string{`A {"Resources":{"B":` + bucket + `}}`}},
		{"a map", `{"Resources":{"B":` + bucket + `},"Transform":{"Name":"A"}}`,
			[]string{`A {"Resources":{"B":` + bucket + `}}`}},
		{"listed order", `{"Transform":["B",{"Name":"A"}],"Resources":{"B":` + bucket + `}}`,
			[]string{`B {"Resources":{"B":` + bucket + `}}`, `A {"Resources":{"B":` + bucket + `}}`}},
		{"nested before global, as recorded in 2023",
			`{"Transform":["Global","Second"],"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"Fn::Transform":[{"Name":"Snippet"},{"Name":"Snippet2"}],"P":1}}}}`,
			[]string{`Snippet {"P":1}`, `Snippet2 {"P":1}`,
				`Global {"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"P":1}}}}`,
				`Second {"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"P":1}}}}`}},
		{"deepest first", `{"Resources":{"Fn::Transform":"Outer","B":{"Fn::Transform":"Inner","Type":"AWS::S3::Bucket","Properties":{"X":{"Y":{"Fn::Transform":"Deep","Z":0}}}}}}`,
			[]string{`Deep {"Z":0}`, `Inner {"Type":"AWS::S3::Bucket","Properties":{"X":{"Y":{"Z":0}}}}`,
				`Outer {"B":{"Type":"AWS::S3::Bucket","Properties":{"X":{"Y":{"Z":0}}}}}`}},
		{"as a value", `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"Name":{"Fn::Transform":{"Name":"A"}}}}}}`,
			[]string{`A {}`}},
		{"in a body", `{"Resources":{"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"Fn::Transform":"A","swagger":2.0,"paths":{}}}}}}`,
			[]string{`A {"swagger":2.0,"paths":{}}`}},
		{"in a list", `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"L":["x",{"Fn::Transform":"A","Y":null}]}}}}`,
			[]string{`A {"Y":null}`}},
		{"a loop stays folded", `{"Resources":{"B":` + bucket + `,"Q":{"Type":"T","Properties":{"Fn::ForEach::L":["I",["a"],{"${I}":{"Fn::Transform":"A"}}]}}}}`,
			[]string{`A {}`}},
		{"Transform inside a property is data", `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"Transform":"A"}}}}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var calls []string
			stack := Stack{Macros: map[string]Macro{}}
			for _, name := range []string{"A", "B", "Global", "Second", "Snippet", "Snippet2", "Outer", "Inner", "Deep"} {
				stack.Macros[name] = trace(&calls)
			}
			if _, err := stack.Process([]byte(tt.template)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// What a macro returns takes the place of the object that held the call.
func TestResult(t *testing.T) {
	answers := func(fragment string) Macro {
		return func(event []byte) ([]byte, error) { return success(event, jsontext.Value(fragment)), nil }
	}
	tests := []struct{ name, template, fragment, want string }{
		{"more resources", `{"Resources":{"Fn::Transform":"M","A":` + bucket + `}}`,
			`{"A":` + bucket + `,"B":` + bucket + `}`, `{"Resources":{"A":` + bucket + `,"B":` + bucket + `}}`},
		{"siblings go", `{"Resources":{"A":{"Fn::Transform":"M","Type":"X","Metadata":{}}}}`,
			bucket, `{"Resources":{"A":` + bucket + `}}`},
		{"a string for a value", `{"Resources":{"A":{"Type":"X","Properties":{"P":{"Fn::Transform":"M"}}}}}`,
			`"word"`, `{"Resources":{"A":{"Type":"X","Properties":{"P":"word"}}}}`},
		{"a list for a value", `{"Resources":{"A":{"Type":"X","Properties":{"P":{"Fn::Transform":"M"}}}}}`,
			`[1.0,1e400,12345678901234567890]`, `{"Resources":{"A":{"Type":"X","Properties":{"P":[1.0,1e400,12345678901234567890]}}}}`},
		{"sections come and go", `{"Transform":"M","Mappings":{},"Resources":{"A":` + bucket + `}}`,
			`{"Conditions":{},"Resources":{"A":` + bucket + `}}`, `{"Conditions":{},"Resources":{"A":` + bucket + `}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stack := Stack{Macros: map[string]Macro{"M": answers(tt.fragment)}}
			got, err := stack.Process([]byte(tt.template))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("processed (-want +got):\n%s", diff)
			}
		})
	}
}

// A snippet is in place when a macro of the Transform section runs, and its
// members win over the author's.
func TestInclude(t *testing.T) {
	var r recorder
	stack := Stack{
		Parameters: map[string]string{"Files": "files"},
		Macros: map[string]Macro{
			"M": r.macro,
			"AWS::Include": Include(func(location string) ([]byte, error) {
				if location != "s3://files/api.json" {
					return nil, fmt.Errorf("nothing at %s", location)
				}
				return []byte(`{"paths": {"/a": {}}, "info": {"title": "theirs"}}`), nil
			}),
		},
	}
	template := `{"Transform":"M","Parameters":{"Files":{"Type":"String"}},"Resources":{"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{
		"swagger":"2.0","info":{"title":"mine"},
		"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":{"Fn::Sub":"s3://${Files}/api.json"}}}}}}}}`
	got, err := stack.Process([]byte(template))
	if err != nil {
		t.Fatal(err)
	}
	want := `"Body":{"swagger":"2.0","paths":{"/a":{}},"info":{"title":"theirs"}}`
	if !strings.Contains(r.events[0], want) || !strings.Contains(string(got), want) {
		t.Errorf("event %s\nprocessed %s\nwant in both %s", r.events[0], got, want)
	}
	_, err = stack.Process([]byte(strings.ReplaceAll(template, "/api.json", "/none.json")))
	if err == nil || err.Error() != "Transform AWS::Include failed with: nothing at s3://files/none.json. Rollback requested by user." {
		t.Errorf("a snippet that isn't there: %v", err)
	}
}

func FuzzProcess(f *testing.F) {
	f.Add([]byte(`{"Transform":"M","Resources":{"A":{"Type":"X","Properties":{"P":{"Fn::Transform":"M","Q":[1.0,null,"é"]}}}}}`))
	f.Add([]byte(`{"Transform":[{"Name":"M","Parameters":{"L":["a",{"Ref":"P"}]}}],"Parameters":{"P":{"Type":"Number","Default":4}},"Resources":{}}`))
	f.Add([]byte(`{"Resources":{"A":{"Type":"X","DependsOn":["B"],"Properties":{"S":{"Fn::Sub":["${A.B}${!C}",{"D":1}]}}}}}`))
	f.Fuzz(func(t *testing.T, template []byte) {
		stack := Stack{Macros: map[string]Macro{"M": identity}}
		got, err := stack.Process(template)
		var failure *Failure
		var refusal Refusal
		if err != nil && !errors.As(err, &failure) && !errors.As(err, &refusal) {
			t.Fatalf("an error of no kind: %v", err)
		}
		if err != nil {
			return
		}
		// Macros that change nothing: the processed template goes through again as it is.
		again, err := stack.Process(got)
		if err != nil || string(again) != string(got) {
			t.Fatalf("once %s\ntwice %s, %v", got, again, err)
		}
	})
}
