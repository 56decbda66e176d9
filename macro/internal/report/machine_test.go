package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// conforms checks a value against as much of JSON Schema as the schema uses,
// and that it has no member which the schema doesn't describe.
func conforms(t *testing.T, defs map[string]any, schema map[string]any, v any, at string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	if ref, ok := schema["$ref"].(string); ok {
		for name := range conforms(t, defs, defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), v, at+"^") {
			known[name] = true
		}
	}
	if want, ok := schema["const"]; ok && want != v {
		t.Errorf("%s: %v instead of %v", at, v, want)
	}
	if enum, ok := schema["enum"].([]any); ok && !strings.Contains(fmt.Sprintf("%q", enum), fmt.Sprintf("%q", v)) {
		t.Errorf("%s: %v is none of %v", at, v, enum)
	}
	kinds := map[string]bool{"object": false, "array": false, "string": false, "integer": false, "boolean": false}
	switch x := v.(type) {
	case map[string]any:
		kinds["object"] = true
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := x[name.(string)]; !ok {
				t.Errorf("%s: has no %s", at, name)
			}
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, p := range properties {
			known[name] = true
			if inner, ok := x[name]; ok {
				conforms(t, defs, p.(map[string]any), inner, at+"/"+name)
			}
		}
		if others, ok := schema["additionalProperties"].(map[string]any); ok {
			for name, inner := range x {
				if !known[name] {
					conforms(t, defs, others, inner, at+"/"+name)
				}
				known[name] = true
			}
		}
		if !strings.HasSuffix(at, "^") {
			for name := range x {
				if !known[name] {
					t.Errorf("%s/%s: is not in the schema", at, name)
				}
			}
		}
	case []any:
		kinds["array"] = true
		for i, item := range x {
			conforms(t, defs, schema["items"].(map[string]any), item, fmt.Sprintf("%s/%d", at, i))
		}
	case string:
		kinds["string"] = true
	case float64:
		kinds["integer"] = x == float64(int(x))
	case bool:
		kinds["boolean"] = true
	}
	if kind, ok := schema["type"].(string); ok && !kinds[kind] {
		t.Errorf("%s: %v is no %s", at, v, kind)
	}
	return known
}

func TestJSONSchema(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal([]byte(Schema), &schema); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := JSON(&b, []Template{decided(t, sample, false), Failure("x", fmt.Errorf("broken"), true, nil)}, Options{}); err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	conforms(t, schema["$defs"].(map[string]any), schema, doc, "")
	// Nothing at all is a document too.
	b.Reset()
	if err := JSON(&b, nil, Options{}); err != nil || !strings.Contains(b.String(), `"templates": []`) {
		t.Errorf("no templates: %v %s", err, b.String())
	}
}

func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	x := decided(t, sample, false)
	if err := SARIF(&b, []Template{x, Failure("/abs/x.yaml", fmt.Errorf("broken"), false, nil)}, Options{Version: "v1.2.3"}); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	d := json.NewDecoder(&b)
	d.DisallowUnknownFields()
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	rules := run.Tool.Driver.Rules
	if len(run.Results) != len(x.Findings) {
		t.Errorf("%d results of %d findings", len(run.Results), len(x.Findings))
	}
	fingerprints := map[string]bool{}
	for _, r := range run.Results {
		if r.RuleIndex < 0 || rules[r.RuleIndex].ID != r.RuleID || r.Level != rules[r.RuleIndex].Configuration.Level {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
		p := r.Locations[0].Physical
		if p.Artifact.URI != "a%20b/api.json" || p.Region == nil || p.Region.StartLine < 1 {
			t.Errorf("location %+v", p)
		}
		fingerprints[r.Fingerprints["grantinvoke/v1"]] = true
	}
	if len(fingerprints) != len(run.Results) {
		t.Errorf("%d fingerprints of %d results", len(fingerprints), len(run.Results))
	}
	for _, r := range rules {
		if r.ShortDescription.Text == "" || r.Help.Text == "" || !strings.Contains("note warning error", r.Configuration.Level) {
			t.Errorf("rule %+v", r)
		}
	}
	if run.Invocations[0].Successful || run.Invocations[0].Notifications[0].Locations[0].Physical.Artifact.URI != "file:///abs/x.yaml" {
		t.Errorf("invocation %+v", run.Invocations[0])
	}
}

func TestFileURI(t *testing.T) {
	for name, want := range map[string]string{"-": "stdin", "./a.yaml": "a.yaml", "a b#c?.yaml": "a%20b%23c%3F.yaml", "/x/y.yaml": "file:///x/y.yaml",
		"a:b.yaml": "./a:b.yaml"} {
		if got := fileURI(name); got != want {
			t.Errorf("fileURI(%q) = %q, want %q", name, got, want)
		}
	}
}
