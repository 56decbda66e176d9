package report

import (
	_ "embed"
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// What the page contains: it is one file and needs no network.
var (
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string
)

type pageFilter struct {
	Name, Value, Class string
	Count              int
}

// HTML draws templates as a page with search, filters, and a line from every route to its
// function.
func HTML(w io.Writer, all []Template, _ Options) error {
	g, m := newGraph(all), &markup{}
	s := sheet{g.Title() + ": who calls which function", pageStyle, pageScript}
	m.begin(s, "calls", "Skip to the calls")
	m.header(all, g)
	m.put("<div class=\"board\">\n<svg id=\"lines\" aria-hidden=\"true\" focusable=\"false\"></svg>\n<main id=\"calls\" tabindex=\"-1\">\n")
	for _, a := range g.Origins {
		m.origin(a)
	}
	if len(g.Origins) == 0 {
		m.put("<p>Nothing here calls a Lambda function.</p>\n")
	}
	m.put("<p id=\"none\" hidden>Nothing matches.</p>\n</main>\n")
	m.functions(g.Functions)
	m.put("</div>\n")
	if len(g.Findings) > 0 {
		m.put("<section class=\"all\" aria-labelledby=\"all\">\n<h2 id=\"all\">Findings <small>%s</small></h2>\n<ol class=\"findings\">\n", len(g.Findings))
		for _, f := range g.Findings {
			m.finding(f, true)
		}
		m.put("</ol>\n</section>\n")
	}
	return m.end(w, s)
}

func (m *markup) header(all []Template, g *graph) {
	var fails []string
	for _, t := range all {
		if t.Err != nil {
			fails = append(fails, t.failure(t.Err).Message())
		}
	}
	m.put("<header>\n<h1>%s</h1>\n<p class=\"sum\">%s", g.Title(), summarize(all).calls())
	if g.Macro && len(fails) == 0 {
		m.put("; the macro adds what is missing")
	}
	m.put("</p>\n")
	for _, f := range fails {
		m.put("<p class=\"fails\"><b>error</b> %s</p>\n", f)
	}
	m.put(`<form id="controls" role="search" hidden>
<label for="q">Search</label>
<input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="route, API, function, permission" aria-describedby="found">
<fieldset>
<legend>Show</legend>
`)
	for _, f := range g.filters() {
		checked := ""
		if f.Value == "" {
			checked = " checked"
		}
		m.put("<label class=\"%s\"><input type=\"radio\" name=\"show\" value=\"%s\"%s> %s <b>%s</b></label>\n", f.Class, f.Value, checked, f.Name, f.Count)
	}
	m.put("</fieldset>\n<p id=\"found\" role=\"status\" aria-live=\"polite\"></p>\n</form>\n</header>\n")
}

func (m *markup) origin(a *graphOrigin) {
	m.put("<section aria-labelledby=\"a%s\">\n<h2 id=\"a%s\">%s", a.N, a.N, a.Name)
	if a.Protocol != "" {
		m.put(" <small>%s API</small>", a.Protocol)
	}
	m.put("</h2>\n<ul class=\"calls\">\n")
	for _, c := range a.Calls {
		m.call(c)
	}
	m.put("</ul>\n</section>\n")
}

func (m *markup) call(c *graphCall) {
	wide, reason := "", "Allowed by"
	if c.Wide {
		wide = " data-wide"
	}
	if c.State == "missing" || c.State == "unknown" {
		reason = "Reason"
	}
	m.put("<li id=\"c%s\" data-fn=\"%s\" data-state=\"%s\"%s>\n<details>\n<summary>", c.N, c.Function.N, c.State, wide)
	switch verb := c.Verb(); {
	case c.Authorizer:
		m.put("<span class=\"verb auth\">auth</span> ")
	case verb != "":
		m.put("<span class=\"verb\">%s</span> ", verb)
	}
	m.put("<span class=\"path\">%s</span>", c.Path())
	if c.When != "" {
		m.put(" <span class=\"when\">if %s</span>", c.When)
	}
	m.put(" <span class=\"to\"><span class=\"arrow\" aria-hidden=\"true\">→</span><span class=\"sr\">calls</span> %s</span> <span class=\"marks\"><span class=\"badge %s\">%s</span>",
		c.Function.Name, c.State, c.Verdict)
	if c.Wide {
		m.put(" <span class=\"badge wide\">wide</span>")
	}
	m.put("</span></summary>\n<dl>\n<dt>Place</dt><dd>%s</dd>\n<dt>%s</dt><dd>%s</dd>\n</dl>\n", c.At, reason, c.Allowed)
	if len(c.Findings) > 0 {
		m.put("<ul class=\"findings\">\n")
		for _, f := range c.Findings {
			m.finding(f, false)
		}
		m.put("</ul>\n")
	}
	m.put("</details>\n</li>\n")
}

func (m *markup) finding(f Finding, placed bool) {
	m.put("<li class=\"%s\"><b>%s: %s</b> ", f.Severity, f.Severity, f.Name)
	if placed {
		m.put("<code>%s</code> ", f.Place)
	}
	m.put("%s", f.Message())
	if advice := f.Advice(); advice != "" {
		m.put(" <i>hint: %s</i>", advice)
	}
	m.put("</li>\n")
}

func (m *markup) functions(all []*graphFunction) {
	if len(all) == 0 {
		return
	}
	m.put("<aside aria-labelledby=\"fns\">\n<h2 id=\"fns\">Functions</h2>\n<ul class=\"functions\">\n")
	for _, f := range all {
		m.put("<li id=\"f%s\" data-fn=\"%s\"", f.N, f.N)
		if !f.Known {
			m.put(" class=\"unknown\"")
		}
		m.put(">\n<button type=\"button\" aria-pressed=\"false\"><span class=\"name\">%s</span> <span class=\"n\">%s</span></button>\n", f.Name, f.Size())
		if p := f.Policy; p != nil {
			m.put("<label class=\"policy\">policy <meter min=\"0\" max=\"%s\" high=\"%s\" optimum=\"0\" value=\"%s\"></meter> %s of %s bytes</label>\n",
				policy.MaxBytes, nearShare*policy.MaxBytes, p.Bytes, thousands(p.Bytes), thousands(policy.MaxBytes))
		}
		m.put("</li>\n")
	}
	m.put("</ul>\n</aside>\n")
}

// filters are the choices of what to show: those that would show something.
func (g *graph) filters() []pageFilter {
	all := []pageFilter{{Name: "all"}, {Name: "missing", Value: "missing"}, {Name: "unknown", Value: "unknown"}, {Name: "wide", Value: "wide"},
		{Name: "allowed", Value: "allowed"}, {Name: "by role", Value: "role"}, {Name: "left alone", Value: "left"}}
	var out []pageFilter
	for _, f := range all {
		f.Class = f.Value
		for _, a := range g.Origins {
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
