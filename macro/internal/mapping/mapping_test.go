package mapping_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/grantinvoke/grantinvoke/macro/internal/mapping"
)

// read reads the value of the text's last key and returns the name and value of each entry:
// with + those from a merge key, with ! those that are there twice.
func read(t *testing.T, text string) (string, error) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	root := doc.Content[0]
	n := root.Content[len(root.Content)-1]
	visits := 0
	r := mapping.Reader{
		Name: func(key *yaml.Node) (string, error) { return mapping.Target(key).Value, nil },
		Visit: func(*yaml.Node) error {
			if visits++; visits > 1000 {
				return errors.New("too many")
			}
			return nil
		},
		Twice: func(name string, first, again *yaml.Node) error {
			if name == "never" {
				return fmt.Errorf("%s: lines %d and %d", name, first.Line, again.Line)
			}
			return nil
		},
		Fail: func(n *yaml.Node, what, _ string) error { return fmt.Errorf("%d: %s", n.Line, what) },
		Open: map[*yaml.Node]bool{n: true},
	}
	entries, err := r.Entries(n)
	var all []string
	for _, e := range entries {
		s := e.Name + "=" + mapping.Target(e.Value).Value
		if e.Merge != nil {
			s = "+" + s
		}
		if e.Twice {
			s = "!" + s
		}
		all = append(all, s)
	}
	return strings.Join(all, " "), err
}

func TestEntries(t *testing.T) {
	const base = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n"
	for in, want := range map[string]string{
		"z: {}":                                 "",
		"z: {a: 1, b: 2}":                       "a=1 b=2",
		base + "z: {<<: *x}":                    "+a=1 +b=2",
		base + "z: {b: 0, <<: *x}":              "+a=1 b=0",
		base + "z: {<<: [*x, *y]}":              "+b=2 +c=4 +a=1",
		base + "z: {<<: [*y, *x], d: 5}":        "+a=1 +b=3 +c=4 d=5",
		base + "z: {<<: [*x, {e: 6, <<: *y}]}":  "+b=2 +c=4 +e=6 +a=1",
		"z: {a: 1, b: 2, a: 3}":                 "b=2 !a=3",
		"z: {'<<': 1, \"<<\": 2}":               "!<<=2",
		"x: &x {a: 1, a: 2}\nz: {<<: *x, b: 3}": "!+a=2 b=3",
	} {
		if got, err := read(t, in); err != nil || got != want {
			t.Errorf("%s\n%s (%v), want %s", in, got, err, want)
		}
	}
}

func TestEntriesErrors(t *testing.T) {
	laughs := "a0: &a0 {k: v}\n"
	for i := range 9 {
		laughs += fmt.Sprintf("a%d: &a%d {k%d: v, <<: [%s*a%d]}\n", i+1, i+1, i, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	for in, want := range map[string]string{
		"z:\n  <<: text":               "2: a merge key takes mappings only",
		"z:\n  <<: [{a: 1}, [b]]":      "2: a merge key takes mappings only",
		"z: &z\n  <<: *z":              "2: a merge key merges a mapping into itself",
		"z: &z\n  <<: [{<<: *z}]":      "2: a merge key merges a mapping into itself",
		"z:\n  never: 1\n  never: 2":   "never: lines 2 and 3",
		laughs + "z: {<<: [*a9, *a9]}": "too many",
	} {
		if got, err := read(t, in); err == nil || err.Error() != want {
			t.Errorf("%.40s\n%s, %v; want %s", in, got, err, want)
		}
	}
}
