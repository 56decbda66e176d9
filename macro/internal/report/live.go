package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/update"
)

// WithLive returns the report with what the update makes of the deployed policies, and
// with findings about that.
func (t Template) WithLive(live []update.Policy, findings []finding.Finding) Template {
	t.Live = live
	t.Findings = slices.Clone(t.Findings)
	for _, f := range findings {
		t.Findings = append(t.Findings, Finding{Finding: f, Place: t.place(f.At), Fails: f.Severity == finding.Fault})
	}
	slices.SortStableFunc(t.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(b.Severity, a.Severity))
	})
	return t
}

// live writes what the update makes of each deployed policy, and reports whether there
// are any.
func (x text) live(t Template) bool {
	for _, p := range t.Live {
		fmt.Fprintf(x.w, "deployed policy of %s: %s, %s of %s bytes (%d the stack's; %d not, with %s bytes)", functionLabel(p.ARN), count(p.Now, "statement"),
			thousands(p.Bytes), thousands(policy.MaxBytes), p.Own, p.Foreign, thousands(p.Others))
		var change []string
		for _, c := range []struct {
			n    int
			what string
		}{{p.New, "adds"}, {p.Gone, "removes"}} {
			if c.n > 0 {
				change = append(change, fmt.Sprintf("%s %d", c.what, c.n))
			}
		}
		if p.Whole != "" && p.New+p.Gone > 0 {
			fmt.Fprintf(x.w, "; the update replaces it by %s: about %s\n", p.Whole, thousands(p.After))
			continue
		}
		if len(change) == 0 {
			fmt.Fprintln(x.w, "; the update changes nothing")
			continue
		}
		ink := x.good
		if !p.Fits() {
			ink = x.bad
		} else if float64(p.Peak) > nearShare*policy.MaxBytes {
			ink = x.warn
		}
		fmt.Fprintf(x.w, "; the update %s: %s, then about %s\n", strings.Join(change, " and "), ink("about "+thousands(p.Peak)+" meanwhile"), thousands(p.After))
	}
	return len(t.Live) > 0
}
