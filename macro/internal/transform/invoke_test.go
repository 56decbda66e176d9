package transform

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// FuzzInvoke gives the handler anything at all: it answers with one JSON
// object that has a status, and what it adds once it doesn't add again.
func FuzzInvoke(f *testing.F) {
	files, err := filepath.Glob("../../../events/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no sample events: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)/2])
		f.Add(bytes.ReplaceAll(b, []byte(`"Ref"`), []byte(`"Fn::If"`)))
		f.Add(bytes.ReplaceAll(b, []byte(`"params": {}`), []byte(`"params": {"Grant": "role"}`)))
	}
	f.Add([]byte(`{"requestId": {"a": [1]}, "fragment": {"Resources": {"A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": "{\"paths\": []}"}}}}}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		answer := answerOf(t, payload)
		status, _ := answer.Get("status").Text()
		fragment := answer.Get("fragment")
		switch {
		case status == "failure":
			if text, ok := answer.Get("errorMessage").Text(); !ok || text == "" {
				t.Fatalf("a failure without a message: %s", answer.Raw())
			}
		case status != "success" || !fragment.Exists():
			t.Fatalf("no answer of a macro: %s", answer.Raw())
		default:
			again := answerOf(t, withFragment(template.Index(payload).Root(), fragment.Raw()))
			if got := again.Get("fragment").Raw(); got != fragment.Raw() {
				t.Fatalf("a second pass changes\n%s\nto\n%s", fragment.Raw(), got)
			}
		}
	})
}

// withFragment is the event with another fragment.
func withFragment(event template.Value, fragment string) []byte {
	out := []byte(`{"fragment":` + fragment)
	for name, v := range event.Members() {
		if name != "fragment" {
			out = append(template.AppendQuote(append(out, ','), name), ':')
			out = append(out, v.Raw()...)
		}
	}
	return append(out, '}')
}

func answerOf(t *testing.T, payload []byte) template.Value {
	t.Helper()
	out, err := Handler{}.Invoke(context.Background(), bytes.Clone(payload))
	if err != nil {
		t.Fatal(err)
	}
	if !jsontext.Value(out).IsValid() {
		t.Fatalf("no JSON: %s", out)
	}
	return template.Index(out).Root()
}
