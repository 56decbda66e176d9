package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadParams(t *testing.T) {
	tests := []struct {
		name, text string
		want       map[string]string
		fails      string
	}{
		{"create-stack", `[{"ParameterKey":"A","ParameterValue":"1"},{"ParameterKey":"B","UsePreviousValue":true}]`, map[string]string{"A": "1"}, ""},
		{"deploy", `["A=1","B=x=y"]`, map[string]string{"A": "1", "B": "x=y"}, ""},
		{"pipeline", `{"Parameters":{"A":"1"},"StackPolicy":{}}`, map[string]string{"A": "1"}, ""},
		{"plain", `{"A":"1","B":2,"C":true,"D":["x","y"]}`, map[string]string{"A": "1", "B": "2", "C": "true", "D": "x,y"}, ""},
		{"a parameter that is called so", `{"Parameters":"x"}`, map[string]string{"Parameters": "x"}, ""},
		{"byte order mark", "\ufeff{}", map[string]string{}, ""},
		{"number text", `{"A":1.50}`, map[string]string{"A": "1.50"}, ""},
		{"words", "A=1 B=\"x \\\"y\\\" \\\\z\"\r\n\n# A=2\nC='a \"b\"' D=\nE=x=y#z\n", map[string]string{
			"A": "1", "B": `x "y" \z`, "C": `a "b"`, "D": "", "E": "x=y#z"}, ""},
		{"no word", "A=1\n secret", nil, "line 2: wants Name=Value"},
		{"open quote", "A=\"secret", nil, "line 1: wants Name=Value"},
		{"quote at the end", "A=secret\"x\"", nil, "line 1: wants Name=Value"},
		{"toml", "version = 0.1\n", nil, "line 1: wants Name=Value"},
		{"empty", ``, nil, "is no JSON"},
		{"scalar", `"secret"`, nil, "wants "},
		{"cut", `{"A":"secret`, nil, "no valid JSON at byte 12"},
		{"two", `{} {}`, nil, "more than one"},
		{"object", `{"A":{"secret":1}}`, nil, "A: wants"},
		{"null", `{"A":null}`, nil, "A: wants"},
		{"no key", `[{"ParameterValue":"secret"}]`, nil, "item 1: has no ParameterKey"},
		{"no name", `["secret"]`, nil, "item 1: wants Name=Value"},
		{"item", `[["secret"]]`, nil, "item 1: wants"},
		{"twice", `{"A":"secret","A":"2"}`, nil, "stands twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readParams([]byte(tt.text))
			switch {
			case tt.fails == "" && err != nil:
				t.Fatal(err)
			case tt.fails != "" && (err == nil || !strings.Contains(err.Error(), tt.fails)):
				t.Fatalf("error %v, want %s", err, tt.fails)
			case err != nil && strings.Contains(err.Error(), "secret"):
				t.Fatalf("the error holds a value: %v", err)
			case err == nil:
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// A file that is read is JSON, or has each name before its value.
func FuzzReadParams(f *testing.F) {
	for _, s := range []string{`[{"ParameterKey":"A","ParameterValue":"1"}]`, `["A=1"]`, `{"Parameters":{"A":[1,"b"]}}`, `{"A":1e400}`, `[`, "A=1 B='2'\n#", `A="\""`, `{"A":"\ud800"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readParams(data)
		if err != nil || json.Valid([]byte(strings.TrimPrefix(string(data), "\ufeff"))) {
			return
		}
		for name := range got {
			if !strings.Contains(string(data), name+"=") {
				t.Errorf("%q gives %v", data, got)
			}
		}
	})
}

func TestFlagMessage(t *testing.T) {
	var p pairs
	if err := p.Set("A=x"); err != nil || p.values["A"] != "x" {
		t.Error(err, p)
	}
	if err := p.Set("A=y"); err != nil || p.values["A"] != "y" || len(p.names) != 1 {
		t.Error(err, p)
	}
	for _, s := range []string{"", "=x", "secret"} {
		if err := p.Set(s); err == nil || s != "" && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", s, err)
		}
	}
	c := choices("a", "b")
	if c.String() != "a" || c.Set("c") == nil || c.Set("b") != nil || c.value != "b" {
		t.Errorf("%+v", c)
	}
}
