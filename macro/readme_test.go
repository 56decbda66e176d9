package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const readme = "../README.md"

var (
	readmeExample = regexp.MustCompile("(?s)<!-- example: (\\S+) -->\n```yaml\n(.*?)```\n")
	readmeOutput  = regexp.MustCompile("(?s)(<!-- output: grantinvoke ([^\n]*) -->\n```[a-z]+\n)(.*?)(```\n)")
	readmeDocs    = regexp.MustCompile("(?s)(<!-- docs: (\\S+) -->\n)(.*?)(<!-- end -->\n)")
	readmeBlock   = regexp.MustCompile(`<!-- block: (\S+) -->\n<!-- end -->`)
)

// The README shows what the tool really prints: its examples are run, its
// tables are the tool's own. UPDATE=1 rewrites it.
func TestReadme(t *testing.T) {
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	dir := t.TempDir()
	tool := filepath.Join(dir, "grantinvoke")
	if out, err := exec.Command("go", "build", "-o", tool, "./cmd/grantinvoke").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(args ...string) string {
		cmd := exec.Command(tool, args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "NO_COLOR=1")
		out, err := cmd.Output()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		return string(out)
	}
	examples := readmeExample.FindAllStringSubmatch(text, -1)
	for _, m := range examples {
		if err := os.WriteFile(filepath.Join(dir, m[1]), []byte(m[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	outputs := 0
	want := readmeOutput.ReplaceAllStringFunc(text, func(s string) string {
		outputs++
		m := readmeOutput.FindStringSubmatch(s)
		return m[1] + run(strings.Fields(m[2])...) + m[4]
	})
	want = readmeDocs.ReplaceAllStringFunc(want, func(s string) string {
		outputs++
		m := readmeDocs.FindStringSubmatch(s)
		return m[1] + run("docs", m[2]) + m[4]
	})
	if len(examples) < 2 || outputs < 8 {
		t.Errorf("%d examples and %d outputs: the README's marks have changed", len(examples), outputs)
	}
	if m := readmeBlock.FindStringSubmatch(text); m != nil {
		t.Errorf("the block %s of the README is empty", m[1])
	}
	for _, m := range examples {
		checkExample(t, run, dir, m[1])
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(readme, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, want); diff != "" {
		t.Errorf("README.md (-is +should be); UPDATE=1 rewrites it\n%s", diff)
	}
}

// checkExample asserts that the macro has something to add to an example, and
// that a second pass has not.
func checkExample(t *testing.T, run func(...string) string, dir, name string) {
	t.Helper()
	before, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	once := run("preview", name)
	again := filepath.Join(dir, "again-"+name)
	if err := os.WriteFile(again, []byte(once), 0o600); err != nil {
		t.Fatal(err)
	}
	if once == string(before) || !bytes.Contains([]byte(once), []byte("AWS::Lambda::Permission")) {
		t.Errorf("%s: the example gets no permission:\n%s", name, once)
	}
	if twice := run("preview", "again-"+name); twice != once {
		t.Errorf("%s: a second pass changes it:\n%s", name, cmp.Diff(once, twice))
	}
}
