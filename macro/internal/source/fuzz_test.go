package source

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// seeds returns the templates of the fixtures.
func seeds(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasPrefix(f.Name, "template.") {
				out[path] = f.Data
			}
		}
	}
	for name, text := range nasty {
		out[name] = []byte(text)
	}
	return out
}

func FuzzRead(f *testing.F) {
	for _, text := range seeds(f) {
		f.Add(text)
		f.Add(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read("t", data)
		if err != nil {
			var at *Error
			if !errors.As(err, &at) || at.Line < 1 || at.Column < 1 || at.Hint == "" {
				t.Fatalf("error without a place or a hint: %v", err)
			}
			return
		}
		if _, err := index(file.JSON()); err != nil {
			t.Fatalf("JSON is not valid: %v\n%s", err, file.JSON())
		}
		again, err := Read("t", file.JSON())
		if err != nil || differ(file.root, again.root) != nil {
			t.Fatalf("JSON reads back otherwise: %v\n%s", err, file.JSON())
		}
		var walk func(*node)
		walk = func(n *node) {
			if p := file.Position(n.pointer()); p.Line < 1 || p.Column < 1 {
				t.Fatalf("%s: position %v", n.pointer(), p)
			}
			for _, child := range n.children {
				walk(child)
			}
		}
		if len(data) < 10_000 {
			walk(file.root)
		}
	})
}

func FuzzApply(f *testing.F) {
	for _, text := range seeds(f) {
		for seed := range uint64(3) {
			f.Add(text, seed, byte(1+2*seed))
			f.Add(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), seed, byte(1+2*seed))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64, n byte) {
		file, err := Read("t", data)
		if err != nil || len(data) > 10_000 {
			return
		}
		checkApply(t, file, rand.New(rand.NewPCG(seed, 1)), int(n%8)+1)
	})
}

// checkApply applies random edits and compares with what package template
// makes of the JSON.
func checkApply(t *testing.T, file *File, r *rand.Rand, n int) error {
	t.Helper()
	list := edits(r, file.root, n)
	before := bytes.Clone(file.text)
	got, err := file.Apply(list)
	if !bytes.Equal(before, file.text) {
		t.Fatal("Apply changed the file")
	}
	if err != nil {
		var at *Error
		if !errors.As(err, &at) || at.Line < 1 {
			t.Fatalf("error without a place: %v", err)
		}
		return err
	}
	checkMeaning(t, file, list, got)
	return nil
}
