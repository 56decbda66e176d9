// Package finding is what people are told about a template: a reason, a place, details and
// what to do. A finding is a value until it is written; there is one way to write it.
package finding

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A Reason is one kind of finding. Its name never changes: people write it into their
// pipelines. The package that finds it has it in its list Reasons.
type Reason struct {
	Name     string // "no-stage"
	Severity Severity
	Sentence string // what is wrong: lower case, no full stop
	Hint     string // what to do, where a finding has no hint of its own
	Hides    bool   // there may be calls that can't be seen
	Unread   bool   // what is at the place isn't read: shown once where the place can't be shown either
	OfGrant  bool   // it is about what the macro would add: not true where it adds nothing
}

// Severity orders reasons by how much they matter.
type Severity uint8

// The severities.
const (
	Info    Severity = iota // worth knowing; nothing to do
	Warning                 // a call may not be allowed, or more is allowed than needed
	Fault                   // a mistake in the template: the call can't work
)

// Matters reports whether somebody should act on it.
func (s Severity) Matters() bool { return s > Info }

func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// A Finding is a reason at a place. Findings are equal where all they say is.
type Finding struct {
	Reason
	At     jsontext.Pointer // in the template; empty: the template as a whole
	Detail string           // the particulars of this case; may be empty
	Hint   string           // what to do in this case; empty: the reason's
	About  string           // the name or key that the case is about, for code that asks; not shown, and may be empty
}

// Advice returns what to do in this case; it may be empty.
func (f Finding) Advice() string { return cmp.Or(f.Hint, f.Reason.Hint) }

// Place returns where the finding is, as people read it.
func (f Finding) Place() string { return Place(f.At) }

// Message returns the finding without its hint: "place: sentence (detail)".
func (f Finding) Message() string {
	s := f.Place() + ": " + f.Sentence
	if f.Detail != "" {
		s += " (" + f.Detail + ")"
	}
	return s
}

// String returns the finding in one line: "place: sentence (detail); hint: advice".
func (f Finding) String() string { return Line(f.Message(), f.Advice()) }

// Line returns a message and what to do in one line, as every text of ours has them:
// "message; hint: hint". The hint may be empty.
func Line(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + "; hint: " + hint
}

// Place returns a pointer as people read it: with dots, without the leading
// "Resources". The whole template is "template".
func Place(p jsontext.Pointer) string {
	var words []string
	for token := range p.Tokens() {
		words = append(words, token)
	}
	if len(words) > 1 && words[0] == "Resources" {
		words = words[1:]
	}
	if len(words) == 0 {
		return "template"
	}
	return strings.Join(words, ".")
}
