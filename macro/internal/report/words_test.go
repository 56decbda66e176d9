package report

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"strings"
	"testing"
)

// texts are all texts of a JSON document.
func texts(v any) (all []string) {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []any:
		for _, item := range x {
			all = append(all, texts(item)...)
		}
	case map[string]any:
		for _, item := range x {
			all = append(all, texts(item)...)
		}
	}
	return all
}

// Every format says the same of a finding, in the same words: its message, and what
// to do.
func TestSameWords(t *testing.T) {
	x := decided(t, sample, false)
	same := func(s string) string { return s }
	decode := func(s string) string {
		var v any
		if err := json.Unmarshal([]byte(s), &v); err != nil {
			t.Fatal(err)
		}
		return strings.Join(texts(v), "\n")
	}
	for _, tt := range []struct {
		name    string
		write   func(io.Writer, []Template, Options) error
		read    func(string) string // what stands in the format's own escapes
		written func(string) string // how the format has a text
	}{
		{"text", Text, same, same},
		{"json", JSON, decode, same},
		{"sarif", SARIF, decode, same},
		{"junit", JUnit, html.UnescapeString, same},
		{"github", GitHub, same, data},
		{"markdown", Markdown, same, inline},
		{"page", HTML, html.UnescapeString, same},
	} {
		var b bytes.Buffer
		if err := tt.write(&b, []Template{x}, Options{}); err != nil {
			t.Fatal(err)
		}
		got := tt.read(b.String())
		for _, f := range x.Findings {
			for _, text := range []string{f.Message(), f.Advice()} {
				if !strings.Contains(got, tt.written(text)) {
					t.Errorf("%s does not say %q of %s", tt.name, text, f.Name)
				}
			}
		}
	}
	if len(x.Findings) < 4 {
		t.Errorf("%d findings", len(x.Findings))
	}
}
