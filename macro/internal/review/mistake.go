package review

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Mistakes returns findings about other things than permissions: roles, names that lead
// nowhere, and what the checks of services find, see [invoke.Check]. Nothing is decided by
// it: the local tool calls it, the macro doesn't.
func Mistakes(v *statement.View, decisions []grant.Decision) []finding.Finding {
	m := mistakes{t: v.Template, seen: map[string]bool{}}
	calls := map[*invoke.Service][]*invoke.Call{}
	for i := range decisions {
		c := decisions[i].Call
		if c.Origin == nil {
			continue
		}
		calls[c.Service] = append(calls[c.Service], c)
		if p, ok := c.Given.Single(); ok && c.Identity == invoke.Role && p.Kind == template.Att {
			m.role(c, strings.TrimSuffix(p.Text, ".Arn"))
		}
	}
	for _, s := range v.Env.Catalog().Services {
		for _, x := range s.Advice.Checks {
			x.Find(v.Scope, calls[s], func(at jsontext.Pointer, detail string) { m.say(x.Reason, at, detail) })
		}
	}
	m.references(v, decisions)
	return m.out
}

// references adds findings about names that lead nowhere, in the resources that make calls
// and in those that allow them; not about those that a call has as its problem.
func (m *mistakes) references(v *statement.View, decisions []grant.Decision) {
	known := map[string]bool{} // by what the findings are about
	for i := range decisions {
		if p := decisions[i].Problem; p != nil && p.About != "" {
			known[p.About] = true
		}
	}
	for _, x := range m.t.Resources() {
		switch {
		case x.Type == "AWS::Lambda::Permission", x.Type == "AWS::Lambda::Alias", x.Type == "AWS::Lambda::Version", v.Env.Catalog().IsPart(x.Type):
		default:
			continue
		}
		for _, p := range v.Scope.UnresolvedIn(x) {
			if !known[p.About] {
				m.seen[p.Name+" "+string(p.At)] = true
				m.out = append(m.out, p)
			}
		}
	}
}

// mistakes is the state of one Mistakes.
type mistakes struct {
	t    *template.Template
	seen map[string]bool // the findings so far, by reason and place
	out  []finding.Finding
}

// say adds a finding, once for each place.
func (m *mistakes) say(reason finding.Reason, at jsontext.Pointer, detail string) {
	key := reason.Name + " " + string(at)
	if !m.seen[key] {
		m.seen[key] = true
		m.out = append(m.out, finding.Finding{Reason: reason, At: at, Detail: detail})
	}
}
