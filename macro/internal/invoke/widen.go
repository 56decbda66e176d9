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
	Stage template.Text // of a call from any stage, the one that is to be allowed; empty: any
	Tail  template.Text // of the source ARN, see [Source.Tail]; empty: any source of the account
	Whole bool          // for all that the origin calls
}

// A Widener returns the ladder of sources that may share statements: all are of one
// function, and of one origin or one wider source ARN. listed says that one statement
// lists all sources of the policy; else each source has a statement of its own.
type Widener func(wanted []*Wanted, listed bool) Ladder

// A Ladder is how wanted sources are widened where there are too many.
type Ladder struct {
	Set  *policy.Set                          // of indexes into the list of wanted sources
	Tail func(p policy.Pattern) template.Text // of a pattern that isn't exact, see Wanted
}

// Widener returns how sources of the service are widened, in a template with such
// calls.
func (s *Service) Widener(calls iter.Seq[*Call]) Widener {
	if s.HasOrigins() {
		return s.Origins.Widen(calls)
	}
	return widenARNs
}

// Widest returns the widest source ARN by which the call may be allowed: calls with
// the same may share a statement. An empty one is any source of the account; ok is
// false where the source can't be widened.
func (a *SourceARN) Widest() (x template.Text, ok bool) {
	return a.Wide, a.AnySource || len(a.Wide) > 0
}

// widenARNs makes the ladder of whole source ARNs: exact, then as wide as their
// service says.
func widenARNs(wanted []*Wanted, _ bool) Ladder {
	tail := func(p policy.Pattern) template.Text { return together(wanted, p.Routes) }
	if len(wanted) == 1 {
		return Ladder{policy.Leaf(0), tail}
	}
	set := policy.NewSet(len(wanted))
	for i := range wanted {
		set.Add(policy.Leaf(i))
	}
	set.Widen(policy.Rung{Level: 1}, policy.Top, 0)
	return Ladder{set, tail}
}

// together is a source ARN that matches all of several: the service's wide one with
// the folder before its *, up to a slash, that all names have in common.
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

// literalBehind returns the literal text with which x goes on after base; ok is false
// where x doesn't begin with base, or doesn't go on with literal text.
func literalBehind(x, base template.Text) (literal string, ok bool) {
	n := len(base) - 1
	if n < 0 || len(x) <= n || base[n].Kind != template.Lit || x[n].Kind != template.Lit || x[:n].Key() != base[:n].Key() {
		return "", false
	}
	return strings.CutPrefix(x[n].Text, base[n].Text)
}
