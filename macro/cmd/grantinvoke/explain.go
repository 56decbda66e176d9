package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
)

var explainCommand = subcommand{
	name:  "explain",
	args:  "[TEXT]",
	short: "explain an error message of AWS, or a reason of this tool",
	long: `
TEXT is what you met: a message of CloudFormation, Lambda or API Gateway, a part
of one, the name of a reason such as no-stage, or of a service such as s3.
Without it, standard input is read: a log can be piped in.`,
	examples: []example{
		{"an error from a log", `grantinvoke explain "Invalid permissions on Lambda function"`},
		{"a reason that check names", "grantinvoke explain no-stage"},
		{"what comes of a missing permission of a service", "grantinvoke explain events"},
		{"all of a log", "grantinvoke explain < deploy.log"},
		{"what can be explained", "grantinvoke explain -list"},
	},
	make: func() task { return &explain{} },
}

type explain struct {
	list, markdown bool
	macro          string
}

func (t *explain) flags(fs *flag.FlagSet) {
	fs.BoolVar(&t.list, "list", false, "list what can be explained")
	fs.StringVar(&t.macro, "macro", "GrantInvoke", "the macro's `NAME`")
	fs.BoolVar(&t.markdown, "markdown", false, "write all of it as Markdown")
}

func (t *explain) run(c Command, args []string) error {
	switch {
	case t.list:
		for _, x := range troubles() {
			fmt.Fprintf(c.Stdout, "%-24s  %s\n", x.name, x.text)
		}
		for _, r := range report.Reasons() {
			fmt.Fprintf(c.Stdout, "%-24s  %s\n", r.Name, r.Sentence)
		}
		return nil
	case t.markdown:
		writeTroubles(c.Stdout)
		return nil
	}
	text := strings.Join(args, " ")
	if text == "" && isTerminalInput(c.Stdin) {
		return usage("grantinvoke explain -list shows what can be explained", "no text")
	}
	if text == "" || text == "-" {
		data, err := c.read("-")
		if err != nil {
			return err
		}
		text = string(data)
	}
	found := explanations(text, t.macro)
	for i, x := range found {
		if i > 0 {
			fmt.Fprintln(c.Stdout)
		}
		x.write(c.Stdout)
	}
	if len(found) == 0 {
		return &exit{exitFindings, "nothing in this text is known", finding.Meant(strings.TrimSpace(text), explained(), "grantinvoke explain -list shows what is")}
	}
	return nil
}

// explained returns the names of everything that can be explained.
func explained() []string {
	var names []string
	for _, x := range troubles() {
		names = append(names, x.name)
	}
	for _, r := range report.Reasons() {
		names = append(names, r.Name)
	}
	return names
}

// explanations returns what explains a text: reasons first, since they are more exact.
// A general trouble is returned only where nothing else was found. Failures of
// transforms other than the macro get an explanation of their own.
func explanations(text, macro string) []trouble {
	var out []trouble
	word := strings.TrimSpace(text)
	for _, r := range report.Reasons() {
		name := regexp.QuoteMeta(r.Name)
		if regexp.MustCompile(`(?m)(^|["' ])`+name+`: |\[`+name+`\]`).MatchString(text) || word == r.Name {
			out = append(out, trouble{name: r.Name, means: sentence(r.Sentence), do: []string{r.Hint}})
		}
	}
	other, ours := "", 0
	for _, x := range troubles() {
		general := slices.ContainsFunc(generalTroubles, func(g trouble) bool { return g.name == x.name })
		found, of := x.find(text, macro)
		if found && x.ours {
			ours++
		}
		if word == x.name || found && !(general && len(out) > 0) {
			out = append(out, x)
		}
		other = cmp.Or(other, of)
	}
	switch {
	case other == "" || ours > 0:
	case strings.HasPrefix(other, "AWS::Serverless"):
		out = append(out, samFailed)
	default:
		out = append(out, otherTransform)
	}
	return out
}

// sentence returns a reason's text with a capital and a full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

func (x trouble) write(w io.Writer) {
	title := x.name
	if x.text != "" {
		title += ": " + x.text
	}
	fmt.Fprintf(w, "%s\n\n%s", title, wrap(x.means, "  ", "  "))
	if x.see != "" {
		fmt.Fprintf(w, "\n  See it:\n%s", wrap(x.see, "    ", "    "))
	}
	fmt.Fprintln(w, "\n  What to do:")
	for _, line := range x.do {
		fmt.Fprint(w, wrap(line, "  - ", "    "))
	}
}

// width is how many columns explanations have.
const width = 78

// wrap breaks a text into lines, with one prefix for the first and another for the
// others.
func wrap(text, first, other string) string {
	var b strings.Builder
	line := first
	empty := true
	for _, word := range strings.Fields(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			b.WriteString(line + "\n")
			line, empty = other, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	return b.String() + line + "\n"
}

// writeTroubles writes all troubles as Markdown.
func writeTroubles(w io.Writer) {
	for i, x := range troubles() {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "### `%s`\n\n%s\n\nSee it: %s\n\n", x.text, x.means, x.see)
		for _, line := range x.do {
			fmt.Fprintf(w, "- %s\n", line)
		}
	}
}
