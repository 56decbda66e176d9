package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// A golden is one txtar file: its comment says in a sentence what it shows.
type golden struct {
	file    string
	archive *txtar.Archive
	event   event
}

// An event is what a golden's macro event has; event.json overrides it.
type event struct {
	Region                  string          `json:"region"`
	AccountID               string          `json:"accountId"`
	Params                  json.RawMessage `json:"params"`
	TemplateParameterValues json.RawMessage `json:"templateParameterValues"`
	Fragment                json.RawMessage `json:"fragment"` // where no template is
}

// The sections that the author of a golden writes, and those that UPDATE=1
// does: what is added, what is replaced or renamed, every decision and its
// problems; or else the error.
var (
	authorSections = []string{"template.yaml", "template.json", "event.json", "want.txt"}
	answerSections = []string{"added.json", "changed.txt", "report.txt", "error.txt"}
)

func readGolden(t *testing.T, file string) *golden {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g := &golden{file: file, archive: archive}
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

func (g *golden) section(name string) string {
	for _, f := range g.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func (g *golden) readEvent(t *testing.T) {
	t.Helper()
	g.event = event{Region: "us-east-1", AccountID: "123456789012", Params: []byte("{}"), TemplateParameterValues: []byte("{}")}
	if own := g.section("event.json"); own != "" {
		d := json.NewDecoder(strings.NewReader(own))
		d.DisallowUnknownFields()
		if err := d.Decode(&g.event); err != nil {
			t.Fatalf("%s: event.json: %v", g.file, err)
		}
	}
	for _, name := range []string{"template.yaml", "template.json"} {
		text := g.section(name)
		if text == "" {
			continue
		}
		f, err := source.Read(name, []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", g.file, err)
		}
		g.event.Fragment = withoutTransform(t, f.JSON())
	}
	if g.event.Fragment == nil {
		t.Fatalf("%s: neither a template nor a fragment", g.file)
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

// expected returns the sections that belong to an outcome, empty ones for none.
func (g *golden) expected(t *testing.T, out outcome) map[string]string {
	t.Helper()
	got := map[string]string{}
	if out.err != nil {
		got["error.txt"] = out.err.Error() + "\n"
		return got
	}
	c := compare(plant(t, g.event.Fragment), plant(t, out.fragment))
	if c.added != "" {
		got["added.json"] = plant(t, []byte(c.added)).indented("\n") + "\n"
	}
	var changed []string
	for _, x := range c.changed {
		changed = append(changed, x.String())
	}
	slices.Sort(changed)
	got["changed.txt"] = lines(changed)
	got["report.txt"] = lines(reported(out.result))
	return got
}

func lines(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return strings.Join(all, "\n") + "\n"
}

// reported is the result, a line for each decision and each thing to tell.
func reported(r *grant.Result) []string {
	var all []string
	for _, d := range r.Decisions {
		fn := cmp.Or(d.Call.Target.Name.String(), "?")
		line := fmt.Sprintf("%s %s %s -> %s %s", d.Verdict, d.Call.Kind, finding.Place(d.Call.At()), fn, d.Call.Source.Label)
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

func (g *golden) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	archive := &txtar.Archive{Comment: g.archive.Comment}
	for _, name := range slices.Concat(authorSections, answerSections) {
		text := g.section(name)
		if slices.Contains(answerSections, name) {
			text = got[name]
		}
		if text != "" {
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	if b := txtar.Format(archive); !bytes.Equal(b, txtar.Format(g.archive)) {
		if err := os.WriteFile(g.file, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
