package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/update"
)

// The reasons of this package: those that concern neither calls nor permissions, or only
// a whole report shows.
var (
	Missing = finding.Reason{Name: "missing", Severity: finding.Fault,
		Sentence: "nothing allows the call",
		Hint:     "name the macro in the template's Transform section, or let grantinvoke eject write the permission into the template"}
	Outside = finding.Reason{Name: "outside", Severity: finding.Warning,
		Sentence: "nothing here allows the call, and the function is not here either",
		Hint:     "check it together with the template that has the function, whose permission may be there, or let the macro grant it here"}
	policyOver = finding.Reason{Name: "policy-over", Severity: finding.Fault,
		Sentence: "the function's policy will be larger than Lambda takes",
		Hint:     "remove permissions that aren't needed, set Scope: api for the API, or use Grant: policy or role"}
	policyNear = finding.Reason{Name: "policy-near", Severity: finding.Warning,
		Sentence: "the function's policy will soon be larger than Lambda takes",
		Hint:     "set Scope: api for the API, or use Grant: policy or role"}
	macroFails = finding.Reason{Name: "macro-fails", Severity: finding.Fault,
		Sentence: "the macro fails with this template",
		Hint:     "correct the option, or the call that it names"}
)

// granted reports whether the macro adds what allows the call.
func (t Template) granted(d grant.Decision) bool {
	return (d.Verdict == grant.Added || d.Verdict == grant.RoleAdded) && !t.missing(d)
}

// nearShare is the part of policy.MaxBytes from which a policy gets a warning.
const nearShare = 0.9

// A Finding is one thing that somebody should know about a template.
type Finding struct {
	finding.Finding
	Place
	Fails bool  // a call is not allowed, or may not be
	calls []int // indexes of the decisions that it is about
}

// failure is the finding that the macro fails. The error's hint, if it has one,
// is better than the reason's.
func (t Template) failure(err error) Finding {
	at, message, hint := finding.Parts(err)
	f := Finding{Finding: finding.Finding{Reason: macroFails, Detail: message, Hint: hint},
		Place: Place{File: t.File, Line: 1, Column: 1}, Fails: true}
	if t.place != nil && at != "" && at != "template" {
		f.Place = t.place(pointer(at))
	}
	return f
}

// sections are those of a template. A place that doesn't begin with one begins with a
// logical id.
var sections = []string{"Transform", "Metadata", "Parameters", "Mappings", "Conditions", "Globals", "Resources", "Outputs"}

// pointer is the pointer of a place as messages have it. Its dots separate the names, so
// that it is wrong where a name has a dot.
func pointer(place string) jsontext.Pointer {
	words := strings.Split(place, ".")
	var p jsontext.Pointer
	if !slices.Contains(sections, words[0]) {
		p = "/Resources"
	}
	for _, word := range words {
		p = p.AppendToken(word)
	}
	return p
}

// Message is the finding without its hint, in one line.
func (f Finding) Message() string { return oneLine(f.Finding.Message()) }

// Advice is what to do, in one line.
func (f Finding) Advice() string { return oneLine(f.Finding.Advice()) }

// String is the finding with its hint, in one line.
func (f Finding) String() string { return oneLine(f.Finding.String()) }

