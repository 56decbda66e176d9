package expand

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// A fixture is "stacks" with a line "name file Nested=file ..." for each, the
// files, "values" with Stack/Name=Value a line, and what comes of it:
// "composed" and "places". UPDATE=1 rewrites that.
func TestCompose(t *testing.T) {
	paths, err := filepath.Glob("testdata/compose/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			before := txtar.Format(a)
			stacks, names := stacksOf(t, a)
			app, err := Compose(stacks...)
			if err != nil {
				t.Fatal(err)
			}
			composed := jsontext.Value(app.JSON)
			if err := composed.Indent(jsontext.WithIndent(" ")); err != nil {
				t.Fatalf("%v\n%s", err, app.JSON)
			}
			set(a, "composed", string(composed)+"\n")
			if i := find(a, "places"); i >= 0 {
				var b bytes.Buffer
				for line := range strings.Lines(string(a.Files[i].Data)) {
					p, _, _ := strings.Cut(strings.TrimSpace(line), " -> ")
					stack, at := app.Place(jsontext.Pointer(p))
					fmt.Fprintf(&b, "%s -> %s#%s\n", p, names[stack], at)
				}
				a.Files[i].Data = b.Bytes()
			}
			if got := txtar.Format(a); os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(before), string(got)); diff != "" {
				t.Errorf("(-want +got); hint: UPDATE=1\n%s", diff)
			}
		})
	}
}

func stacksOf(t testing.TB, a *txtar.Archive) (stacks []*Stack, names map[*Stack]string) {
	t.Helper()
	names = map[*Stack]string{}
	byFile := map[string]*Stack{}
	stack := func(file string) *Stack {
		if s := byFile[file]; s != nil {
			return s
		}
		s := &Stack{JSON: long(t, a.Files[find(a, file)]), Parameters: map[string]string{}, Nested: map[string]*Stack{}}
		byFile[file], names[s] = s, file
		if dir := filepath.ToSlash(filepath.Dir(file)); dir != "." {
			s.Dir = dir
		}
		return s
	}
	for line := range strings.Lines(string(a.Files[find(a, "stacks")].Data)) {
		words := strings.Fields(line)
		s := stack(words[1])
		if words[0] != "-" {
			s.Name = words[0]
		}
		for _, w := range words[2:] {
			id, file, _ := strings.Cut(w, "=")
			inner := stack(file)
			inner.Name = id
			s.Nested[id] = inner
		}
		if !strings.HasPrefix(line, " ") {
			stacks = append(stacks, s)
		}
	}
	if i := find(a, "values"); i >= 0 {
		for line := range strings.Lines(string(a.Files[i].Data)) {
			file, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			name, value, _ := strings.Cut(rest, "=")
			byFile[file].Parameters[name] = value
		}
	}
	return stacks, names
}

// A stack that contains itself ends.
func TestComposeItself(t *testing.T) {
	s := &Stack{Name: "A", JSON: []byte(`{"Resources":{"A":{"Type":"AWS::CloudFormation::Stack","Properties":{"Parameters":{"P":{"Ref":"P"}}}}},"Parameters":{"P":{"Type":"String"}},"Outputs":{"O":{"Value":{"Fn::GetAtt":["A","Outputs.O"]}}}}`)}
	s.Nested = map[string]*Stack{"A": s}
	app, err := Compose(s)
	if err != nil || !jsontext.Value(app.JSON).IsValid() {
		t.Errorf("%v", err)
	}
}

// A mistake among the resources, such as a text, stays as it is (FuzzCompose found one
// that lost its value, so that the application was no JSON).
func TestComposeNoResource(t *testing.T) {
	const resources = `"A":"text","B":["list",{"Ref":"P"}],"C":null,"D":1`
	inner := &Stack{Name: "Inner", JSON: []byte(`{"Resources":{"E":"text"}}`)}
	app, err := Compose(&Stack{JSON: []byte(`{"Parameters":{"P":{"Type":"String"}},"Resources":{` + resources + `,"Inner":{"Type":"AWS::CloudFormation::Stack"}}}`), Nested: map[string]*Stack{"Inner": inner}})
	if err != nil || !jsontext.Value(app.JSON).IsValid() || !bytes.Contains(app.JSON, []byte(resources)) || !bytes.Contains(app.JSON, []byte(`"Inner/E":"text"`)) {
		t.Errorf("%v: %s", err, app.JSON)
	}
}

func FuzzCompose(f *testing.F) {
	paths, err := filepath.Glob("testdata/compose/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		stacks, _ := stacksOf(f, a)
		for _, s := range stacks {
			for id, inner := range s.Nested {
				f.Add(s.JSON, inner.JSON, id)
			}
		}
	}
	f.Fuzz(func(t *testing.T, parent, child []byte, id string) {
		if len(parent)+len(child) > 20_000 {
			return
		}
		inner := &Stack{JSON: child, Name: id}
		app, err := Compose(&Stack{JSON: parent, Nested: map[string]*Stack{id: inner}})
		if err != nil {
			return
		}
		d := jsontext.NewDecoder(bytes.NewBuffer(app.JSON), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		for n := 0; n < 2000; n++ {
			if _, err := d.ReadToken(); err != nil {
				if err.Error() != "EOF" {
					t.Fatalf("%v: %s", err, app.JSON)
				}
				return
			}
			if stack, _ := app.Place(d.StackPointer()); stack == nil {
				t.Fatalf("%s is of no stack", d.StackPointer())
			}
		}
	})
}
