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

// Mistakes tells of roles, and of what services look after, that are wrong apart from
// permissions. Nothing is decided by it, so that only who asks pays for it.
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

// references tells of names in the resources that wire calls, and in those that
// allow them, that lead nowhere, where no call has told it.
func (m *mistakes) references(v *statement.View, decisions []grant.Decision) {
	told := map[string]bool{}
	for i := range decisions {
		if p := decisions[i].Problem; p != nil && p.About != "" {
			told[p.About] = true
		}
	}
	for _, x := range m.t.Resources() {
		switch {
		case x.Type == "AWS::Lambda::Permission", x.Type == "AWS::Lambda::Alias", x.Type == "AWS::Lambda::Version", v.Env.Catalog().IsPart(x.Type):
		default:
			continue
		}
		for _, p := range v.Scope.UnresolvedIn(x) {
			if !told[p.About] {
				m.seen[p.Name+" "+string(p.At)] = true
				m.out = append(m.out, p)
			}
		}
	}
}

// mistakes is the state of looking for them.
type mistakes struct {
	t    *template.Template
	seen map[string]bool // what has been told, by reason and place
	out  []finding.Finding
}

func (m *mistakes) say(reason finding.Reason, at jsontext.Pointer, detail string) {
	key := reason.Name + " " + string(at)
	if !m.seen[key] {
		m.seen[key] = true
		m.out = append(m.out, finding.Finding{Reason: reason, At: at, Detail: detail})
	}
}
