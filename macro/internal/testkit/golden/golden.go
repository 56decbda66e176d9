// Package golden runs goldens: txtar files in testdata with a template and what the macro
// must make of it; README.md says how to write one. They are run by the engine, by the
// handler of macro events and by the built executable.
//
// Their output is read without the packages that made it: trees compare the bytes, and the
// lines of want.txt are made from encoding/json's maps.
package golden

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/repository"
)

// A File is one golden.
type File struct {
	Name  string // the file's, or another for messages
	Event Event

	archive *txtar.Archive
}

// An Event is what a golden's macro event has; event.json overrides it.
type Event struct {
	Region                  string          `json:"region"`
	AccountID               string          `json:"accountId"`
	Params                  json.RawMessage `json:"params"`
	TemplateParameterValues json.RawMessage `json:"templateParameterValues"`
	Fragment                json.RawMessage `json:"fragment"` // where no template is
}

// Of returns a golden without a file: the usual event with the fragment.
func Of(name string, fragment []byte) *File {
	return &File{Name: name, archive: &txtar.Archive{}, Event: Event{Region: "us-east-1", AccountID: "123456789012",
		Params: []byte("{}"), TemplateParameterValues: []byte("{}"), Fragment: fragment}}
}

// Dir is the folder of the goldens.
func Dir(t testing.TB) string {
	t.Helper()
	return repository.Path(t, "macro/internal/testkit/golden/testdata")
}

// All reads every golden.
func All(t *testing.T) []*File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(Dir(t), "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	var all []*File
	for _, name := range names {
		all = append(all, Read(t, name))
	}
	return all
}

// The sections that the author of a golden writes, and those that UPDATE=1
// does: what is added, what is replaced or renamed, every decision and its
// problems; or else the error.
var (
	authorSections = []string{"template.yaml", "template.json", "event.json", "want.txt"}
	answerSections = []string{"added.json", "changed.txt", "report.txt", "error.txt"}
)

// Read reads a golden. Its comment must say in a sentence what it shows.
func Read(t *testing.T, file string) *File {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g := Of(file, nil)
	g.archive = archive
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Errorf("%s: has no comment that says what it shows", file)
	}
	for _, f := range archive.Files {
		if !slices.Contains(authorSections, f.Name) && !slices.Contains(answerSections, f.Name) {
			t.Fatalf("%s: unknown section %s", file, f.Name)
		}
	}
	g.readEvent(t)
	return g
}

// Section returns a section of the file, "" where there is none.
func (g *File) Section(name string) string {
	for _, f := range g.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func (g *File) readEvent(t *testing.T) {
	t.Helper()
	if own := g.Section("event.json"); own != "" {
		d := json.NewDecoder(strings.NewReader(own))
		d.DisallowUnknownFields()
		if err := d.Decode(&g.Event); err != nil {
			t.Fatalf("%s: event.json: %v", g.Name, err)
		}
	}
	for _, name := range []string{"template.yaml", "template.json"} {
		text := g.Section(name)
		if text == "" {
			continue
		}
		f, err := source.Read(name, []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", g.Name, err)
		}
		g.Event.Fragment = withoutTransform(t, f.JSON())
	}
	if g.Event.Fragment == nil {
		t.Fatalf("%s: neither a template nor a fragment", g.Name)
	}
}

// withoutTransform drops the section that CloudFormation keeps to itself.
func withoutTransform(t *testing.T, template []byte) []byte {
	t.Helper()
	root := plant(t, template)
	i := slices.IndexFunc(root.members, func(m member) bool { return m.name == "Transform" })
	if i < 0 {
		return bytes.TrimSpace(template)
	}
	from, to := root.members[i].at, root.members[i].value.to
	if i+1 < len(root.members) {
		to = root.members[i+1].at
	} else if i > 0 {
		from = root.members[i-1].value.to
	}
	return bytes.TrimSpace(slices.Concat(template[:from], template[to:]))
}
