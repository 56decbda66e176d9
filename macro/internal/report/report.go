// Package report says what was found and done about templates: as text, JSON
// and SARIF for people and pipelines, as Mermaid, DOT and HTML for a look at
// which API calls which function, and as the tables of the documentation.
//
// Everything comes from a [grant.Result] alone; the command that has the files
// tells where a pointer stands in them. One file of this package is one format.
package report

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/update"
)

// A Template is one template and what was decided about it, or why nothing was.
type Template struct {
	File     string          // as the reader knows it
	Macro    bool            // the macro is going to add what is missing
	Result   *engine.Result  // nil where nothing was decided
	Findings []Finding       // what there is to tell, in the order of the template's lines
	Ignored  int             // how many findings are not told
	Err      error           // why there is no result, or why the macro fails in spite of one
	Live     []update.Policy // what the update makes of the deployed policies

	place    func(jsontext.Pointer) Place
	readings []Finding
}

// New returns the report on a template. Place tells where a pointer stands in
// its file; macro says that the template names the macro, and err why the
// macro fails with it. Readings are told beside what was decided: what there is to say
// of the way from the author's files to the template; they fail where calls may hide.
func New(file string, r *engine.Result, err error, macro bool, place func(jsontext.Pointer) Place, readings ...Finding) Template {
	t := Template{File: file, Macro: macro, Result: r, Err: err, place: place, readings: readings}
	if err != nil {
		t.Findings = []Finding{t.failure(err)}
	}
	t.Findings = append(t.Findings, t.find()...)
	return t
}

// Failure returns the report on a template without a result. Where the macro
// itself would fail with the error, that is a finding; place may be nil.
func Failure(file string, err error, macroToo bool, place func(jsontext.Pointer) Place) Template {
	t := Template{File: file, Err: err, place: place}
	if macroToo {
		t.Findings = []Finding{t.failure(err)}
	}
	return t
}

// unread reports whether the template could not be read: an error that is no
// finding.
func (t Template) unread() bool { return t.Err != nil && !t.Failed() }

// missing reports whether nothing will allow the decision's call: no macro
// runs, or it fails before it has a grant for the call.
func (t Template) missing(d grant.Decision) bool {
	return (d.Verdict == grant.Added || d.Verdict == grant.RoleAdded) && (!t.Macro || t.Err != nil && len(d.By) == 0)
}

// outside reports whether nothing here allows a call of a function that isn't
// here either: the template that has it may.
func (t Template) outside(d grant.Decision) bool {
	return t.missing(d) && d.Call.Target.Function == ""
}

// verdict is the word for what becomes of a call.
func (t Template) verdict(d grant.Decision) string {
	switch {
	case t.outside(d):
		return Outside.Name
	case t.missing(d):
		return Missing.Name
	}
	return string(d.Verdict)
}

// allowed says in a few words what allows a call, or why nothing does.
func (t Template) allowed(d grant.Decision) string {
	switch {
	case t.outside(d):
		return "nothing here allows it"
	case t.missing(d):
		return "nothing allows it"
	case d.Problem != nil:
		return d.Problem.Name
	case d.Verdict == grant.RoleGiven:
		return readable(d.Call.Given.String())
	case d.Verdict == grant.AsCaller:
		return "with the identity of the API's caller"
	case d.Verdict == grant.Left:
		return "Grant: none"
	case len(d.By) > 3:
		return strings.Join(d.By[:2], ", ") + ", …"
	}
	return strings.Join(d.By, ", ")
}

// unknown stands for what can't be known.
const unknown = "?"

// functionName is a function with its qualifier as people know it.
func functionName(t *function.Target) string {
	switch {
	case t.Function == "" && len(t.Name) == 0:
		return unknown
	case t.Function == "":
		return readable(t.Name.String())
	case t.Qualifier == "":
		return t.Function
	}
	return t.Function + ":" + named(strings.TrimPrefix(t.Qualifier, "@"))
}

// symbols writes the names in a key as Fn::Sub would.
var symbols = strings.NewReplacer("\x01=", "${", "\x01", "${", "\x02", "}")

// named is a key as people read it.
func named(key string) string { return readable(symbols.Replace(key)) }

func apiName(a *invoke.Origin) string {
	switch {
	case a.ID != "":
		return a.ID
	case len(a.Name) > 0:
		return readable(a.Name.String())
	}
	return unknown
}

// names maps the keys of functions to what people call them.
func (t Template) names() map[string]string {
	names := map[string]string{}
	for _, d := range t.Result.Decisions {
		if d.Call.Target.Key != "" {
			names[d.Call.Target.ID()] = functionName(d.Call.Target)
		}
	}
	return names
}

// nameOf returns the name of a key; a function that nothing calls has no other.
func (t Template) nameOf(names map[string]string, key string) string {
	if name, ok := names[key]; ok {
		return name
	}
	return named(t.Result.Plain(key))
}

// route is the label of a call.
func route(c *invoke.Call) string {
	if c.Source.Label == "" {
		return unknown
	}
	return readable(c.Source.Label)
}

// callName is the label of a call with the condition under which it exists.
func callName(c *invoke.Call) string {
	if len(c.When) == 0 {
		return route(c)
	}
	return route(c) + ", if " + c.When.String()
}

// whoCalls is a call in words: which service calls which function, and for what.
func whoCalls(c *invoke.Call) string {
	return cmp.Or(c.Service.Title, c.Service.Name) + " calls " + functionName(c.Target) + " for " + callName(c)
}

// policy is how much of a policy is there, or will be: what nobody adds is no
// part of it.
func (t Template) policy(p grant.Estimate) grant.Estimate {
	if !t.Macro || t.Err != nil {
		p.Statements, p.Bytes = p.Present.Statements, p.Present.Bytes
	}
	return p
}

// clip shortens a text to at most n characters.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// oneLine keeps what an author wrote from breaking a line or a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}
