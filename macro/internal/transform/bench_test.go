package transform_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// bench runs a function for every sample.
func bench(b *testing.B, f func(event []byte)) {
	for _, s := range sample.All() {
		b.Run(s.Name, func(b *testing.B) {
			b.SetBytes(int64(len(s.Event)))
			b.ReportAllocs()
			for b.Loop() {
				f(s.Event)
			}
		})
	}
}

// The whole job, event in and response out.
func BenchmarkInvoke(b *testing.B) {
	h := transform.Handler{}
	bench(b, func(event []byte) {
		if out, _ := h.Invoke(context.Background(), event); !bytes.Contains(out[:min(len(out), 200)], []byte(`"success"`)) {
			b.Fatalf("%.200s", out)
		}
	})
}

// The same work without the macro: a lower bound, and what others do.

func BenchmarkCopy(b *testing.B) { bench(b, func(event []byte) { bytes.Clone(event) }) }

func BenchmarkValidate(b *testing.B) {
	bench(b, func(event []byte) {
		if !jsontext.Value(event).IsValid() {
			b.Fatal("not valid")
		}
	})
}

func BenchmarkMaps(b *testing.B) {
	bench(b, func(event []byte) {
		var v map[string]any
		d := json.NewDecoder(bytes.NewReader(event))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(v); err != nil {
			b.Fatal(err)
		}
	})
}

// The steps. Each needs a fresh template, so that calls and grants are measured together
// with the index.

var deployed = invoke.Environment{Services: service.All(), Facts: stack.Facts{Region: "us-east-1", Account: "123456789012", Parameters: map[string]string{"Stage": "prod"}}}

func indexed(b *testing.B, event []byte) *template.Template {
	doc, err := template.Parse(event)
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

func fragmentIn(doc *template.Template) *template.Template {
	return doc.Root().Get("fragment").Document()
}

func BenchmarkIndex(b *testing.B) { bench(b, func(event []byte) { indexed(b, event).Release() }) }

func BenchmarkIndexCalls(b *testing.B) {
	bench(b, func(event []byte) {
		doc := indexed(b, event)
		invoke.Find(fragmentIn(doc), deployed)
		doc.Release()
	})
}

func BenchmarkIndexCallsGrants(b *testing.B) {
	bench(b, func(event []byte) {
		doc := indexed(b, event)
		if _, err := engine.Decide(fragmentIn(doc), deployed, option.Options{}); err != nil {
			b.Fatal(err)
		}
		doc.Release()
	})
}

func BenchmarkSplice(b *testing.B) {
	for _, s := range sample.All() {
		t := fragmentIn(indexed(b, s.Event))
		result, err := engine.Decide(t, deployed, option.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.Name, func(b *testing.B) {
			b.SetBytes(int64(t.Size()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.Apply(result.Edits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
