package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// help lists the commands.
func (c Command) help(w io.Writer) {
	fmt.Fprint(w, `GrantInvoke adds the permissions that services need to call the Lambda functions
of a CloudFormation template. The macro does it during a deployment;
this tool shows the same here, without AWS.

Usage: grantinvoke COMMAND [FLAGS] [ARGUMENTS]

`)
	for _, s := range subcommands() {
		fmt.Fprintf(w, "  %-11s %s\n", s.name, s.short)
	}
	fmt.Fprint(w, `
grantinvoke COMMAND -h tells more, with examples. Flags may stand before or
behind the arguments.

`+statuses+`
Environment: NO_COLOR turns colours off. GRANTINVOKE_OPTIONS sets options for all
templates (Name=Value, separated by commas), as it does for the macro's function.
`)
}

// statuses explains the exit statuses.
const statuses = `Exit status: 0 all is well, 1 something is missing or unknown, 2 the command
line is wrong, 3 a file can't be read or is no template.
`

// help writes the page of a subcommand.
func (s subcommand) help(w io.Writer, fs *flag.FlagSet) {
	line := "grantinvoke " + s.name
	hasFlags := false
	fs.VisitAll(func(*flag.Flag) { hasFlags = true })
	if hasFlags {
		line += " [FLAGS]"
	}
	if s.args != "" {
		line += " " + s.args
	}
	fmt.Fprintf(w, "Usage: %s\n\n%s.\n", line, strings.ToUpper(s.short[:1])+s.short[1:])
	if s.long != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(s.long))
	}
	if hasFlags {
		fmt.Fprintln(w, "\nFlags:")
		fs.VisitAll(func(f *flag.Flag) { writeFlag(w, f) })
	}
	if len(s.examples) > 0 {
		fmt.Fprintln(w, "\nExamples:")
		for _, e := range s.examples {
			fmt.Fprintf(w, "  # %s\n  %s\n", e.does, e.line)
		}
	}
	if x, ok := sampleOf(s.name); ok {
		fmt.Fprintf(w, "\n  $ %s\n", x.line)
		for _, line := range x.output {
			fmt.Fprintln(w, strings.TrimRight("  "+line, " "))
		}
	}
	fmt.Fprint(w, "\n"+statuses)
}

// flagColumn is the column in which the texts of flags begin.
const flagColumn = 26

// writeFlag writes one flag with its text, in one line. The word in back quotes of the
// text names its value.
func writeFlag(w io.Writer, f *flag.Flag) {
	name, text := flag.UnquoteUsage(f)
	if c, ok := f.Value.(*choice); ok {
		name = "WORD"
		text += ": " + strings.Join(c.valid, ", ")
	} else if name != "" && f.DefValue != "" {
		text += "; by default " + f.DefValue
	}
	head := "  -" + f.Name
	if name != "" {
		head += " " + name
	}
	fmt.Fprintf(w, "%-*s %s\n", flagColumn, head, text)
}
