package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// The exit statuses.
const (
	exitOK         = iota
	exitFindings   // a call is missing or unknown, or there is nothing to explain
	exitUsage      // the command line is wrong
	exitUnreadable // a file can't be read or written, or is no template
)

// A Command is one run of the tool.
type Command struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
}

// A subcommand is one row of the table of commands.
type subcommand struct {
	name     string
	args     string // what follows the flags in the usage line
	short    string // one line
	long     string // the rest of what -h says
	examples []example
	make     func() task
}

// An example is a command line and what it is for. Tests run all of them.
type example struct{ does, line string }

// A task is one run of a subcommand: it declares its flags, and then runs with the
// other arguments.
type task interface {
	flags(*flag.FlagSet)
	run(Command, []string) error
}

// subcommands returns the table of commands, in the order of the help.
func subcommands() []subcommand {
	return []subcommand{previewCommand, checkCommand, graphCommand, ejectCommand, auditCommand, explainCommand, eventCommand,
		docsCommand, completionCommand, versionCommand}
}

// An exit is an error with the status to end with. Its message is empty where
// everything was written already.
type exit struct {
	status        int
	message, hint string
}

func (e *exit) Error() string {
	return finding.Line(e.message, e.hint)
}

// usage returns the error that the command line is wrong.
func usage(hint, format string, args ...any) error {
	return &exit{exitUsage, fmt.Sprintf(format, args...), hint}
}

func unreadable(err error) error {
	_, message, hint := finding.Parts(err)
	return &exit{exitUnreadable, message, hint}
}

// Main runs the command that the arguments name and returns its exit status.
func (c Command) Main(args []string) int {
	err := c.dispatch(args)
	if err == nil {
		return exitOK
	}
	var e *exit
	if !errors.As(err, &e) {
		e = &exit{status: exitUnreadable, message: err.Error()}
	}
	if e.message != "" {
		fmt.Fprintln(c.Stderr, "grantinvoke: "+e.Error())
	}
	return e.status
}

func (c Command) dispatch(args []string) error {
	if len(args) == 0 {
		c.help(c.Stderr)
		return &exit{status: exitUsage}
	}
	name, rest := args[0], args[1:]
	switch name {
	case "-h", "-help", "--help", "help":
		if len(rest) == 0 {
			c.help(c.Stdout)
			return nil
		}
		name, rest = rest[0], []string{"-h"}
	case "-version", "--version":
		name = versionCommand.name
	}
	all := subcommands()
	i := slices.IndexFunc(all, func(s subcommand) bool { return s.name == name })
	if i < 0 {
		var names []string
		for _, s := range all {
			names = append(names, s.name)
		}
		return usage(finding.Meant(name, names, "grantinvoke -h lists the commands"), "no command %q", name)
	}
	return c.start(all[i], rest)
}

// start parses the flags of a subcommand, before and after its arguments, and runs
// it.
func (c Command) start(s subcommand, args []string) error {
	t := s.make()
	fs := flag.NewFlagSet(s.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	t.flags(fs)
	args, err := parse(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		s.help(c.Stdout, fs)
		return nil
	}
	if err != nil {
		return usage(flagHint(fs, err)+"grantinvoke "+s.name+" -h", "%s: %s", s.name, flagMessage(err))
	}
	if err := t.run(c, args); err != nil {
		var e *exit
		if errors.As(err, &e) && e.message != "" {
			return &exit{e.status, s.name + ": " + e.message, e.hint}
		}
		return err
	}
	return nil
}

// noFlag begins the error of package flag for a flag that isn't declared.
const noFlag = "flag provided but not defined: -"

// flagMessage returns an error of package flag without the value, which may be secret.
func flagMessage(err error) string {
	const between = " for flag "
	s := err.Error()
	if name, ok := strings.CutPrefix(s, noFlag); ok {
		return "there is no flag -" + strings.TrimLeft(name, "-")
	}
	if i := strings.LastIndex(s, between); i >= 0 {
		return s[i+len(between):]
	}
	return s
}

// flagHint names the flag that was most likely meant, where there is none of the name.
func flagHint(fs *flag.FlagSet, err error) string {
	name, unknown := strings.CutPrefix(err.Error(), noFlag)
	if !unknown {
		return ""
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := finding.Nearest(strings.TrimLeft(name, "-"), names); near != "" {
		return "did you mean -" + near + "? "
	}
	return ""
}

// parse parses flags before, between and after arguments, and returns the arguments.
// Whatever follows "--" is an argument.
func parse(fs *flag.FlagSet, args []string) (rest []string, err error) {
	var last []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, last = args[:i], args[i+1:]
	}
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return append(rest, last...), nil
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
}

// statusOf returns the exit status for an error.
func statusOf(err error) int {
	var e *exit
	if errors.As(err, &e) {
		return e.status
	}
	return exitUnreadable
}
