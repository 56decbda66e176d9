package report

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/audit"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// What the page of an audit has beside the style and script of [HTML]'s.
var (
	//go:embed audit.css
	auditStyle string
	//go:embed audit.js
	auditScript string
)

// AuditHTML writes an audit as a page to search, which needs no network.
func AuditHTML(w io.Writer, r *audit.Report, _ Options) error {
	m := &markup{}
	s := sheet{r.Account.ID + " " + r.Account.Region + ": what is deployed", pageStyle + auditStyle, auditScript}
	m.begin(s, "calls", "Skip to the calls")
	m.auditHeader(r)
	m.put(`<main id="calls" class="audit" tabindex="-1">
<section aria-labelledby="h-calls">
<h2 id="h-calls">Calls</h2>
<table>
<thead><tr><th scope="col">From</th><th scope="col">Route</th><th scope="col">Function</th><th scope="col">Verdict</th></tr></thead>
<tbody>
`)
	for _, c := range r.Calls {
		m.auditCall(c)
	}
	if len(r.Calls) == 0 {
		m.put("<tr><td colspan=\"4\">There are no calls.</td></tr>\n")
	}
	m.put("</tbody>\n</table>\n</section>\n")
	for _, f := range r.Functions {
		m.auditPolicy(f)
	}
	m.put("</main>\n")
	return m.end(w, s)
}

func (m *markup) auditHeader(r *audit.Report) {
	m.put("<header>\n<h1>Account %s, %s</h1>\n<p class=\"sum\">%s</p>\n<p class=\"sum\">as of %s</p>\n", r.Account.ID, r.Account.Region, auditSum(r), r.Account.Taken)
	for _, u := range r.Unread {
		m.put("<p class=\"fails\"><b>not read</b> %s: %s; what depends on it is unknown</p>\n", u.What, u.Why)
	}
	m.put(`<form id="controls" role="search" hidden>
<label for="q">Search</label>
<input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="route, API, function, statement, stack" aria-describedby="found">
<fieldset>
<legend>Show</legend>
<label><input type="radio" name="show" value="" checked> all</label>
<label><input type="radio" name="show" value="missing unknown repeated stale public wide"> what needs attention</label>
<label><input type="radio" name="show" value="missing"> failing calls</label>
<label><input type="radio" name="show" value="repeated stale"> needless statements</label>
</fieldset>
<p id="found" role="status" aria-live="polite"></p>
</form>
</header>
`)
}

func (m *markup) auditCall(c audit.Call) {
	state := "allowed"
	if c.Verdict.Fails() {
		state = "missing"
	} else if c.Verdict.Open() {
		state = "unknown"
	}
	m.put("<tr data-state=\"%s\"><td>%s</td><td>%s</td><td>%s</td><td><span class=\"badge %s\">%s</span> %s", state, oneLine(c.From()), oneLine(c.What()), functionLabel(c.Function), state, c.Verdict, auditVerdict(c))
	for _, n := range c.Near {
		m.put("<br><small>near: %s: %s</small>", n.Statement, n.Why)
	}
	if c.Note != "" {
		m.put("<br><small>%s</small>", c.Note)
	}
	m.put("</td></tr>\n")
}

func (m *markup) auditPolicy(f audit.Function) {
	name := functionLabel(f.ARN)
	size := fmt.Sprintf("%s of %s bytes, %s needless", thousands(f.Bytes), thousands(policy.MaxBytes), thousands(f.Needless))
	if f.Unread {
		size = "could not be read"
	}
	m.put("<section aria-label=\"policy of %s\">\n<h2>%s <small>%s</small></h2>\n<meter min=\"0\" max=\"%s\" high=\"%s\" optimum=\"0\" value=\"%s\"></meter>\n",
		name, name, size, policy.MaxBytes, nearShare*policy.MaxBytes, f.Bytes)
	m.put(`<table>
<thead><tr><th scope="col">Worth</th><th scope="col">Statement</th><th scope="col">Owner</th><th scope="col">Source</th><th scope="col">Bytes</th></tr></thead>
<tbody>
`)
	for _, s := range f.Statements {
		m.auditStatement(s)
	}
	m.put("</tbody>\n</table>\n</section>\n")
}

func (m *markup) auditStatement(s audit.Statement) {
	states := []string{string(s.Class)}
	if s.Wide != "" {
		states = append(states, "wide")
	}
	if s.Public {
		states = append(states, "public")
	}
	m.put("<tr data-state=\"%s\"><td>", strings.Join(states, " "))
	for i, state := range states {
		class := state
		if i > 0 {
			class = "missing"
		}
		m.put("<span class=\"badge %s\">%s</span> ", class, state)
	}
	why := s.Why
	if s.Calls > 0 {
		why = strings.TrimPrefix(why+"; for "+count(s.Calls, "call"), "; ")
	}
	m.put("</td><td><details><summary>%s</summary><code>%s</code></details><small>%s</small></td><td>%s</td><td>%s</td><td>%s</td></tr>\n", s.Name, s.Raw, why, s.Owner, s.Source, s.Bytes)
}
