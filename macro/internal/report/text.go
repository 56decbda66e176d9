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
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
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
	case t.outside(d):
		return p.warn
	case t.missing(d):
		return p.bad
	case d.Verdict == grant.Unknown || d.Verdict == grant.Elsewhere:
		return p.warn
	case d.Verdict == grant.Added || d.Verdict == grant.RoleAdded || d.Verdict == grant.Allowed:
		return p.good
	}
	return p.faint
}

// Text writes the reports for people: the findings about each template, each with its
// line, and a line with the numbers. A hint that several findings share is shown once.
func Text(w io.Writer, all []Template, o Options) error {
	x := text{w: bufio.NewWriter(w), Options: o, palette: newPalette(o.Colour), shownHints: map[string]bool{}}
	for _, t := range all {
		x.template(t)
	}
	s := summarize(all)
	fmt.Fprint(x.w, s)
	if s.Notes > 0 && !o.Notes {
		fmt.Fprintf(x.w, " (%s: -notes shows them)", count(s.Notes, "note"))
	}
	fmt.Fprintln(x.w)
	return x.w.Flush()
}

// Options are those of the formats.
type Options struct {
	Colour   bool
	Table    bool   // text: also the table of calls
	Policies bool   // text: also the size of each function's policy
	Notes    bool   // text: also what nobody has to act on
	Version  string // of this tool
}

// text is the state of writing for people.
type text struct {
	w *bufio.Writer
	Options
	palette
	shownHints map[string]bool
}

func (x text) template(t Template) {
	wrote := false
	if x.Table && t.Result != nil {
		wrote = x.calls(t)
	}
	if x.Policies && t.Result != nil {
		wrote = x.policies(t) || wrote
	}
	wrote = x.live(t) || wrote
	found := false
	for _, group := range groups(t.Findings) {
		if !x.Notes && !group[0].Severity.Matters() {
			continue
		}
		if wrote && !found {
			fmt.Fprintln(x.w)
		}
		x.findings(group)
		found = true
	}
	if wrote || found {
		fmt.Fprintln(x.w)
	}
}

// fewSnippets is how many findings of a group each show their line; of a larger group
// only the first does.
const fewSnippets = 3

// findings writes the findings of a group, and the hint that they share.
func (x text) findings(group []Finding) {
	for i, f := range group {
		ink := x.severity(f.Severity)
		message := f.Message()
		if f.Construct != "" {
			message += ", construct " + oneLine(f.Construct)
		}
		fmt.Fprintf(x.w, "%s: %s %s\n", x.strong(f.Place), message, ink("["+f.Name+"]"))
		if i == 0 || len(group) <= fewSnippets && f.Place != group[i-1].Place {
			f.snippet(x.w, x.palette)
		}
	}
	hint := group[0].Advice()
	if key := group[0].Name + "\n" + hint; hint != "" && !x.shownHints[key] {
		x.shownHints[key] = true
		fmt.Fprintf(x.w, "  %s\n", x.faint("hint: "+hint))
	}
}

// groups returns the findings in groups with the same reason and hint, in the order of
// the first of each.
func groups(all []Finding) [][]Finding {
	var out [][]Finding
	at := map[string]int{}
	for _, f := range all {
		key := f.Name + "\n" + f.Advice()
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}

// calls writes the table of calls; where one has a condition, there is a column
// for it. It reports whether there are any.
func (x text) calls(t Template) bool {
	head := []string{"PLACE", "ORIGIN", "ROUTE", "FUNCTION", "CONDITION", "VERDICT", "REASON"}
	const condition, verdict = 4, 5
	rows := [][]string{head}
	if len(t.Result.Decisions) == 0 {
		return false
	}
	conditional := false
	for _, d := range t.Result.Decisions {
		conditional = conditional || len(d.Call.When) > 0
		rows = append(rows, []string{t.place(d.Call.At()).String(), clip(originName(d.Call.Origin), 40), clip(routeAndEvent(d.Call), 60),
			clip(functionName(d.Call.Target), 60), clip(d.Call.When.String(), 40), t.verdict(d), clip(t.allowed(d), 100)})
	}
	widths := make([]int, len(head))
	for _, row := range rows {
		for i, cell := range row {
			row[i] = oneLine(cell)
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if i == condition && !conditional {
				continue
			}
			shown := cell
			switch {
			case n == 0:
				shown = x.faint(cell)
			case i == verdict:
				shown = x.verdict(t, t.Result.Decisions[n-1])(cell)
			}
			line.WriteString(shown)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		fmt.Fprintln(x.w, strings.TrimRight(line.String(), " "))
	}
	return true
}

// policies writes how large each function's policy is, and how large it would
// be with what is missing.
func (x text) policies(t Template) bool {
	names := t.names()
	for _, p := range t.Result.Policies {
		now := t.policy(p)
		size := count(now.Statements, "statement")
		if now.Statements < p.Statements {
			size = fmt.Sprintf("%s now, %s with what is missing", size, thousands(p.Statements))
		}
		fmt.Fprintf(x.w, "policy of %s: %s, about %s of %s bytes\n", oneLine(clip(t.nameOf(names, p.Function), 60)),
			size, thousands(p.Bytes), thousands(policy.MaxBytes))
	}
	return len(t.Result.Policies) > 0
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%s %s", thousands(n), what)
}
