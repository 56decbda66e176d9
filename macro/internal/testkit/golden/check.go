package golden

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// expected returns the sections that belong to an Outcome, empty ones for none.
func (g *File) expected(t *testing.T, out Outcome) map[string]string {
	t.Helper()
	got := map[string]string{}
	if out.Err != nil {
		got["error.txt"] = out.Err.Error() + "\n"
		return got
	}
	c := compare(plant(t, g.Event.Fragment), plant(t, out.Fragment))
	if c.added != "" {
		got["added.json"] = plant(t, []byte(c.added)).indented("\n") + "\n"
	}
	var changed []string
	for _, x := range c.changed {
		changed = append(changed, x.String())
	}
	slices.Sort(changed)
	got["changed.txt"] = lines(changed)
	got["report.txt"] = lines(reported(out.Result))
	return got
}

func lines(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return strings.Join(all, "\n") + "\n"
}

// reported is the result, a line for each decision and each finding.
func reported(r *engine.Result) []string {
	var all []string
	for _, d := range r.Decisions {
		fn := cmp.Or(d.Call.Target.Name.String(), "?")
		line := fmt.Sprintf("%s %s %s -> %s %s", d.Verdict, d.Call.Kind.Name, finding.Place(d.Call.At()), fn, d.Call.Source.Label)
		if len(d.By) > 0 {
			line += " by " + strings.Join(d.By, ", ")
		}
		all = append(all, line)
	}
	alike := func(p finding.Finding) string { return p.Name + "\n" + p.Detail + "\n" + p.Hint }
	told := map[string]int{}
	for _, p := range problems(r) {
		told[alike(p)]++
	}
	for _, p := range problems(r) {
		line := fmt.Sprintf("%s %s: %s", p.Severity, p.Name, p.String())
		switch n := told[alike(p)]; {
		case n == 0:
			continue // shown before
		case n > 1:
			line += fmt.Sprintf(" (and %d more)", n-1)
		}
		told[alike(p)] = 0
		all = append(all, line)
	}
	return all
}

func (g *File) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	archive := &txtar.Archive{Comment: g.archive.Comment}
	for _, name := range slices.Concat(authorSections, answerSections) {
		text := g.Section(name)
		if slices.Contains(answerSections, name) {
			text = got[name]
		}
		if text != "" {
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	if b := txtar.Format(archive); !bytes.Equal(b, txtar.Format(g.archive)) {
		if err := os.WriteFile(g.Name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Check compares an outcome with the golden's sections, or, with UPDATE=1, rewrites them;
// with the promises that every output keeps; and with want.txt, which is written by hand
// only, and says what has to be granted.
func (g *File) Check(t *testing.T, out Outcome) {
	t.Helper()
	g.settle(t, out)
	if out.Err == nil {
		g.onlyAdds(t, out)
		g.twice(t, out)
		g.shuffled(t, out)
		g.deploys(t, out)
	}
	g.wants(t, out)
}

// settle compares an outcome with the golden's sections, or rewrites them.
func (g *File) settle(t *testing.T, out Outcome) {
	t.Helper()
	got := g.expected(t, out)
	if os.Getenv("UPDATE") != "" {
		g.rewrite(t, got)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if diff := gocmp.Diff(g.Section(name), got[name]); diff != "" {
			t.Errorf("%s (-golden +got):\n%s", name, diff)
		}
	}
	for _, name := range answerSections {
		if g.Section(name) != "" && got[name] == "" {
			t.Errorf("stale section %s; hint: UPDATE=1", name)
		}
	}
}
