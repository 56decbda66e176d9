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

// pages are the texts for people: their examples are run, their tables are
// printed by the tool, and their links lead somewhere.
func pages(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Glob("docs/*.md")
	if err != nil || len(docs) < 8 {
		t.Fatalf("pages %v, %v", docs, err)
	}
	return append(docs, "../README.md")
}

var (
	readmeExample = regexp.MustCompile("(?s)<!-- example: (\\S+) -->\n```yaml\n(.*?)```\n")
	readmeOutput  = regexp.MustCompile("(?s)(<!-- output: grantinvoke ([^\n]*) -->\n```[a-z]+\n)(.*?)(```\n)")
	readmeDocs    = regexp.MustCompile("(?s)(<!-- docs: (\\S+) -->\n)(.*?)(<!-- end -->\n)")
	readmeBlock   = regexp.MustCompile(`<!-- block: (\S+) -->\n<!-- end -->`)
)

// The pages show what the tool really prints: their examples are run, their
// tables are the tool's own. UPDATE=1 rewrites them.
func TestReadme(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "grantinvoke")
	if out, err := exec.Command("go", "build", "-o", tool, "./cmd/grantinvoke").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	outputs := 0
	for _, page := range pages(t) {
		t.Run(filepath.Base(page), func(t *testing.T) { outputs += checkPage(t, tool, page) })
	}
	if outputs < 10 {
		t.Errorf("%d outputs: the marks of the pages have changed", outputs)
	}
}

// checkPage checks one page, and returns how many outputs it shows.
func checkPage(t *testing.T, tool, page string) (outputs int) {
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	dir := t.TempDir()
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
	if m := readmeBlock.FindStringSubmatch(text); m != nil {
		t.Errorf("the block %s is empty", m[1])
	}
	checkLinks(t, page, text)
	for _, m := range examples {
		checkExample(t, run, dir, m[1])
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return outputs
	}
	if diff := cmp.Diff(text, want); diff != "" {
		t.Errorf("%s (-is +should be); UPDATE=1 rewrites it\n%s", page, diff)
	}
	return outputs
}

var pageLink = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// checkLinks asserts that what a page links to in the repository is there.
func checkLinks(t *testing.T, page, text string) {
	t.Helper()
	for _, m := range pageLink.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
			t.Errorf("a link leads nowhere: %v", err)
		}
	}
}

var checkStep = regexp.MustCompile(`(?s)Step\("(\w+)", "[^"]*"[^,]*, \[[^]]*\],\s+"([^"]*)"\)`)

// The page about the tests tells every step of make check, by the step's own words.
func TestReadmeSteps(t *testing.T) {
	steps, err := os.ReadFile("check/run.py")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	all := checkStep.FindAllStringSubmatch(string(steps), -1)
	if len(all) < 14 {
		t.Fatalf("%d steps found: the form of run.py has changed", len(all))
	}
	for _, m := range all {
		if !bytes.Contains(page, []byte("| `"+m[1]+"` | "+m[2]+" |")) {
			t.Errorf("docs/testing.md has no row of %s: %s", m[1], m[2])
		}
	}
}

// The README is what a newcomer reads to the end.
func TestReadmeLength(t *testing.T) {
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte("\n")); n > 250 {
		t.Errorf("%d lines, of 250: move something to macro/docs", n)
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
