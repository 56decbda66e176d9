package report

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
)

// A graph is what a picture of a template shows: APIs, their routes and
// authorizers, and the functions that these call.
type graph struct {
	File      string
	Macro     bool
	APIs      []*graphAPI
	Functions []*graphFunction
	Findings  []Finding
}

type graphAPI struct {
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
	Policy *grant.Policy // nil where its size isn't estimated
}

type graphCall struct {
	N          int // from 1
	API        *graphAPI
	Function   *graphFunction
	Label      string
	Authorizer bool
	State      string // missing, unknown, allowed, role or left
	Verdict    string
	Allowed    string
	Wide       bool // what allows it allows more
	At         string
	Findings   []Finding
}

// wide are the reasons that say of a call that more than it is allowed.
var wide = []string{"no-source-arn", "account-wide", "public", "wider", "no-route", "widened"}

func (t Template) graph() *graph {
	g := &graph{File: t.File, Macro: t.Macro, Findings: t.Findings}
	apis, functions := map[string]*graphAPI{}, map[string]*graphFunction{}
	byID := t.findingsByID()
	for i, d := range t.Result.Decisions {
		c := &graphCall{N: i + 1, Label: oneLine(route(d.Call)), Authorizer: d.Call.Source.Form == caller.Authorizer,
			State: t.state(d), Verdict: t.verdict(d), Allowed: oneLine(t.allowed(d)), At: t.place(d.Call.At()).String()}
		c.API = g.api(apis, d.Call.API)
		c.Function = g.function(functions, d.Call.Target)
		c.API.Calls = append(c.API.Calls, c)
		c.Function.Calls = append(c.Function.Calls, c)
		for _, f := range t.Findings {
			if f.At == d.Call.At() {
				c.Findings = append(c.Findings, f)
			}
		}
		for _, id := range d.By {
			c.Findings = append(c.Findings, byID[id]...)
		}
		c.Wide = slices.ContainsFunc(c.Findings, func(f Finding) bool { return slices.Contains(wide, f.Name) })
	}
	for i, p := range t.Result.Policies {
		if f := functions[p.Function]; f != nil {
			f.Policy = &t.Result.Policies[i]
		}
	}
	return g
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

func (g *graph) api(seen map[string]*graphAPI, a *caller.API) *graphAPI {
	if x := seen[a.Key]; x != nil {
		return x
	}
	x := &graphAPI{N: len(g.APIs) + 1, Name: oneLine(apiName(a)), Protocol: protocol(a)}
	g.APIs = append(g.APIs, x)
	seen[a.Key] = x
	return x
}

func (g *graph) function(seen map[string]*graphFunction, t *caller.Target) *graphFunction {
	key := ""
	if t.Key != "" {
		key = t.ID()
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
	return x
}

// A bundle is calls that a small picture draws as one.
type bundle struct {
	*graphCall     // the first
	count      int // of all
}

// bundles returns the calls of an API; more than one to a bundle where the
// graph would be too large for its reader.
func (a *graphAPI) bundles(small bool) []bundle {
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

// label is the bundle's text.
func (b bundle) label() string {
	if b.count == 1 {
		return b.Label
	}
	return b.Label + " and " + thousands(b.count-1) + " more"
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
