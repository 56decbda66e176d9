package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// A palette colours words, or leaves them as they are.
type palette struct{ good, bad, warn, faint, strong func(...any) string }

func newPalette(coloured bool) palette {
	ink := func(attributes ...color.Attribute) func(...any) string {
		c := color.New(attributes...)
		if coloured {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return palette{good: ink(color.FgGreen), bad: ink(color.FgRed, color.Bold), warn: ink(color.FgYellow),
		faint: ink(color.Faint), strong: ink(color.Bold)}
}

// severity is the colour of a finding.
func (p palette) severity(s finding.Severity) func(...any) string {
	switch s {
	case finding.Fault:
		return p.bad
	case finding.Warning:
		return p.warn
	}
	return p.faint
}

// verdict is the colour of a verdict.
func (p palette) verdict(t Template, d grant.Decision) func(...any) string {
	switch {
	case t.missing(d):
		return p.bad
	case d.Verdict == grant.Unknown || d.Verdict == grant.Elsewhere:
		return p.warn
	case d.Verdict == grant.Added || d.Verdict == grant.RoleAdded || d.Verdict == grant.Allowed:
		return p.good
	}
	return p.faint
}

// Text writes for people: every template's calls, what there is to tell, and a
// line with the numbers.
func Text(w io.Writer, all []Template, o Options) error {
	b := bufio.NewWriter(w)
	p := newPalette(o.Colour)
	for _, t := range all {
		t.text(b, p)
	}
	fmt.Fprintln(b, summarize(all))
	return b.Flush()
}

// Options are what a format can be told.
type Options struct {
	Colour  bool
	Version string // of this tool
}

func (t Template) text(w io.Writer, p palette) {
	called := t.Result != nil && len(t.Result.Decisions) > 0
	if called {
		t.calls(w, p)
	}
	for _, f := range t.Findings {
		ink := p.severity(f.Severity)
		fmt.Fprintf(w, "%s: %s %s\n", p.strong(t.at(f.Line, f.Column)), f.Message(), ink("["+f.Name+"]"))
		if hint := f.Advice(); hint != "" {
			fmt.Fprintf(w, "    %s\n", p.faint("hint: "+hint))
		}
	}
	if t.Result != nil {
		t.policies(w)
	}
	if len(t.Findings) > 0 || called {
		fmt.Fprintln(w)
	}
}

// at is a place as editors and terminals understand it.
func (t Template) at(line, column int) string {
	return fmt.Sprintf("%s:%d:%d", oneLine(t.File), line, column)
}

// calls writes the table of calls.
func (t Template) calls(w io.Writer, p palette) {
	rows := [][]string{{"PLACE", "API", "ROUTE", "FUNCTION", "VERDICT", "REASON"}}
	for _, d := range t.Result.Decisions {
		rows = append(rows, []string{t.at(t.place(d.Call.At())), clip(apiName(d.Call.API), 40), clip(route(d.Call), 60),
			clip(functionName(d.Call.Target), 60), t.verdict(d), clip(t.allowed(d), 100)})
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			row[i] = oneLine(cell)
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			shown := cell
			switch {
			case n == 0:
				shown = p.faint(cell)
			case i == 4:
				shown = p.verdict(t, t.Result.Decisions[n-1])(cell)
			}
			line.WriteString(shown)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// policies writes how large each function's policy is going to be.
func (t Template) policies(w io.Writer) {
	names := t.names()
	for _, x := range t.Result.Policies {
		fmt.Fprintf(w, "policy of %s: %s, about %s of %s bytes\n", oneLine(clip(nameOf(names, x.Function), 60)),
			count(x.Statements, "statement"), thousands(x.Bytes), thousands(PolicyLimit))
	}
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%s %s", thousands(n), what)
}

// A Summary counts over all templates.
type Summary struct {
	Templates int `json:"templates"`
	Calls     int `json:"calls"`
	Missing   int `json:"missing"`
	Added     int `json:"added"`
	Unknown   int `json:"unknown"`
	Warnings  int `json:"warnings"`
	Failed    int `json:"failed"`
}

func summarize(all []Template) Summary {
	s := Summary{Templates: len(all)}
	for _, t := range all {
		if t.Err != nil {
			s.Failed++
		}
		if t.Result == nil {
			continue
		}
		for _, d := range t.Result.Decisions {
			s.Calls++
			switch {
			case t.missing(d):
				s.Missing++
			case d.Verdict == grant.Added || d.Verdict == grant.RoleAdded:
				s.Added++
			case d.Verdict == grant.Unknown || d.Verdict == grant.Elsewhere:
				s.Unknown++
			}
		}
		for _, f := range t.Findings {
			if f.Severity.Matters() && !f.Fails {
				s.Warnings++
			}
		}
	}
	return s
}

// String is the summary as one line.
func (s Summary) String() string {
	line := count(s.Templates, "template") + ", " + s.calls()
	if s.Failed > 0 {
		line += fmt.Sprintf("; %s failed", count(s.Failed, "template"))
	}
	return line
}

func (s Summary) calls() string {
	parts := []string{fmt.Sprintf("%s missing", thousands(s.Missing))}
	for _, x := range []struct {
		n    int
		what string
	}{{s.Added, "added by the macro"}, {s.Unknown, "unknown"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(x.n), x.what))
		}
	}
	if s.Warnings > 0 {
		parts = append(parts, count(s.Warnings, "warning"))
	}
	return fmt.Sprintf("%s: %s", count(s.Calls, "call"), strings.Join(parts, ", "))
}
