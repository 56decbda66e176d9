package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

var checkCommand = subcommand{
	name:  "check",
	args:  "TEMPLATE...",
	short: "find calls of functions that nothing allows",
	long: `
TEMPLATE is a file, a folder, a pattern such as 'stacks/*.yaml', or - for standard
input. Nested stacks are followed. What the macro is going to allow is fine: it
runs where the template names it in its Transform section, or -macro-installed.
Settings, and what to ignore, may stand in .grantinvoke.yaml, here or above.
-live takes what aws lambda get-policy prints: what was added by hand, will it fit.`,
	examples: []example{
		{"one template", "grantinvoke check template.yaml"},
		{"all templates of a repository, as a pipeline would", "grantinvoke check -macro-installed ."},
		{"with a deployment's values, for GitHub's code scanning", "grantinvoke check -params prod.json -format sarif template.yaml > a.sarif"},
	},
	make: func() task {
		return &check{format: choices("text", "json", "sarif", "junit", "github", "markdown"), color: choices("auto", "always", "never")}
	},
}

type check struct {
	settings
	deployed
	format, color     *choice
	installed, strict bool
	others, notes     bool
	table             toggle
}

func (t *check) flags(fs *flag.FlagSet) {
	t.settings.flags(fs)
	t.deployed.flags(fs)
	fs.Var(t.format, "format", "how to write")
	fs.Var(t.color, "color", "when to use colours")
	fs.BoolVar(&t.installed, "macro-installed", false, "the macro runs on every template, named or not")
	fs.Var(&t.table, "table", "all calls too, and each policy's size; few calls in any case")
	fs.BoolVar(&t.notes, "notes", false, "tell also what nobody has to act on")
	fs.BoolVar(&t.others, "skip-others", false, "skip named files that are no templates, too")
	fs.BoolVar(&t.strict, "strict", false, "status 1 for warnings too")
}

// formats has the formats of -format.
var formats = map[string]func(io.Writer, []report.Template, report.Options) error{
	"text":     report.Text,
	"json":     report.JSON,
	"sarif":    report.SARIF,
	"junit":    report.JUnit,
	"github":   report.GitHub,
	"markdown": report.Markdown,
}

func (t *check) run(c Command, args []string) error {
	if len(args) == 0 {
		return usage("name a file, a folder, or - for standard input", "no template")
	}
	if err := t.prepare(c); err != nil {
		return err
	}
	files, err := inputs(args, t.others)
	if err != nil {
		return err
	}
	t.settled = true
	files = t.config.notExcluded(files)
	installed := t.installed || t.config.macroInstalled
	all := t.studyApplication(c, t.studyAll(c, files, installed), installed).subjects
	t.ignore(all)
	if len(all) == 0 && !t.others {
		return &exit{exitUnreadable, "no template in " + fmt.Sprint(len(files)) + " files", "templates are *.yaml, *.yml, *.json and *.template with a Resources section"}
	}
	if t.deployed.given() {
		if err := t.deployed.compare(c, t, len(args), all); err != nil {
			return err
		}
	}
	var names []string
	reports := make([]report.Template, len(all))
	for i, s := range all {
		reports[i], names = s.report, append(names, s.names...)
		c.warnInner(s)
	}
	if err := t.unused(names); err != nil {
		return err
	}
	options := report.Options{Colour: t.format.value == "text" && c.coloured(t.color.value), Version: version().tool,
		Table: t.table.on || !t.table.given && few(args, reports), Policies: t.table.on, Notes: t.notes}
	if err := formats[t.format.value](c.Stdout, reports, options); err != nil {
		return unreadable(err)
	}
	t.warnIgnores(c, args)
	return t.status(c, reports)
}

// fewCalls is up to how many calls there is a table without -table.
const fewCalls = 50

// few reports whether the run is about one template with few calls.
func few(args []string, all []report.Template) bool {
	return len(args) == 1 && len(all) == 1 && all[0].Result != nil && len(all[0].Result.Decisions) <= fewCalls
}

// status writes to standard error which templates can't be read, and returns the exit
// status of the run.
func (t *check) status(c Command, all []report.Template) error {
	status := exitOK
	for _, r := range all {
		if r.Failed() || (t.strict || t.config.isStrict) && r.Warned() {
			status = max(status, exitFindings)
		}
		if r.Err != nil && !r.Failed() {
			fmt.Fprintln(c.Stderr, "grantinvoke: check: "+r.Err.Error())
			status = exitUnreadable
		}
	}
	if status == exitOK {
		return nil
	}
	return &exit{status: status}
}
