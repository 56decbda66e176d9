package release

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloudformation"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
)

// The promise to stacks that are deployed. All properties of a permission are
// create-only, so that another logical id or property is a replacement: for a
// moment API Gateway may not call a function in production. The files in
// testdata hold what release 1 added, and no later release of the same
// major version may add anything else there.
//
// ids-*.txt has a template and what is added to it. UPDATE=1 writes the answer
// of a new file and never that of an old one.
//
// changes-*.txt has a template before and after a change, and what
// CloudFormation does to the stack between them.
const releaseDir = "testdata"

func releaseFiles(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(releaseDir, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return files
}

// A release file is a txtar archive.
type release struct {
	file    string
	archive *txtar.Archive
}

func readRelease(t *testing.T, file string) release {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Errorf("%s: has no comment that says what it shows", file)
	}
	return release{file, archive}
}

func (r release) Section(name string) string {
	for _, f := range r.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// promise compares a section with what came out. A section that isn't there is
// written with UPDATE=1; one that is there is never changed.
func (r release) promise(t *testing.T, name, got string) {
	t.Helper()
	want := r.Section(name)
	if want == "" && os.Getenv("UPDATE") != "" {
		r.archive.Files = append(r.archive.Files, txtar.File{Name: name, Data: []byte(got)})
		if err := os.WriteFile(r.file, txtar.Format(r.archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s %s (-promised +got):\n%s", r.file, name, diff)
	}
}

// processed is a template in YAML as the macro returns it, and as it was.
func processed(t *testing.T, yaml string) (before, after map[string]golden.Resource) {
	t.Helper()
	f, err := source.Read("template.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	g := golden.Of("", f.JSON())
	out := g.Transform(t, f.JSON())
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	if _, err := new(cloudformation.Stack).Process(out.Fragment); err != nil && !strings.Contains(yaml, "AWS::Serverless::") {
		t.Errorf("the processed template does not deploy: %v", err)
	}
	return golden.Resources(t, f.JSON()), golden.Resources(t, out.Fragment)
}

// What is added to a template keeps its logical id, and a permission all that
// it is made of. A role is named by its id, and may be changed in its place.
func TestReleaseIDs(t *testing.T) {
	for _, file := range releaseFiles(t, "ids-*.txt") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			r := readRelease(t, file)
			before, after := processed(t, r.Section("template.yaml"))
			var lines []string
			for id, x := range after {
				switch {
				case !before[id].Exists() && x.Type == "AWS::Lambda::Permission":
					lines = append(lines, fmt.Sprintf("%s %s %s", id, x.Type, x.Text("Properties")))
				case !before[id].Exists():
					lines = append(lines, fmt.Sprintf("%s %s", id, x.Type))
				}
			}
			if len(lines) == 0 {
				t.Fatal("nothing is added")
			}
			slices.Sort(lines)
			r.promise(t, "ids.txt", strings.Join(lines, "\n")+"\n")
		})
	}
}

// A change of a template changes the permissions that it concerns, and no other.
func TestReleaseChanges(t *testing.T) {
	for _, file := range releaseFiles(t, "changes-*.txt") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			r := readRelease(t, file)
			_, before := processed(t, r.Section("before.yaml"))
			_, after := processed(t, r.Section("after.yaml"))
			list := changes(before, after)
			if len(list) == 0 {
				list = []string{"None\n"}
			}
			r.promise(t, "changes.txt", strings.Join(list, ""))
		})
	}
}
