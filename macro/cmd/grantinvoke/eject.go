package main

import (
	"flag"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

var ejectCommand = subcommand{
	name:  "eject",
	args:  "TEMPLATE",
	short: "write what the macro adds into a template, for good",
	long: `
Writes into the file what the macro would add, and takes the macro out of its
Transform section. The logical ids are those that the macro gives, so that the
next deployment changes nothing in the stack. With the macro or without it the
template then means the same. Where a call can't be known, or this tool can't
see what the macro will see, no file is changed and the status is 1.

TEMPLATE is a file, or - for standard input, which goes to standard output. It
can be several, folders and patterns too: of those what names the macro.`,
	examples: []example{
		{"look first", "grantinvoke eject -diff template.yaml"},
		{"do it", "grantinvoke eject template.yaml"},
	},
	make: func() task { return &eject{rewrite: rewrite{color: choices("auto", "always", "never")}} },
}

type eject struct {
	settings
	rewrite
}

func (t *eject) flags(fs *flag.FlagSet) {
	t.settings.flags(fs)
	t.rewrite.flags(fs)
}

func (t *eject) run(c Command, args []string) error {
	t.write, t.refusal = len(args) != 1 || args[0] != "-", exitFindings
	return t.rewrite.run(c, &t.settings, args, t.text)
}

// text returns the template with its grants and without the macro.
func (t *eject) text(s *subject) ([]byte, error) {
	for _, m := range s.mentions {
		if m.inner {
			return nil, finding.Errorf(s.name, "name it in the Transform section alone", "%s names the macro inside a resource", place(m.at))
		}
	}
	if err := t.certain(s); err != nil {
		return nil, err
	}
	out, err := t.granted(s, true)
	if err != nil || len(s.mentions) == 0 {
		return out, err
	}
	file, err := source.Read(s.name, out)
	if err != nil {
		return nil, err
	}
	var at []jsontext.Pointer
	for _, m := range mentions(file.JSON(), t.macro) {
		at = append(at, m.at)
	}
	return file.Remove(at...)
}

// place returns a pointer as messages have it.
func place(p jsontext.Pointer) string {
	return strings.ReplaceAll(strings.Trim(string(p), "/"), "/", ".")
}
