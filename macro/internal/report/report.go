// Package report says what was found in templates and decided about them: as text, JSON
// and SARIF for people and pipelines, as Mermaid, DOT and HTML for a look at which API
// calls which function, and as the tables of the documentation.
//
// Everything comes from an [engine.Result]; the caller, which has the files, says where a
// pointer is in them. One file of this package is one format.
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
	Findings []Finding       // in the order of the template's lines
	Ignored  int             // how many findings were left out, see Ignore
	Err      error           // why there is no result, or why the macro fails in spite of one
	Live     []update.Policy // what the update makes of the deployed policies

	place    func(jsontext.Pointer) Place
	readings []Finding
}

// New returns the report on a template. place returns where a pointer is in the files;
// macro says that the template names the macro, and err why the macro fails with it.
// readings are findings about the way from the author's files to the template; they fail
// where they may hide calls.
func New(file string, r *engine.Result, err error, macro bool, place func(jsontext.Pointer) Place, readings ...Finding) Template {
	t := Template{File: file, Macro: macro, Result: r, Err: err, place: place, readings: readings}
	if err != nil {
		t.Findings = []Finding{t.failure(err)}
	}
	t.Findings = append(t.Findings, t.find()...)
	return t
}

// Failure returns the report on a template without a result. macroToo says that the macro
// would fail with the error, too: that is a finding. place may be nil.
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

// missing reports whether nothing will allow a call: the macro doesn't run, or fails
// before it has a grant for the call.
func (t Template) missing(d grant.Decision) bool {
	return (d.Verdict == grant.Added || d.Verdict == grant.RoleAdded) && (!t.Macro || t.Err != nil && len(d.By) == 0)
}

// outside reports whether nothing here allows a call of a function that isn't here
// either: the function's template may.
func (t Template) outside(d grant.Decision) bool {
	return t.missing(d) && d.Call.Target.Function == ""
}

// verdict is the verdict on a call, or "missing" or "outside".
func (t Template) verdict(d grant.Decision) string {
	switch {
	case t.outside(d):
		return Outside.Name
	case t.missing(d):
		return Missing.Name
	}
	return string(d.Verdict)
}

// allowed is a short text for what allows a call, or why nothing does.
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
		return cmp.Or(d.Because, "Grant: none")
	case len(d.By) > 3:
		return strings.Join(d.By[:2], ", ") + ", …"
	}
	return strings.Join(d.By, ", ")
}

// unknown stands for what can't be known.
const unknown = "?"

// functionName is a function with its qualifier, for people.
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

// named is a key for people.
func named(key string) string { return readable(symbols.Replace(key)) }

func originName(a *invoke.Origin) string {
	switch {
	case a.ID != "":
		return a.ID
	case len(a.Name) > 0:
		return readable(a.Name.String())
	}
	return unknown
}

// names returns the functions' names for people, by key.
func (t Template) names() map[string]string {
	names := map[string]string{}
	for _, d := range t.Result.Decisions {
		if d.Call.Target.Key != "" {
			names[d.Call.Target.ID()] = functionName(d.Call.Target)
		}
	}
	return names
}

// nameOf returns the name of a key, which of a function that nothing calls is the key.
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

// routeAndEvent is the label of a call with the event that it is for.
func routeAndEvent(c *invoke.Call) string {
	if c.Source.Event == "" {
		return route(c)
	}
	return route(c) + ", " + readable(c.Source.Event)
}

// callName is the label of a call with its event and the condition under which it exists.
func callName(c *invoke.Call) string {
	if len(c.When) == 0 {
		return routeAndEvent(c)
	}
	return routeAndEvent(c) + ", if " + c.When.String()
}

// whoCalls is a call in words: which service calls which function, and for what.
func whoCalls(c *invoke.Call) string {
	return cmp.Or(c.Service.Title, c.Service.Name) + " calls " + functionName(c.Target) + " for " + callName(c)
}

// policy is the estimate without what the macro would add, where it doesn't run.
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

// oneLine is a text of an author without line breaks and control characters.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}
