package golden

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// wants compares what came out with want.txt, whose lines README.md of
// README.md explains: by a second reading of the added resources.
func (g *File) wants(t *testing.T, out Outcome) {
	t.Helper()
	var want, got, fits []string
	for line := range strings.Lines(g.Section("want.txt")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		rest, isError := strings.CutPrefix(line, "ERROR ")
		head, text, _ := strings.Cut(line, " | ")
		switch {
		case isError:
			if out.Err == nil || !strings.Contains(out.Err.Error(), rest) {
				t.Errorf("want the error %q, got %v", rest, out.Err)
			}
			return
		case strings.HasPrefix(line, "FITS "):
			fits = append(fits, line)
			continue
		case strings.HasPrefix(line, "DIAG ") && text != "":
			if !out.tells(text) {
				t.Errorf("nothing told contains %q", text)
			}
			line = head
		}
		if audited, isAudit := strings.CutPrefix(line, "AUDIT "); isAudit {
			if out.Err == nil && !out.audits(audited) {
				t.Errorf("the audit doesn't say %q", audited)
			}
			continue
		}
		want = append(want, line)
	}
	if want == nil && fits == nil {
		return
	}
	if out.Err != nil {
		t.Fatalf("the macro answers: %v", out.Err)
	}
	got = Grants(t, g.Event.Fragment, out.Fragment)
	got = fit(t, fits, got)
	unchanged := string(out.Fragment) == string(g.Event.Fragment)
	for _, p := range problems(out.Result) {
		line := fmt.Sprintf("DIAG %s %s", p.Severity, p.Name)
		if p.Severity.Matters() || slices.Contains(want, line) { // notes need not be in want.txt
			got = append(got, line)
		}
		unchanged = unchanged || p.Severity.Matters()
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(slices.Compact(want), slices.Compact(got)); diff != "" {
		t.Errorf("the domain wants something else (-domain +got):\n%s", diff)
	}
	if slices.Contains(want, "NONE") && !unchanged {
		t.Errorf("nothing to grant and nothing to tell, but the fragment is another")
	}
}

// audits reports whether the audit has a finding: with a severity and a reason, and, after
// " | ", a part of the text.
func (o Outcome) audits(line string) bool {
	head, text, _ := strings.Cut(line, " | ")
	return slices.ContainsFunc(o.Result.Audit(), func(p finding.Finding) bool {
		return head == fmt.Sprintf("%s %s", p.Severity, p.Name) && strings.Contains(p.String(), text)
	})
}

func (o Outcome) tells(text string) bool {
	if o.Err != nil {
		return false
	}
	for _, p := range problems(o.Result) {
		if strings.Contains(p.String(), text) {
			return true
		}
	}
	return false
}
