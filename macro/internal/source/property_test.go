package source

import (
	"errors"
	"math/rand/v2"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/grantinvoke/grantinvoke/macro/internal/mapping"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Whatever the edits and the shape of the text, Apply writes what they say or
// gives a reason that is not its own weakness.
func TestApplyMeansTheEdits(t *testing.T) {
	for name, text := range seeds(t) {
		t.Run(name, func(t *testing.T) {
			f, err := Read("t", text)
			if err != nil {
				t.Fatal(err)
			}
			applied := 0
			for seed := range uint64(150) {
				r := rand.New(rand.NewPCG(seed, 2))
				err := checkApply(t, f, r, 1+int(seed%4))
				var at *Error
				if errors.As(err, &at) && at.Hint == hintReport && !hasMergeKey(f) {
					t.Errorf("seed %d: %v", seed, err)
				}
				if err == nil {
					applied++
				}
			}
			if applied == 0 {
				t.Error("no edit was possible")
			}
		})
	}
}

// Renaming a key that overrides a merged one is the one edit that the text
// cannot take and that nothing but reading it again can find.
func hasMergeKey(f *File) bool {
	var has func(*yaml.Node) bool
	has = func(n *yaml.Node) bool {
		for i, child := range n.Content {
			if has(child) || n.Kind == yaml.MappingNode && i%2 == 0 && mapping.IsMerge(child) {
				return true
			}
		}
		return false
	}
	return f.doc != nil && has(f.doc.root)
}

// Additions leave every line as it was, where the collection that they join
// has lines of its own.
func TestAdditionsKeepLines(t *testing.T) {
	for name, text := range seeds(t) {
		if name == "no line break after a block" || name == "testdata/apply/noeol.txtar" || name == "old mac" {
			continue // the block scalar's header changes; there are no lines
		}
		t.Run(name, func(t *testing.T) {
			f, err := Read("t", text)
			if err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(150) {
				list := onlyLines(f, edits(rand.New(rand.NewPCG(seed, 3)), f.root, 4))
				got, err := f.Apply(list)
				if err != nil {
					continue
				}
				if line, ok := lost(text, got, f.doc == nil); ok {
					t.Errorf("seed %d: the line %q is gone\n%s\n%+v", seed, line, got, list)
				}
			}
		})
	}
}

// onlyLines keeps the additions to collections that have entries in lines of
// their own.
func onlyLines(f *File, all []template.Edit) []template.Edit {
	var out []template.Edit
	for _, e := range all {
		on, _ := f.root.find(e.At.Parent())
		if e.Op != template.Add || len(on.children) == 0 {
			continue
		}
		last := on.children[len(on.children)-1]
		block := f.doc != nil && on.from.value.Style&yaml.FlowStyle == 0 && !isSplit(on)
		if block || f.doc == nil && layoutOf(f.json, f.root).ownLine(last) {
			out = append(out, e)
		}
	}
	return out
}

// What Apply writes, it reads, and applying nothing changes nothing.
func TestApplyNothing(t *testing.T) {
	for name, text := range seeds(t) {
		f, err := Read("t", text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Apply(nil); err != nil || string(got) != string(text) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}
