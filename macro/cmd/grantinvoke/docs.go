package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

var docsCommand = subcommand{
	name:  "docs",
	args:  "TABLE",
	short: "print a table of the documentation",
	long: `
TABLE is one of those that the README and the documentation show, as Markdown:
kinds (of places from which a service calls a function), services (what each does
without its permission), verdicts, reasons, options, errors and commands. Or it
is schema: the JSON Schema of what check writes as JSON.`,
	examples: []example{
		{"the reasons that check can name", "grantinvoke docs reasons"},
		{"the schema for a program that reads check's output", "grantinvoke docs schema"},
	},
	make: func() task { return docs{} },
}

type docs struct{}

func (docs) flags(*flag.FlagSet) {}

// A table is one that the subcommand docs prints.
type table struct {
	name  string
	write func(io.Writer)
}

func tables() []table {
	return []table{
		{"kinds", report.Kinds},
		{"services", writeServices},
		{"verdicts", report.Verdicts},
		{"reasons", report.ReasonTable},
		{"options", report.OptionTable},
		{"errors", writeTroubles},
		{"commands", writeCommands},
		{"schema", func(w io.Writer) { fmt.Fprint(w, report.Schema) }},
	}
}

func (docs) run(c Command, args []string) error {
	all := tables()
	var names []string
	for _, t := range all {
		names = append(names, t.name)
	}
	valid := "one of " + strings.Join(names, ", ")
	if len(args) == 1 && !slices.Contains(names, args[0]) {
		return usage(finding.Meant(args[0], names, valid), "no table %q", args[0])
	}
	if len(args) != 1 {
		return usage(valid, "name a table")
	}
	all[slices.Index(names, args[0])].write(c.Stdout)
	return nil
}

// writeServices writes a section for each service: its principal, and what happens
// without a permission.
func writeServices(w io.Writer) {
	for _, s := range report.Services() {
		x := s.Without
		if x.Text == "" {
			continue
		}
		fmt.Fprintf(w, "### %s\n\n`%s`, called by `%s`.", s.Title, s.Name, s.Principal)
		if s.Before {
			fmt.Fprint(w, " It is tried while the resource is made: the permission comes first.")
		}
		fmt.Fprintf(w, "\n\n%s\n\nSee it: %s\n\n", x.Means, x.See)
		for _, line := range x.Do {
			fmt.Fprintf(w, "- %s\n", line)
		}
		fmt.Fprintln(w)
	}
}

func writeCommands(w io.Writer) {
	fmt.Fprint(w, "| command | what |\n| --- | --- |\n")
	for _, s := range subcommands() {
		fmt.Fprintf(w, "| `grantinvoke %s` | %s |\n", strings.TrimSpace(s.name+" "+s.args), s.short)
	}
}