// find returns the findings about the template, in the order of its lines.
func (t Template) find() []Finding {
	var out []Finding
	seen := map[finding.Finding]int{}
	tell := func(p finding.Finding, fails bool, calls ...int) {
		if i, ok := seen[p]; ok {
			out[i].calls = append(out[i].calls, calls...)
			return
		}
		seen[p] = len(out)
		out = append(out, Finding{Finding: p, Place: t.place(p.At), Fails: fails, calls: calls})
	}
	hidden := unseen(t.readings)
	add := func(p finding.Finding, fails bool) {
		if !hiddenBy(p, hidden) {
			tell(p, fails)
		}
	}
	for _, r := range t.readings {
		out = append(out, t.reading(r))
	}
	explained := t.nearMisses(tell)
	for i, d := range t.Result.Decisions {
		if t.outside(d) && t.Err == nil && !explained[i] {
			tell(finding.Finding{Reason: Outside, At: d.Call.At(), Detail: whoCalls(d.Call)}, true, i)
		} else if t.missing(d) && t.Err == nil && !explained[i] {
			tell(finding.Finding{Reason: Missing, At: d.Call.At(), Detail: whoCalls(d.Call)}, true, i)
		}
		if d.Problem != nil {
			tell(*d.Problem, true, i)
		}
		for _, note := range d.Notes() {
			if !note.OfGrant || t.granted(d) {
				tell(note, false, i)
			}
		}
	}
	for _, p := range t.Result.Problems {
		if !p.OfGrant || t.Macro {
			add(p, p.Severity == finding.Fault || p.Severity.Matters() && p.Hides || p.Name == grant.PolicySize.Name)
		}
	}
	for _, p := range t.Result.Audit() {
		add(p, false)
	}
	for _, p := range t.Result.Mistakes() {
		add(p, false)
	}
	t.limits(add)
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(b.Severity, a.Severity))
	})
	return out
}

// nearMisses adds the findings about near misses, see [review.NearMiss]. It returns the
// calls that they explain: these need no finding of their own.
func (t Template) nearMisses(tell func(finding.Finding, bool, ...int)) (explained map[int]bool) {
	explained = map[int]bool{}
	for _, n := range t.Result.NearMisses() {
		fails := false
		for _, i := range n.Calls {
			if t.missing(t.Result.Decisions[i]) && t.Err == nil {
				fails, explained[i] = true, true
			}
		}
		if fails {
			n.Severity = finding.Fault
		}
		tell(n.Finding, fails, n.Calls...)
	}
	return explained
}

// limits adds the findings about policies that are, or will be, too large.
func (t Template) limits(add func(finding.Finding, bool)) {
	names := t.names()
	reported := map[string]bool{} // by the key of the function
	for _, p := range t.Result.Problems {
		if p.Name == grant.PolicySize.Name {
			reported[p.About] = true
		}
	}
	for _, p := range t.Result.Policies {
		p := t.policy(p)
		about := finding.Finding{At: t.atFunction(p.Function), Detail: fmt.Sprintf("%s: about %s of %s bytes",
			t.nameOf(names, p.Function), thousands(p.Bytes), thousands(policy.MaxBytes))}
		switch {
		case reported[p.Function]:
		case p.Bytes > policy.MaxBytes:
			about.Reason = policyOver
			add(about, true)
		case float64(p.Bytes) >= nearShare*policy.MaxBytes:
			about.Reason = policyNear
			add(about, false)
		}
	}
}

// atFunction returns the place of the function with the key, or of the first
// call of it where the template doesn't have it.
func (t Template) atFunction(key string) jsontext.Pointer {
	for _, d := range t.Result.Decisions {
		if target := d.Call.Target; target.Key != "" && target.ID() == key {
			if target.Function != "" {
				return jsontext.Pointer("/Resources").AppendToken(target.Function)
			}
			return d.Call.At()
		}
	}
	return ""
}

// Failed reports whether a call of the template is not allowed, or may not be.
func (t Template) Failed() bool {
	return slices.ContainsFunc(t.Findings, func(f Finding) bool { return f.Fails })
}

// Warned reports whether somebody should act on a finding.
func (t Template) Warned() bool {
	return slices.ContainsFunc(t.Findings, func(f Finding) bool { return f.Severity.Matters() })
}

// thousands writes a number with a comma for every thousand.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Reasons returns all reasons that a report can name.
func Reasons() []finding.Reason {
	return slices.Concat([]finding.Reason{Missing, Outside}, invoke.Reasons(), service.Reasons(), engine.Reasons(),
		[]finding.Reason{policyOver, policyNear, macroFails, Unseen, Refused, Twice, MacroName, UnusedIgnore}, update.Reasons())
}
