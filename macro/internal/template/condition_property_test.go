package template_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A world is a random Conditions section and the values of its conditions for every choice
// of parameter values.
type world struct {
	doc    *template.Template
	names  []string
	worth  []map[string]bool // one for each choice
	decide bool              // few enough comparisons for a full answer
}

func randomWorld(t *testing.T, r *rand.Rand, parameters int) world {
	t.Helper()
	w := world{decide: parameters <= 4}
	type formula func(values []int, sofar map[string]bool) bool
	formulas := map[string]formula{}
	var text strings.Builder
	var expr func(depth int) (string, formula)
	expr = func(depth int) (string, formula) {
		n := r.IntN(6)
		if depth > 2 {
			n = 0
		}
		switch {
		case n == 5 && len(w.names) > 0:
			name := w.names[r.IntN(len(w.names))]
			return `{"Condition":"` + name + `"}`, func(_ []int, sofar map[string]bool) bool { return sofar[name] }
		case n == 3 || n == 4:
			fn, all := "Fn::And", true
			if n == 4 {
				fn, all = "Fn::Or", false
			}
			a, f := expr(depth + 1)
			b, g := expr(depth + 1)
			return `{"` + fn + `":[` + a + `,` + b + `]}`, func(v []int, s map[string]bool) bool {
				if all {
					return f(v, s) && g(v, s)
				}
				return f(v, s) || g(v, s)
			}
		case n == 2:
			a, f := expr(depth + 1)
			return `{"Fn::Not":[` + a + `]}`, func(v []int, s map[string]bool) bool { return !f(v, s) }
		}
		p, value := r.IntN(parameters), r.IntN(2)
		left, right := fmt.Sprintf(`{"Ref":"P%d"}`, p), fmt.Sprintf(`"v%d"`, value)
		if n == 1 {
			left, right = right, left
		}
		return `{"Fn::Equals":[` + left + `, ` + right + `]}`, func(v []int, _ map[string]bool) bool { return v[p] == value }
	}
	for i := range 2 + r.IntN(5) {
		name := fmt.Sprintf("C%d", i)
		s, f := expr(0)
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(`"` + name + `":` + s)
		formulas[name] = f
		w.names = append(w.names, name)
	}
	w.doc = parse(t, `{"Conditions":{`+text.String()+`}}`)
	values := make([]int, parameters) // 0 and 1 are compared with, 2 is any other
	for {
		worth := map[string]bool{}
		for _, name := range w.names {
			worth[name] = formulas[name](values, worth)
		}
		w.worth = append(w.worth, worth)
		i := 0
		for ; i < parameters; i++ {
			if values[i]++; values[i] < 3 {
				break
			}
			values[i] = 0
		}
		if i == parameters {
			return w
		}
	}
}

func (w world) guard(r *rand.Rand) template.Guard {
	var g template.Guard
	for range r.IntN(4) {
		if both, ok := g.And(template.When(w.names[r.IntN(len(w.names))], r.IntN(2) == 0)); ok {
			g = both
		}
	}
	return g
}

func holds(g template.Guard, worth map[string]bool) bool {
	for _, term := range g {
		if worth[term.Cond] == term.Not {
			return false
		}
	}
	return true
}

// always reports whether f is true for all values of the parameters.
func (w world) always(f func(map[string]bool) bool) bool {
	for _, worth := range w.worth {
		if !f(worth) {
			return false
		}
	}
	return true
}

// What the solver says is true for every choice of parameter values; and with few
// comparisons it says all that is true.
func TestConditionsProperty(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 5))
		parameters := 1 + r.IntN(4)
		if seed%10 == 0 && seed < 200 {
			parameters = 8 // up to 16 comparisons, more than a truth table takes
		}
		w := randomWorld(t, r, parameters)
		for range 10 {
			w.check(t, w.guard(r), []template.Guard{w.guard(r), w.guard(r), w.guard(r)}[:r.IntN(4)])
		}
	}
}

func (w world) check(t *testing.T, need template.Guard, by []template.Guard) {
	t.Helper()
	anyOf := func(worth map[string]bool) bool {
		for _, g := range by {
			if holds(g, worth) {
				return true
			}
		}
		return false
	}
	text := string(w.doc.Bytes())
	possible := !w.always(func(worth map[string]bool) bool { return !holds(need, worth) })
	if got := w.doc.Possible(need); possible && !got || w.decide && len(need) > 1 && got != possible {
		t.Fatalf("%s\nPossible(%q) = %v", text, need, got)
	}
	covered := w.always(func(worth map[string]bool) bool { return !holds(need, worth) || anyOf(worth) })
	if got := w.doc.Covered(need, by); got && !covered || w.decide && len(by) > 0 && got != covered {
		t.Fatalf("%s\nCovered(%q, %q) = %v", text, need, by, got)
	}
	if simple := w.doc.Simplify(need); possible && !w.always(func(worth map[string]bool) bool { return holds(need, worth) == holds(simple, worth) }) {
		t.Fatalf("%s\nSimplify(%q) = %q", text, need, simple)
	}
	if name, ok := w.doc.Equivalent(by); ok && len(by) > 0 && !w.always(func(worth map[string]bool) bool { return worth[name] == anyOf(worth) }) {
		t.Fatalf("%s\nEquivalent(%q) = %q", text, by, name)
	}
}
