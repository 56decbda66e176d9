package invoke

import (
	"iter"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Wanted is one source from which a call is to be allowed.
type Wanted struct {
	Call  *Call
	Stage template.Text // the one stage of it; empty: any
	Tail  template.Text // what stands behind the id of the origin; of a service without origins the whole source ARN, empty: any of the account
	Whole bool          // whatever the origin calls
}

// A Widener makes the ladder of wanted sources that may share statements: all of one
// function, of one origin, or of one wider source ARN. listed says that one
// statement lists all sources of a policy, else each has one of its own.
type Widener func(wanted []*Wanted, listed bool) Ladder

// A Ladder is how wanted sources get wider where there are too many.
type Ladder struct {
	Set  *policy.Set                          // of indexes of what is wanted
	Tail func(p policy.Pattern) template.Text // of a pattern that isn't exact, as Wanted has it
}

// Widener returns how sources of the service are widened, in a template with such
// calls.
func (s *Service) Widener(calls iter.Seq[*Call]) Widener {
	if s.HasOrigins() {
		return s.Origins.Widen(calls)
	}
	return widenARNs
}

// Widest returns the widest source by which the call may be allowed, for all calls
// with the same; empty: any of the account. ok is false where there is none.
func (a *SourceARN) Widest() (x template.Text, ok bool) {
	return a.Wide, a.AnySource || len(a.Wide) > 0
}

// widenARNs makes the ladder of whole source ARNs: exact, then as wide as their
// service says.
func widenARNs(wanted []*Wanted, _ bool) Ladder {
	set := policy.NewSet(len(wanted))
	for i := range wanted {
		set.Add(policy.Leaf(i))
	}
	set.Widen(policy.Rung{Level: 1}, policy.Top, 0)
	return Ladder{set, func(p policy.Pattern) template.Text { return together(wanted, p.Routes) }}
}

// together is the source ARN that matches several: the service's own wide one,
// ending in the folder that all names share, which is what stands before a slash
// of each.
func together(wanted []*Wanted, those []int) template.Text {
	wide := wanted[those[0]].Call.Source.ARN.Wide
	base, starred := wide.TrimSuffix("*")
	folder := ""
	for n, i := range those {
		name, ok := literalBehind(wanted[i].Tail, base)
		name = name[:strings.LastIndexByte(name, '/')+1]
		if n == 0 {
			folder = name
		}
		for !strings.HasPrefix(name, folder) {
			folder = folder[:strings.LastIndexByte(strings.TrimSuffix(folder, "/"), '/')+1]
		}
		if !ok || !starred || folder == "" {
			return wide
		}
	}
	return template.Join(base, template.Literal(folder+"*"))
}

// literalBehind is the literal text that follows a text at once.
func literalBehind(x, base template.Text) (string, bool) {
	n := len(base) - 1
	if n < 0 || len(x) <= n || base[n].Kind != template.Lit || x[n].Kind != template.Lit || x[:n].Key() != base[:n].Key() {
		return "", false
	}
	return strings.CutPrefix(x[n].Text, base[n].Text)
}
