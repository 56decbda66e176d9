package main

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/sample"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// BenchmarkInvoke is the whole job, event in and response out, beside what
// bounds it from below and what others do: compare with benchstat, or read the
// ratios that `make bench` prints.
func BenchmarkInvoke(b *testing.B) {
	h := transform.Handler{}
	for _, s := range sample.All() {
		run := func(name string, f func()) {
			b.Run(name+"/"+s.Name, func(b *testing.B) {
				b.SetBytes(int64(len(s.Event)))
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
		}
		run("macro", func() {
			if out, _ := h.Invoke(context.Background(), s.Event); !bytes.Contains(out[:200], []byte(`"success"`)) {
				b.Fatalf("%.200s", out)
			}
		})
		run("validate", func() {
			if !jsontext.Value(s.Event).IsValid() {
				b.Fatal("not valid")
			}
		})
		run("copy", func() { bytes.Clone(s.Event) })
		run("maps", func() {
			var v map[string]any
			if err := json.Unmarshal(s.Event, &v); err != nil {
				b.Fatal(err)
			}
			if _, err := json.Marshal(v); err != nil {
				b.Fatal(err)
			}
		})
	}
}
