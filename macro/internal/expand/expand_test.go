package expand

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A fixture is a template.yaml, the files that it includes, "values" with a
// Name=Value a line, and what comes of it: "expanded" (JSON), "problems", and
// "places", of which the author writes what comes before the arrow. UPDATE=1 rewrites the
// results.
func TestExpand(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
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
			r, err := Expand(input(t, a))
			if err != nil {
				t.Fatal(err)
			}
			expanded := jsontext.Value(r.JSON)
			if err := expanded.Indent(jsontext.WithIndent(" ")); err != nil {
				t.Fatalf("%v\n%s", err, r.JSON)
			}
			set(a, "expanded", string(expanded)+"\n")
			set(a, "problems", problems(r))
			if i := find(a, "places"); i >= 0 {
				a.Files[i].Data = places(r, a.Files[i].Data)
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

func find(a *txtar.Archive, name string) int {
	for i, f := range a.Files {
		if f.Name == name {
			return i
		}
	}
	return -1
}

func set(a *txtar.Archive, name, data string) {
	i := find(a, name)
	switch {
	case i >= 0:
		a.Files[i].Data = []byte(data)
	case data != "":
		a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(data)})
	}
}

func input(t testing.TB, a *txtar.Archive) Input {
	t.Helper()
	in := Input{Macro: "GrantInvoke", Parameters: map[string]string{}}
	for _, f := range a.Files {
		switch f.Name {
		case "template.yaml":
			in.JSON = long(t, f)
		case "values":
			for line := range strings.Lines(string(f.Data)) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				if name == "AWS::Region" {
					in.Region = value
				}
				in.Parameters[name] = value
			}
		}
	}
	in.Read = func(location string) ([]byte, error) {
		i := find(a, location)
		if i < 0 {
			return nil, finding.Errorf(location, "", "does not exist")
		}
		return long(t, a.Files[i]), nil
	}
	return in
}

func long(t testing.TB, f txtar.File) []byte {
	t.Helper()
	file, err := source.Read(f.Name, f.Data)
	if err != nil {
		t.Fatal(err)
	}
	return file.JSON()
}

func problems(r *Result) string {
	var b strings.Builder
	for _, p := range r.Problems {
		word := "unknown"
		if p.Fault {
			word = "fault"
		}
		fmt.Fprintf(&b, "%s at %s#%s: %s; hint: %s\n", word, p.Location, p.At, p.What, p.Hint)
	}
	for _, p := range r.Assumed {
		fmt.Fprintf(&b, "assumed at %s#%s: %s\n", p.Location, p.At, p.What)
	}
	return b.String()
}

func places(r *Result, lines []byte) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(string(lines)) {
		p, _, _ := strings.Cut(strings.TrimSpace(line), " -> ")
		at := r.Place(jsontext.Pointer(p))
		fmt.Fprintf(&b, "%s -> %s#%s\n", p, at.Location, at.At)
	}
	return b.Bytes()
}

// An edit goes to the text that it is an edit of, or is refused.
func TestEdits(t *testing.T) {
	a := txtar.Parse([]byte(`
-- template.yaml --
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::All:
  - Name
  - [One, Two]
  - ${Name}Fn: {Type: T, Properties: {A: !Ref Name}}
  Plain: {Type: T, Properties: {B: 1, N: {'Fn::Length': [1, 2]}}}
  Included: {Type: T, Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: i.yaml}}, D: {E: 1}}}
-- i.yaml --
C: {F: 1}
`))
	r, err := Expand(input(t, a))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		op   template.Op
		at   string
		want string
	}{
		{template.Add, "/Resources/New", "/Resources/New"},
		{template.Add, "/Conditions", "/Conditions"},
		{template.Add, "/Resources/Plain/DependsOn", "/Resources/Plain/DependsOn"},
		{template.Add, "/Resources/Plain/Properties/C", "/Resources/Plain/Properties/C"},
		{template.Replace, "/Resources/Plain/Properties/B", "/Resources/Plain/Properties/B"},
		{template.Rename, "/Resources/Plain/Type", "/Resources/Plain/Type"},
		{template.Add, "/Resources/Included/Properties/D/G", "/Resources/Included/Properties/D/G"},
		{template.Add, "/Resources/Included/Properties/G", "/Resources/Included/Properties/G"},
		{template.Add, "/Resources/OneFn/DependsOn", ""},
		{template.Replace, "/Resources/OneFn/Type", ""},
		{template.Add, "/Resources/OneFn/Properties/C", ""},
		{template.Replace, "/Resources/Plain/Properties/N", ""},
		{template.Replace, "/Resources/Plain/Properties", ""},
		{template.Replace, "/Resources", ""},
		{template.Add, "/Resources/Included/Properties/C/G", ""},
		{template.Replace, "/Resources/Included/Properties/C", ""},
		{template.Replace, "/Resources/Nowhere", ""},
	}
	for _, tt := range tests {
		got, err := r.Edits([]template.Edit{{Op: tt.op, At: jsontext.Pointer(tt.at)}})
		var made *Made
		switch {
		case tt.want == "" && !errors.As(err, &made):
			t.Errorf("%s: %v, %v, want a refusal", tt.at, got, err)
		case tt.want != "" && (err != nil || string(got[0].At) != tt.want):
			t.Errorf("%s: %v, %v, want %s", tt.at, got, err, tt.want)
		}
	}
}

