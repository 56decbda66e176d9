package main

import (
	"bytes"
	"flag"
	"io"

	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

var graphCommand = subcommand{
	name:  "graph",
	args:  "TEMPLATE",
	short: "draw which API calls which function",
	long: `
TEMPLATE is a file, or - for standard input. What nothing allows and what is
allowed more than needed stands out. Mermaid is for a README, DOT for Graphviz,
and HTML is one page to look through, which needs no network.

The status is 1 where the macro fails with the template; the picture is drawn
all the same.`,
	examples: []example{
		{"a diagram for a README", "grantinvoke graph template.yaml"},
		{"a picture, with Graphviz: pipe it into dot -Tsvg", "grantinvoke graph -format dot template.yaml"},
		{"a page with search", "grantinvoke graph -format html template.yaml > calls.html"},
	},
	make: func() task { return &graph{format: choices("mermaid", "dot", "html")} },
}

type graph struct {
	settings
	format    *choice
	installed bool
}

func (t *graph) flags(fs *flag.FlagSet) {
	t.settings.flags(fs)
	fs.Var(t.format, "format", "how to draw")
	fs.BoolVar(&t.installed, "macro-installed", false, "the macro runs on the template, whether it names it or not")
}

// pictures are what -format names.
var pictures = map[string]func(io.Writer, report.Template, report.Options) error{
	"mermaid": report.Mermaid,
	"dot":     report.DOT,
	"html":    report.HTML,
}

func (t *graph) run(c Command, args []string) error {
	s, err := t.one(c, args, t.installed)
	if err != nil {
		return err
	}
	t.ignore([]*subject{s})
	shown := s.report
	if a := t.whole(c, []*subject{s}, t.installed); len(a.composed) == 1 {
		shown = a.composed[0].whole // nested stacks in the same picture
	}
	var b bytes.Buffer
	if err := pictures[t.format.value](&b, shown, report.Options{}); err != nil {
		return unreadable(err)
	}
	if _, err := c.Stdout.Write(b.Bytes()); err != nil {
		return unreadable(err)
	}
	return s.failure()
}
