package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// The parts of the page. It is one file and asks the network for nothing; its
// Content-Security-Policy allows exactly this style and this script.
var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
	page       = template.Must(template.New("page").Parse(pageText))
)

type pageData struct {
	*graph
	Sum                   string
	Fails                 []string
	Filters               []pageFilter
	Limit, High           int
	Style                 template.CSS
	Script                template.JS
	StyleHash, ScriptHash string
}

type pageFilter struct {
	Name, Value, Class string
	Count              int
}

// Thousands writes a number as people read it.
func (pageData) Thousands(n int) string { return thousands(n) }

// HTML draws templates as a page to look through: search, filters, and a
// line from every route to its function.
func HTML(w io.Writer, all []Template, _ Options) error {
	g := newGraph(all)
	var fails []string
	for _, t := range all {
		if t.Err != nil {
			fails = append(fails, t.failure(t.Err).Message())
		}
	}
	return page.Execute(w, pageData{graph: g, Sum: summarize(all).calls(), Fails: fails, Filters: g.filters(), Limit: policy.MaxBytes, High: near * policy.MaxBytes,
		Style: template.CSS(pageStyle), Script: template.JS(pageScript), StyleHash: hashOf(pageStyle), ScriptHash: hashOf(pageScript)})
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// filters are the choices of what to show: those that would show something.
func (g *graph) filters() []pageFilter {
	all := []pageFilter{{Name: "all"}, {Name: "missing", Value: "missing"}, {Name: "unknown", Value: "unknown"}, {Name: "wide", Value: "wide"},
		{Name: "allowed", Value: "allowed"}, {Name: "by role", Value: "role"}, {Name: "left alone", Value: "left"}}
	var out []pageFilter
	for _, f := range all {
		f.Class = f.Value
		for _, a := range g.APIs {
			for _, c := range a.Calls {
				if f.Value == "" || c.State == f.Value || f.Value == "wide" && c.Wide {
					f.Count++
				}
			}
		}
		if f.Count > 0 || f.Value == "" {
			out = append(out, f)
		}
	}
	return out
}

// Verb is the method at the start of a route, if there is one.
func (c *graphCall) Verb() string {
	verb, _, ok := strings.Cut(c.Label, " ")
	if !ok || strings.Trim(verb, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return verb
}

// Path is what follows the method.
func (c *graphCall) Path() string {
	if c.Authorizer {
		return strings.TrimPrefix(c.Label, "authorizer ")
	}
	return strings.TrimPrefix(c.Label, c.Verb()+" ")
}

// Size says how many calls a function gets.
func (f *graphFunction) Size() string { return count(len(f.Calls), "call") }