// Nothing to expand means the same bytes.
func TestExpandNothing(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `{"Resources": {"A": {"Type": "T", "Properties": {"B": {"Fn::Length": [1]}}}}}`,
		`{"Transform": ["GrantInvoke", "AWS::LanguageExtensions"], "Resources": {"Fn::ForEach::A": ["X", ["b"], {"${X}": {}}]}}`,
		`{"Transform": "AWS::LanguageExtensions", "Resources": {"A": {"Ref": "B"}}}`,
		`{"Resources": {"A": {"Fn::Transform": {"Name": "GrantInvoke"}, "Type": "T"}}}`,
	} {
		r, err := Expand(Input{JSON: []byte(text), Macro: "GrantInvoke"})
		if err != nil {
			t.Fatal(err)
		}
		if r.Changed() || string(r.JSON) != text || len(r.Problems) > 0 {
			t.Errorf("%s became %s, %v", text, r.JSON, r.Problems)
		}
	}
}

// Nested loops take limited memory.
func TestExpandLimit(t *testing.T) {
	many := `["` + strings.Repeat(`a","`, 300) + `b"]`
	body := `{"${A}${B}${C}": {"Type": "T"}}`
	for _, x := range []string{"C", "B", "A"} {
		body = `{"Fn::ForEach::` + x + `": ["` + x + `", ` + many + `, ` + body + `]}`
	}
	if _, err := Expand(Input{JSON: []byte(`{"Transform": "AWS::LanguageExtensions", "Resources": ` + body + `}`)}); err == nil {
		t.Error("27 million resources, and no error")
	}
}

func FuzzExpand(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		in := input(f, a)
		included := []byte(`{"A": 1}`)
		for _, x := range a.Files {
			if strings.HasPrefix(x.Name, "part") {
				included = long(f, x)
			}
		}
		f.Add([]byte(in.JSON), included, in.Parameters["List"])
	}
	f.Fuzz(func(t *testing.T, src, included []byte, list string) {
		if len(src) > 20_000 {
			return
		}
		in := Input{JSON: src, Macro: "GrantInvoke", Region: "eu-west-1", Parameters: map[string]string{"List": list},
			Read: func(string) ([]byte, error) { return included, nil }}
		r, err := Expand(in)
		if err != nil {
			return
		}
		if !r.Changed() {
			if !bytes.Equal(r.JSON, src) {
				t.Fatal("nothing was expanded, and yet the bytes are others")
			}
			return
		}
		if !jsontext.Value(r.JSON).IsValid() {
			t.Fatalf("not valid: %s", r.JSON)
		}
		checkPlaces(t, r, src, included)
	})
}

// checkPlaces checks that every value of the result has a place that exists.
func checkPlaces(t *testing.T, r *Result, src, included []byte) {
	docs := map[string]*node{}
	for location, text := range map[string][]byte{"": src, "i": included} {
		docs[location], _ = parse(text, 0)
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(r.JSON))
	for n := 0; n < 2000; n++ {
		if _, err := d.ReadToken(); err != nil {
			return
		}
		at := r.Place(d.StackPointer())
		root := docs[""]
		if at.Location != "" {
			root = docs["i"]
		}
		for token := range at.At.Tokens() {
			if root = root.step(token); root == nil {
				t.Fatalf("%s comes from %s#%s, where nothing is", d.StackPointer(), at.Location, at.At)
			}
		}
	}
}
