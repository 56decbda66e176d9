// Package docs tests the pages for people: their examples are run, and their tables,
// figures and links are compared with the programs.
package docs

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
)

// The pages are looked at from macro/ on.
func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// pages are the texts for people: their examples are run, and their tables are
// printed by the tool.
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
	tool := program.Tool(t)
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
	text := read(t, page)
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
		t.Errorf("%s (-is +should be); make docs rewrites it\n%s", page, diff)
	}
	return outputs
}

var (
	pageLink    = regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`)
	pageHeading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	noAnchor    = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// Every page's links lead to what is in the repository: to a file, and in it to a
// heading.
func TestLinks(t *testing.T) {
	for _, pattern := range []string{"../README.md", "../.github/*.md", "docs/*.md", "internal/testkit/golden/README.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		for _, page := range found {
			for _, m := range pageLink.FindAllStringSubmatch(read(t, page), -1) {
				target := page
				if m[1] != "" {
					target = filepath.Join(filepath.Dir(page), m[1])
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s: a link leads nowhere: %v", page, err)
				} else if m[2] != "" && !anchors(read(t, target))[m[2]] {
					t.Errorf("%s: %s has no heading #%s", page, target, m[2])
				}
			}
		}
	}
}

// anchors are the names that GitHub gives the headings of a page.
func anchors(text string) map[string]bool {
	all := map[string]bool{}
	for _, m := range pageHeading.FindAllStringSubmatch(text, -1) {
		all[strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var checkStep = regexp.MustCompile(`(?s)Step\("(\w+)", "[^"]*"[^,]*, \[[^]]*\],\s+"([^"]*)"\)`)

// The page about the tests tells every step of make check, by the step's own words.
func TestReadmeSteps(t *testing.T) {
	page := read(t, "docs/testing.md")
	all := checkStep.FindAllStringSubmatch(read(t, "check/run.py"), -1)
	if len(all) < 14 {
		t.Fatalf("%d steps found: the form of run.py has changed", len(all))
	}
	for _, m := range all {
		if !strings.Contains(page, "| `"+m[1]+"` | "+m[2]+" |") {
			t.Errorf("docs/testing.md has no row of %s: %s", m[1], m[2])
		}
	}
}

// The README is what a newcomer reads to the end.
func TestReadmeLength(t *testing.T) {
	if n := strings.Count(read(t, "../README.md"), "\n"); n > 250 {
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
