package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxRows is how many findings a pull request shows: GitHub takes 65,536
// characters for a comment.
const maxRows = 100

// Markdown writes a summary for a pull request: a table of what fails, the other findings
// folded, each hint once.
func Markdown(w io.Writer, all []Template, o Options) error {
	b := bufio.NewWriter(w)
	var fails, others []Finding
	for _, t := range all {
		for _, f := range t.Findings {
			switch {
			case f.Fails:
				fails = append(fails, f)
			case f.Severity.Matters() || o.Notes:
				others = append(others, f)
			}
		}
	}
	mark := "✅"
	if len(fails) > 0 || slices.ContainsFunc(all, Template.unread) {
		mark = "❌"
	}
	fmt.Fprintf(b, "### %s GrantInvoke: %s\n", mark, summarize(all))
	for _, t := range all {
		if t.unread() {
			fmt.Fprintf(b, "\n%s could not be read: %s\n", code(t.File), inline(t.Err.Error()))
		}
	}
	writeFindings(b, fails)
	if len(others) > 0 {
		slices.SortStableFunc(others, func(x, y Finding) int { return cmp.Compare(y.Severity, x.Severity) })
		fmt.Fprintf(b, "\n<details><summary>%s</summary>\n", count(len(others), "more finding"))
		writeFindings(b, others)
		fmt.Fprint(b, "\n</details>\n")
	}
	return b.Flush()
}

func writeFindings(w io.Writer, all []Finding) {
	if len(all) == 0 {
		return
	}
	var rows, hints [][2]string
	shown := map[string]bool{}
	for i, f := range all {
		if i == maxRows {
			break
		}
		rows = append(rows, [2]string{code(fmt.Sprintf("%s:%d", f.File, f.Line)), inline(f.Message()) + " " + code(f.Name)})
		if hint := f.Advice(); hint != "" && !shown[f.Name+hint] {
			shown[f.Name+hint] = true
			hints = append(hints, [2]string{f.Name, hint})
		}
	}
	fmt.Fprint(w, "\n| where | what |\n| --- | --- |\n")
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s |\n", r[0], r[1])
	}
	if more := len(all) - maxRows; more > 0 {
		fmt.Fprintf(w, "\n%s\n", thousands(more)+" more are not shown here")
	}
	fmt.Fprintln(w)
	for _, h := range hints {
		fmt.Fprintf(w, "- %s: %s\n", code(h[0]), inline(h[1]))
	}
}

// inline is a text for a cell of a table, with all of Markdown's syntax escaped.
func inline(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		if strings.ContainsRune("\\`*_{}[]<>#|~@$&!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code is a text as code in a cell of a table: without pipes, which would end the cell,
// and backticks, which would end the code.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "'", "|", `\|`).Replace(oneLine(s)) + "`"
}
