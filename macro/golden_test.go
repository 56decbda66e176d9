package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

const goldenDir = "testdata/golden"

// Every golden, through the engine, as a macro event, and through the built
// Lambda executable. UPDATE=1 rewrites what is expected; want.txt, which says
// the same in the words of the domain, is written by hand alone.
func TestGoldens(t *testing.T) {
	p := start(t)
	for _, file := range goldenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			g := readGolden(t, file)
			out := g.transform(t, g.event.Fragment)
			if got := g.invoke(t); got.differs(out) {
				t.Errorf("the handler answers\n%s\nthe engine\n%s", got, out)
			}
			if got := g.run(t, p); got.differs(out) {
				t.Errorf("the executable answers\n%s\nthe engine\n%s", got, out)
			}
			g.settle(t, out)
			if out.err == nil {
				g.onlyAdds(t, out)
				g.twice(t, out)
				g.shuffled(t, out)
				g.deploys(t, out)
			}
			g.wants(t, out)
		})
	}
}

func goldenFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(goldenDir + "/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	return files
}

// domainRows is how many cases the domain's table has.
const domainRows = 101

// Each case of the domain's table has a golden, and says what it wants.
func TestGoldenRows(t *testing.T) {
	row := regexp.MustCompile(`/row-(\d{3})(-[a-z0-9-]+)?\.txtar$`)
	seen := map[int]bool{}
	for _, file := range goldenFiles(t) {
		m := row.FindStringSubmatch(file)
		if m == nil {
			if strings.Contains(file, "/row-") {
				t.Errorf("%s: hint: row-NNN.txtar or row-NNN-word.txtar", file)
			}
			continue
		}
		n, _ := strconv.Atoi(m[1])
		seen[n] = true
		if n < 1 || n > domainRows {
			t.Errorf("%s: the domain has no row %d", file, n)
		}
		if readGolden(t, file).section("want.txt") == "" {
			t.Errorf("%s: has no want.txt", file)
		}
	}
	for n := 1; n <= domainRows; n++ {
		if !seen[n] {
			t.Errorf("row %d of the domain has no golden", n)
		}
	}
}

// Each kind of caller has a golden of its own; each reason, each verdict and
// each option appears in one.
func TestGoldenKinds(t *testing.T) {
	var reports, written strings.Builder
	for _, g := range allGoldens(t) {
		reports.WriteString("\n" + g.section("report.txt"))
		written.WriteString(string(g.event.Params) + string(g.event.Fragment))
	}
	for _, f := range caller.Finders() {
		if _, err := os.Stat(filepath.Join(goldenDir, "kind-"+f.Name+".txtar")); err != nil {
			t.Errorf("the caller %s has no golden: %v", f.Name, err)
		}
	}
	for _, r := range caller.Reasons() {
		if !strings.Contains(reports.String(), fmt.Sprintf("\n%s %s: ", r.Severity, r.Name)) {
			t.Errorf("the reason %s is in no golden's report", r.Name)
		}
	}
	for _, v := range grant.Verdicts() {
		if !strings.Contains(reports.String(), "\n"+string(v)+" ") {
			t.Errorf("the verdict %s is in no golden's report", v)
		}
	}
	for _, o := range grant.OptionNames() {
		if !strings.Contains(written.String(), `"`+o+`"`) {
			t.Errorf("the option %s is in no golden", o)
		}
	}
}

// settle compares what came out with the golden's sections, or rewrites them.
func (g *golden) settle(t *testing.T, out outcome) {
	t.Helper()
	got := g.expected(t, out)
	if os.Getenv("UPDATE") != "" {
		g.rewrite(t, got)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if diff := cmp.Diff(g.section(name), got[name]); diff != "" {
			t.Errorf("%s (-golden +got):\n%s", name, diff)
		}
	}
	for _, name := range answerSections {
		if g.section(name) != "" && got[name] == "" {
			t.Errorf("stale section %s; hint: UPDATE=1", name)
		}
	}
}
