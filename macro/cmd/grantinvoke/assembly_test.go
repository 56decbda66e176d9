package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The name of an asset's file comes from the manifest, or from the key.
func TestAssets(t *testing.T) {
	const manifest = `{"files":{"a":{"source":{"path":"one.yaml","packaging":"file"},"destinations":{"x":{"objectKey":"k/a.json"},"y":{"objectKey":"b"}}},
		"z":{"source":{"path":"dir","packaging":"zip"},"destinations":{"x":{"objectKey":"z.json"}}},"odd":{"source":1,"destinations":[]},"none":null}}`
	dir := filepath.Join(t.TempDir(), "cdk[1].out") // no pattern
	leave(t, dir, "App.assets.json", manifest)
	leave(t, dir, "asset.abc.yaml", "a: 1")
	leave(t, dir, "asset.zip", "")
	a := &assembly{dir: dir}
	for key, want := range map[string]string{"k/a.json": "one.yaml", "b": "one.yaml", "z.json": "", "abc.json": "asset.abc.yaml", "p/abc.json": "asset.abc.yaml",
		"zip": "asset.zip", "abd.json": "", "": "", "..": "", `..\x`: "", "/": ""} {
		if got := a.file(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

func leave(t testing.TB, dir, name, text string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Whatever a manifest has, reading it ends, and no template outside of its
// folder is one of its own.
func FuzzAssembly(f *testing.F) {
	f.Add(`{"artifacts":{"A":{"properties":{"templateFile":"t.json"},"metadata":{"/A/B":[{"type":"aws:cdk:logicalId","data":"B"}]}},"S":{"properties":{"directoryName":"."}},"M":{"additionalMetadataFile":"manifest.json"}}}`)
	f.Add(`{"artifacts":{"A":{"properties":{"templateFile":"../t.json","directoryName":"../x"}}}}`)
	f.Add(`{"files":{"a":{"source":{"path":"a"},"destinations":{"x":{"objectKey":"k"}}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		leave(t, dir, manifest, text)
		leave(t, dir, "A.assets.json", text)
		a := &assembly{dir: dir}
		a.file("k")
		a.construct("t.json", "B")
		cloudAssembly(filepath.Join(dir, manifest), func(name string, _ bool) {
			if !strings.HasPrefix(filepath.Clean(name), dir) {
				t.Errorf("%s is outside of %s", name, dir)
			}
		})
	})
}
