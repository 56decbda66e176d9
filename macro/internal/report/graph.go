package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
)

// A graph is what a picture of templates shows: what calls (APIs with their routes and
// authorizers, resources of other services), and the functions that are called.
type graph struct {
	Files     []string
	Macro     bool // it adds what is missing, in every template
	Origins   []*graphOrigin
	Functions []*graphFunction
	Findings  []Finding

	n       int // of calls
	foreign map[string]*graphFunction
}

// Title names what is drawn.
func (g *graph) Title() string {
	if len(g.Files) == 1 {
		return g.Files[0]
	}
	return count(len(g.Files), "template")
}

type graphOrigin struct {
	N        int // from 1
	Name     string
	Protocol string
	Calls    []*graphCall
}

type graphFunction struct {
	N      int // from 1
	Name   string
	Known  bool
	Calls  []*graphCall
	Policy *grant.Estimate // nil where its size isn't estimated
}

type graphCall struct {
	N          int // from 1
	Origin     *graphOrigin
	Function   *graphFunction
	Label      string
	When       string // the condition under which it exists
	Authorizer bool
	State      string // missing, unknown, allowed, role or left
	Verdict    string
	Allowed    string
	Wide       bool // what allows it allows more
	At         string
	Findings   []Finding
}

// wide are the reasons that say that more than a call is allowed.
var wide = []string{"no-source-arn", "account-wide", "public", "wider", "no-route", "widened"}

// newGraph returns the graph of templates: those of an application are one picture.
func newGraph(all []Template) *graph {
	g := &graph{Macro: len(all) > 0}
	for _, t := range all {
		g.Files = append(g.Files, oneLine(t.File))
		g.Macro = g.Macro && t.Macro
		g.Findings = append(g.Findings, t.Findings...)
		if t.Result != nil {
			g.add(t, len(all) > 1)
		}
	}
	return g
}

// shownPermissions is for how many permissions the details of a call have their findings:
// many may allow it.
const shownPermissions = 3

// add adds the calls of one template; several says that there are others, so that an
// API's title needs its file.
func (g *graph) add(t Template, several bool) {
	origins, functions := map[string]*graphOrigin{}, map[string]*graphFunction{}
	byID := t.findingsByID()
	calls := make([]*graphCall, len(t.Result.Decisions))
	for i, d := range t.Result.Decisions {
		g.n++
		c := &graphCall{N: g.n, Label: oneLine(routeAndEvent(d.Call)), When: oneLine(d.Call.When.String()), Authorizer: d.Call.Source.Form != nil && d.Call.Source.Form.Asks,
			State: t.state(d), Verdict: t.verdict(d), Allowed: oneLine(t.allowed(d)), At: t.place(d.Call.At()).String()}
		calls[i] = c
		c.Origin = g.origin(origins, d.Call)
		if several && len(c.Origin.Calls) == 0 {
			c.Origin.Name = oneLine(t.File) + ": " + c.Origin.Name
		}
		c.Function = g.function(functions, d.Call.Target)
		c.Origin.Calls = append(c.Origin.Calls, c)
		c.Function.Calls = append(c.Function.Calls, c)
		for n, id := range d.By {
			for _, f := range byID[id] {
				c.Wide = c.Wide || slices.Contains(wide, f.Name)
				if n < shownPermissions && !slices.ContainsFunc(c.Findings, f.same) {
					c.Findings = append(c.Findings, f)
				}
			}
		}
	}
	for _, f := range t.Findings {
		for _, i := range f.calls {
			c := calls[i]
			c.Wide = c.Wide || slices.Contains(wide, f.Name)
			if !slices.ContainsFunc(c.Findings, f.same) {
				c.Findings = append(c.Findings, f)
			}
		}
	}
	for _, c := range calls {
		c.Wide = c.Wide && c.State != "missing" && c.State != "unknown" // what fails matters more
	}
	for i, p := range t.Result.Policies {
		if f := functions[p.Function]; f != nil {
			f.Policy = &t.Result.Policies[i]
		}
	}
}

