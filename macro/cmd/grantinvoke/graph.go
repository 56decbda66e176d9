package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

var graphCommand = subcommand{
	name:  "graph",
	args:  "TEMPLATE...",
	short: "draw which API calls which function",
	long: `
TEMPLATE is a file, a folder, a pattern, or - for standard input; an application's
stacks stand in one picture. What nothing allows and what is allowed more than
needed stands out. HTML is one page without network access; SVG and PNG are drawn
by Graphviz's dot, where that is installed. The status is 1 where the macro fails.`,
	examples: []example{
		{"a diagram for a README", "grantinvoke graph template.yaml"},
		{"for Graphviz", "grantinvoke graph -format dot template.yaml"},
		{"a page with search", "grantinvoke graph -format html template.yaml > calls.html"},
	},
	make: func() task { return &graph{format: choices("mermaid", "dot", "html", "svg", "png")} },
}

type graph struct {
	settings
	format    *choice
	installed bool
}

func (t *graph) flags(fs *flag.FlagSet) {
	t.settings.flags(fs)
	fs.Var(t.format, "format", "how to draw")
	fs.BoolVar(&t.installed, "macro-installed", false, "the macro runs on every template, named or not")
}

// pictures has the formats of -format.
var pictures = map[string]func(io.Writer, []report.Template, report.Options) error{
	"mermaid": report.Mermaid,
	"dot":     report.DOT,
	"html":    report.HTML,
	"svg":     byDot("svg"),
	"png":     byDot("png"),
}

// byDot returns the function that draws with Graphviz, from the format dot.
func byDot(format string) func(io.Writer, []report.Template, report.Options) error {
	return func(w io.Writer, all []report.Template, o report.Options) error {
		program, err := exec.LookPath("dot")
		if err != nil {
			return finding.Errorf("", "install Graphviz, or use -format html", "dot is not installed, which draws %s", format)
		}
		var in, complaints bytes.Buffer
		if err := report.DOT(&in, all, o); err != nil {
			return err
		}
		cmd := exec.Command(program, "-T"+format)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, w, &complaints
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %v: %s", program, err, strings.TrimSpace(complaints.String()))
		}
		return nil
	}
}

func (t *graph) run(c Command, args []string) error {
	if len(args) == 0 {
		return usage("name a file, or - for standard input", "no template")
	}
	if err := t.prepare(c); err != nil {
		return err
	}
	files, err := inputs(args, false)
	if err != nil {
		return err
	}
	installed := t.installed || t.config.macroInstalled
	a := t.studyApplication(c, t.studyAll(c, t.config.notExcluded(files), installed), installed)
	t.ignore(a.subjects)
	var names []string
	var failed error
	for _, x := range a.subjects {
		names = append(names, x.names...)
		if err := x.failure(); err != nil && failed == nil {
			failed = err
		}
		if x.report.Result == nil && len(a.subjects) == 1 {
			return failed
		}
	}
	if err := t.unused(names); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := pictures[t.format.value](&b, a.pictured(t.config.ignore), report.Options{}); err != nil {
		return unreadable(err)
	}
	if _, err := c.Stdout.Write(b.Bytes()); err != nil {
		return unreadable(err)
	}
	return failed
}

// pictured returns the reports to draw: templates that belong together as one.
func (a *application) pictured(ignored []*report.Ignore) []report.Template {
	var out []report.Template
	of := map[*subject]*composition{}
	for _, c := range a.composed {
		for _, x := range c.owner {
			of[x] = c
		}
	}
	seen := map[*composition]bool{}
	for _, x := range a.subjects {
		c := of[x]
		switch {
		case c == nil:
			out = append(out, x.report)
		case !seen[c]:
			seen[c] = true
			out = append(out, c.whole.Ignore(ignored))
		}
	}
	return out
}
