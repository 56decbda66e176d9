package main

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

var previewCommand = subcommand{
	name:  "preview",
	args:  "TEMPLATE",
	short: "show a template with what the macro adds",
	long: `
Writes the template to standard output as the macro would return it, with its
comments, order and quotes; what stays unknown is told on standard error. A
second time nothing is added. TEMPLATE is a file, or - for standard input; with
-diff and -w it can be several, folders and patterns too.`,
	examples: []example{
		{"what the macro would make of a template", "grantinvoke preview template.yaml"},
		{"only what changes", "grantinvoke preview -diff template.yaml"},
		{"with permissions for whole APIs instead of routes", "grantinvoke preview -diff -o Scope=api template.yaml"},
		{"write it into the file", "grantinvoke preview -w template.yaml"},
		{"a template on standard input", "grantinvoke preview - < template.yaml"},
	},
	make: func() task { return &preview{rewrite: rewrite{color: choices("auto", "always", "never")}} },
}

type preview struct {
	settings
	rewrite
}

func (t *preview) flags(fs *flag.FlagSet) {
	t.settings.flags(fs)
	t.rewrite.flags(fs)
	fs.BoolVar(&t.write, "w", false, "write the file in place")
}

func (t *preview) run(c Command, args []string) error {
	if t.refusal = exitUnreadable; t.write {
		t.refusal = exitFindings
	}
	return t.rewrite.run(c, &t.settings, args, func(s *subject) ([]byte, error) {
		if t.write && !t.diff {
			if err := t.certain(s); err != nil {
				return nil, err
			}
		}
		return t.granted(s, t.write)
	})
}

// A rewrite is what preview and eject have in common.
type rewrite struct {
	diff, write bool
	color       *choice
	refusal     int // the exit status where a template can't be changed
}

func (r *rewrite) flags(fs *flag.FlagSet) {
	fs.BoolVar(&r.diff, "diff", false, "show a unified diff and change nothing")
	fs.Var(r.color, "color", "when a diff has colours")
}

// run changes each template by f, and shows or writes it. No file is written unless
// all of them can be.
func (r *rewrite) run(c Command, s *settings, args []string, f func(*subject) ([]byte, error)) error {
	all, err := r.subjects(c, s, args)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(c.Stderr, "grantinvoke: no template there names the macro, nothing is changed; hint: name the files themselves")
	}
	texts, failed := make([][]byte, len(all)), make([]error, len(all))
	some := false
	for i, x := range all {
		if failed[i] = x.failure(); failed[i] == nil {
			if texts[i], err = f(x); err != nil {
				failed[i] = &exit{status: r.refusal, message: err.Error()}
			}
		}
		some = some || failed[i] != nil
	}
	status := exitOK
	for i, x := range all {
		err := failed[i]
		if err == nil && (!some || !r.write || r.diff) {
			c.warn(x)
			err = r.emit(c, x, texts[i])
		}
		if err == nil {
			continue
		}
		if len(all) == 1 {
			return err
		}
		fmt.Fprintln(c.Stderr, "grantinvoke: "+err.Error())
		status = max(status, statusOf(err))
	}
	if status != exitOK {
		return &exit{status: status}
	}
	return nil
}

func (r *rewrite) subjects(c Command, s *settings, args []string) ([]*subject, error) {
	if len(args) == 0 {
		return nil, usage("name a file, or - for standard input", "no template")
	}
	if len(args) > 1 && !r.write && !r.diff {
		return nil, usage("-diff and -w take several", "more than one template")
	}
	if err := s.prepare(c); err != nil {
		return nil, err
	}
	files, err := inputs(args, false)
	if err != nil {
		return nil, err
	}
	if len(files) != 1 && !r.write && !r.diff {
		return nil, usage("-diff and -w take a folder", "%s: is not one template", args[0])
	}
	files = s.config.notExcluded(files)
	all := slices.DeleteFunc(s.studyAll(c, files, true), func(x *subject) bool {
		return x.found && len(x.mentions) == 0 && !bytes.Contains(x.data, []byte(s.macro))
	})
	s.ignore(all)
	var names []string
	for _, x := range all {
		names = append(names, x.names...)
	}
	return all, s.unused(names)
}

// emit shows the changed template, or its difference, or writes it back.
func (r *rewrite) emit(c Command, x *subject, after []byte) error {
	var err error
	switch {
	case r.diff:
		name := strings.TrimPrefix(filepath.ToSlash(x.name), "/") // as git has it
		_, err = c.Stdout.Write(paint(unified("a/"+name, "b/"+name, x.data, after), c.coloured(r.color.value)))
	case r.write && x.name == "-":
		return usage("without it the template goes to standard output", "standard input can't be written in place")
	case r.write && bytes.Equal(x.data, after):
	case r.write:
		err = replaceFile(x.name, after)
	default:
		_, err = c.Stdout.Write(after)
	}
	if err != nil {
		return unreadable(err)
	}
	return nil
}

// warn writes to standard error which calls stay unknown.
func (c Command) warn(x *subject) {
	c.warnInner(x)
	for _, f := range x.report.Findings {
		if f.Fails {
			fmt.Fprintf(c.Stderr, "grantinvoke: %s: %s\n", f.Place, f)
		}
	}
}

// warnInner writes to standard error which places inside of resources name the macro:
// what it does there is not shown.
func (c Command) warnInner(x *subject) {
	for _, m := range x.mentions {
		if m.inner {
			at := x.file.Position(m.at)
			fmt.Fprintf(c.Stderr, "grantinvoke: %s:%d:%d: %s: names the macro for a part of the template; hint: this tool shows what it does to the whole\n",
				x.name, at.Line, at.Column, place(m.at))
		}
	}
}