// same reports whether another finding says the same at the same place.
func (f Finding) same(x Finding) bool {
	return f.Name == x.Name && f.At == x.At && f.Detail == x.Detail
}

// findingsByID returns the findings about permissions, by logical id.
func (t Template) findingsByID() map[string][]Finding {
	out := map[string][]Finding{}
	for _, f := range t.Findings {
		if id, ok := strings.CutPrefix(string(f.At), "/Resources/"); ok && !strings.Contains(id, "/") {
			out[id] = append(out[id], f)
		}
	}
	return out
}

func (t Template) state(d grant.Decision) string {
	switch {
	case t.outside(d):
		return "unknown"
	case t.missing(d):
		return "missing"
	case d.Verdict == grant.Unknown || d.Verdict == grant.Elsewhere:
		return "unknown"
	case d.Verdict == grant.Left:
		return "left"
	case d.Verdict == grant.Added || d.Verdict == grant.Allowed:
		return "allowed"
	}
	return "role"
}

// origin is what makes a call: an API with its protocol, or another resource with its
// service.
func (g *graph) origin(seen map[string]*graphOrigin, c *invoke.Call) *graphOrigin {
	a := c.Origin
	if x := seen[a.Key]; x != nil {
		return x
	}
	x := &graphOrigin{N: len(g.Origins) + 1, Name: oneLine(originName(a)), Protocol: a.Kind}
	if c.Source.ARN != nil {
		x.Protocol = c.Service.Title
	}
	g.Origins = append(g.Origins, x)
	seen[a.Key] = x
	return x
}

func (g *graph) function(seen map[string]*graphFunction, t *function.Target) *graphFunction {
	key := ""
	if t.Key != "" {
		key = t.ID()
	}
	if t.Function == "" && key != "" { // the same for every template that names it
		if g.foreign == nil {
			g.foreign = map[string]*graphFunction{}
		}
		seen[key] = cmp.Or(seen[key], g.foreign[key])
	}
	if x := seen[key]; x != nil {
		return x
	}
	x := &graphFunction{N: len(g.Functions) + 1, Name: oneLine(functionName(t)), Known: key != ""}
	if !x.Known {
		x.Name = "not known"
	}
	g.Functions = append(g.Functions, x)
	seen[key] = x
	if t.Function == "" && key != "" {
		g.foreign[key] = x
	}
	return x
}

// A bundle is one arrow of a picture: a call, or several of an API to one function.
type bundle struct {
	*graphCall     // the first
	count      int // of all
}

// bundles returns the calls of an API; small says that several may be one bundle, since
// the picture would be too large.
func (a *graphOrigin) bundles(small bool) []bundle {
	var out []bundle
	at := map[string]int{}
	for _, c := range a.Calls {
		key := c.Function.Name + "\n" + c.State
		i, ok := at[key]
		if !ok || !small || c.Authorizer {
			at[key] = len(out)
			out = append(out, bundle{c, 1})
			continue
		}
		out[i].count++
	}
	return out
}

// title is the call's text with its condition.
func (c *graphCall) title() string {
	if c.When == "" {
		return c.Label
	}
	return c.Label + ", if " + c.When
}

// label is the bundle's text.
func (b bundle) label() string {
	if b.count == 1 {
		return b.title()
	}
	return b.Label + " and " + thousands(b.count-1) + " more"
}

// look is the style of the arrow: the call's state where that is bad, or wide.
func (b bundle) look() string {
	if b.Wide {
		return "wide"
	}
	return b.State
}

// note is the text of the arrow.
func (b bundle) note() string {
	switch {
	case b.State == "missing" || b.State == "unknown":
		return b.Verdict
	case b.Wide:
		return "wide"
	case b.State == "role" || b.State == "left":
		return b.Verdict
	}
	return ""
}
