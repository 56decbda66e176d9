package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// GitHub writes workflow commands, which GitHub shows at the lines of a pull
// request
// (https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions).
// The last line is the summary, as [Text] has it.
func GitHub(w io.Writer, all []Template, _ Options) error {
	b := bufio.NewWriter(w)
	for _, t := range all {
		for _, f := range t.Findings {
			fmt.Fprintf(b, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", command(f.Severity), property(f.File), f.Line, f.Column,
				property(f.Name), data(withAdvice(f)))
		}
		if t.unread() {
			fmt.Fprintf(b, "::error file=%s::%s\n", property(t.File), data(t.Err.Error()))
		}
	}
	fmt.Fprintln(b, summarize(all))
	return b.Flush()
}

// command is GitHub's word for a severity.
func command(s finding.Severity) string {
	switch s {
	case finding.Fault:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "notice"
}

// withAdvice is the finding with its hint in a line of its own.
func withAdvice(f Finding) string {
	if hint := f.Advice(); hint != "" {
		return f.Message() + "\nhint: " + hint
	}
	return f.Message()
}

// data and property escape the parts of a command: a line break would end the command, a
// colon or comma the property.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(s string) string     { return dataEscapes.Replace(s) }
func property(s string) string { return propertyEscapes.Replace(s) }
