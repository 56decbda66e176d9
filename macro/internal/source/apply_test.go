package source

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A fixture is a txtar file: a template, edits ("add POINTER JSON", "replace
// POINTER JSON", "rename POINTER NAME", spaces in a pointer as %20), and the
// text that comes of them or the error. Its comment may ask for a text with
// "crlf", a "bom", or no line break at its end: "noeol". UPDATE=1 rewrites what
// is expected.
type fixture struct {
	path     string
	archive  *txtar.Archive
	name     string
	text     []byte
	edits    []template.Edit
	expected string // the section that holds what is expected, "" for none
}

func readFixture(t *testing.T, path string) *fixture {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	x := &fixture{path: path, archive: a}
	for _, f := range a.Files {
		switch {
		case strings.HasPrefix(f.Name, "template."):
			x.name, x.text = f.Name, x.disguise(f.Data)
		case f.Name == "edits":
			x.edits = parseEdits(t, string(f.Data), "\n")
		case f.Name == "want" || f.Name == "error":
			x.expected = f.Name
		default:
			t.Fatalf("%s: unknown section %s", path, f.Name)
		}
	}
	return x
}

func parseEdits(t *testing.T, text, sep string) []template.Edit {
	t.Helper()
	ops := map[string]template.Op{"add": template.Add, "replace": template.Replace, "rename": template.Rename}
	var out []template.Edit
	for line := range strings.SplitSeq(strings.TrimSpace(text), sep) {
		word := strings.SplitN(strings.TrimSpace(line), " ", 3)
		at, err := url.PathUnescape(word[1])
		if err != nil || ops[word[0]] == 0 {
			t.Fatalf("edit %q: %v", line, err)
		}
		e := template.Edit{Op: ops[word[0]], At: jsontext.Pointer(at)}
		if e.Op == template.Rename {
			e.Name = word[2]
		} else {
			e.Value = jsontext.Value(word[2])
		}
		out = append(out, e)
	}
	return out
}

// disguise gives a text what txtar cannot hold, and reveal takes it away.
func (x *fixture) disguise(text []byte) []byte {
	note := string(x.archive.Comment)
	if strings.Contains(note, "noeol") {
		text = bytes.TrimSuffix(text, []byte("\n"))
	}
	if strings.Contains(note, "crlf") {
		text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	}
	if strings.Contains(note, "bom") {
		text = append([]byte("\ufeff"), text...)
	}
	return text
}

func (x *fixture) reveal(t *testing.T, text []byte) []byte {
	t.Helper()
	plain := bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	if !bytes.HasSuffix(plain, []byte("\n")) {
		plain = append(plain, '\n')
	}
	if !bytes.Equal(x.disguise(plain), text) {
		t.Errorf("line breaks, the byte order mark or the end differ: %q", text)
	}
	return plain
}

func TestApply(t *testing.T) {
	paths, err := filepath.Glob("testdata/apply/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			x := readFixture(t, path)
			f, err := Read(x.name, x.text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := f.Apply(x.edits)
			if err != nil {
				x.settle(t, "error", []byte(err.Error()+"\n"))
				return
			}
			x.settle(t, "want", x.reveal(t, got))
			checkMeaning(t, f, x.edits, got)
		})
	}
}

// settle compares what came out with the fixture, or rewrites the fixture.
func (x *fixture) settle(t *testing.T, section string, got []byte) {
	t.Helper()
	files := x.archive.Files
	if os.Getenv("UPDATE") != "" {
		if x.expected != "" {
			files = files[:len(files)-1]
		}
		x.archive.Files = append(files, txtar.File{Name: section, Data: got})
		if err := os.WriteFile(x.path, txtar.Format(x.archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if x.expected != section {
		t.Fatalf("got the %s\n%s\nwhere the fixture has %q; hint: UPDATE=1", section, got, x.expected)
	}
	if diff := cmp.Diff(string(files[len(files)-1].Data), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// checkMeaning compares the edited text with what package template makes of
// the same edits on the JSON.
func checkMeaning(t *testing.T, f *File, list []template.Edit, got []byte) {
	t.Helper()
	want, err := byHand(f.JSON(), f.root, list)
	if err != nil {
		t.Fatalf("package template: %v\n%+v", err, list)
	}
	again, err := Read("edited", got)
	if err != nil {
		t.Fatalf("the result does not read: %v\n%s", err, got)
	}
	if !sameJSON(again.JSON(), want) {
		t.Fatalf("got\n%s\nmeaning %s\nwant %s\nedits %+v", got, again.JSON(), want, list)
	}
}
