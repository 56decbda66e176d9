package template

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A Term is a condition that must be true, or false where Not is set.
type Term struct {
	Cond string
	Not  bool
}

// A Guard is a conjunction of terms, sorted and without repetition. It says when
// something in a template exists. The empty Guard is always true. Guards share memory: they
// must not be changed.
type Guard []Term

// When returns the guard of one condition.
func When(cond string, not bool) Guard { return Guard{{cond, not}} }

// And returns the conjunction of both guards; ok is false where one names a
// condition that the other negates, so that it can never be true.
func (g Guard) And(h Guard) (both Guard, ok bool) {
	if len(h) == 0 {
		return g, true
	}
	if len(g) == 0 {
		return h, true
	}
	both = make(Guard, 0, len(g)+len(h))
	for len(g) > 0 && len(h) > 0 {
		switch order := strings.Compare(g[0].Cond, h[0].Cond); {
		case order < 0:
			both, g = append(both, g[0]), g[1:]
		case order > 0:
			both, h = append(both, h[0]), h[1:]
		case g[0].Not != h[0].Not:
			return nil, false
		default:
			both, g, h = append(both, g[0]), g[1:], h[1:]
		}
	}
	return append(append(both, g...), h...), true
}

// All returns the conjunction of guards; ok is false where it can never be true.
func All(guards ...Guard) (all Guard, ok bool) {
	ok = true
	for _, g := range guards {
		if len(g) == 0 {
			continue // nearly always
		}
		if all, ok = all.And(g); !ok {
			return nil, false
		}
	}
	return all, true
}

// Has reports whether the term is part of the conjunction.
func (g Guard) Has(l Term) bool { return slices.Contains(g, l) }

// Key returns a text that is equal for equal guards.
func (g Guard) Key() string {
	var b strings.Builder
	for _, l := range g {
		if l.Not {
			b.WriteByte('!')
		}
		b.WriteString(l.Cond)
		b.WriteByte('&')
	}
	return b.String()
}

// String returns the guard as people read it: "A and not B".
func (g Guard) String() string {
	words := make([]string, len(g))
	for i, l := range g {
		words[i] = l.Cond
		if l.Not {
			words[i] = "not " + l.Cond
		}
	}
	return strings.Join(words, " and ")
}

// GuardAt returns when the value at a pointer exists: the Condition of its resource,
// and every Fn::If branch that it is in.
func (t *Template) GuardAt(p jsontext.Pointer) Guard {
	var g Guard
	v, depth, branch := t.Root(), 0, Value{}
	for token := range p.Tokens() {
		if cond, ok := branch.Item(0).Text(); ok && (token == "1" || token == "2") {
			g, _ = g.And(When(cond, token == "2"))
		}
		branch = Value{}
		if v.Kind() == Array {
			v = v.item(token)
		} else if v = v.Get(token); token == "Fn::If" {
			branch = v
		}
		if depth++; depth == 2 { // /Resources/X
			r, _ := v.resource(token)
			g, _ = g.And(r.Condition())
		}
	}
	return g
}
