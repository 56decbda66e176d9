package template_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// guard reads "A !B": A and not B.
func guard(text string) template.Guard {
	var g template.Guard
	for _, word := range strings.Fields(text) {
		name, not := strings.CutPrefix(word, "!")
		g, _ = g.And(template.When(name, not))
	}
	return g
}

func guards(texts ...string) []template.Guard {
	out := make([]template.Guard, len(texts))
	for i, x := range texts {
		out[i] = guard(x)
	}
	return out
}

const switches = `{"Conditions":{
	"Prod":{"Fn::Equals":[{"Ref":"Env"},"prod"]}, "Dev":{"Fn::Equals":["dev",{"Ref":"Env"}]}, "NotProd":{"Fn::Not":[{"Condition":"Prod"}]},
	"SameAsProd":{"Fn::Equals":[{"Ref":"Env"},"prod"]}, "East":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]},
	"ProdEast":{"Fn::And":[{"Condition":"Prod"},{"Condition":"East"}]}, "Either":{"Fn::Or":[{"Condition":"Prod"},{"Condition":"Dev"}]},
	"Off":{"Fn::Equals":["a","b"]}, "On":{"Fn::Equals":["a","a"]},
	"Loop":{"Fn::And":[{"Condition":"Pool"},{"Condition":"Prod"}]}, "Pool":{"Fn::Not":[{"Condition":"Loop"}]}, "Self":{"Condition":"Self"},
	"Odd":{"Fn::And":"x"}, "Odder":[], "Rules":{"Fn::Contains":[["a"],{"Ref":"Env"}]}}}`

func TestCovered(t *testing.T) {
	doc := parse(t, switches)
	tests := []struct {
		need string
		by   []string
		want bool
	}{
		{"", nil, false},
		{"Prod", nil, false},
		{"", []string{""}, true},
		{"Prod", []string{""}, true},
		{"", []string{"Prod"}, false},
		{"Prod", []string{"Prod"}, true},
		{"Prod East", []string{"Prod"}, true},
		{"Prod", []string{"Prod East"}, false},
		{"ProdEast", []string{"East"}, true},
		{"Prod East", []string{"ProdEast"}, true},
		{"Prod", []string{"!Dev"}, true}, // one parameter has one value
		{"!Prod", []string{"NotProd"}, true},
		{"NotProd", []string{"!Prod"}, true},
		{"Dev", []string{"NotProd"}, true},
		{"NotProd", []string{"Dev"}, false},
		{"Prod", []string{"SameAsProd"}, true},
		{"Either", []string{"Prod", "Dev"}, true},
		{"Either", []string{"Prod"}, false},
		{"", []string{"Prod", "!Prod"}, true},
		{"", []string{"Prod", "Dev"}, false},
		{"", []string{"Prod East", "Prod !East", "NotProd"}, true},
		{"", []string{"Prod East", "Prod !East", "Dev"}, false},
		{"Off", []string{"On"}, false}, // what is switched by hand can be anything
		{"On", []string{"Off"}, false},
		{"Unknown", []string{"Unknown"}, true},
		{"Unknown", []string{"Prod"}, false},
		{"Unknown", []string{"Odd", "!Odd"}, true},
		{"Rules", []string{"Prod"}, false},
		{"Loop", []string{"Self"}, false},
	}
	for _, tt := range tests {
		if got := doc.Covered(guard(tt.need), guards(tt.by...)); got != tt.want {
			t.Errorf("%q by %q: %v, want %v", tt.need, tt.by, got, tt.want)
		}
		if len(tt.by) == 1 && doc.Implies(guard(tt.need), guard(tt.by[0])) != tt.want {
			t.Errorf("%q implies %q: %v", tt.need, tt.by[0], !tt.want)
		}
	}
}

func TestPossible(t *testing.T) {
	doc := parse(t, switches)
	for g, want := range map[string]bool{
		"": true, "Prod": true, "Prod East": true, "Prod Dev": false, "Prod NotProd": false, "ProdEast NotProd": false, "Either !Prod": true,
		"Either !Prod !Dev": false, "Prod !SameAsProd": false, "Off On": true, "Loop Pool": true, "Self !Odd Odder Unknown": true,
	} {
		if got := doc.Possible(guard(g)); got != want {
			t.Errorf("%q: %v, want %v", g, got, want)
		}
	}
}

func TestSimplify(t *testing.T) {
	doc := parse(t, switches)
	for g, want := range map[string]string{
		"": "", "Prod": "Prod", "Prod East": "East and Prod", "Prod ProdEast East": "ProdEast", "NotProd !Prod": "not Prod",
		"Prod Either":     "Prod",                // Either is made of Prod
		"Prod SameAsProd": "Prod and SameAsProd", // the same comparison twice: both stay
		"Dev NotProd":     "Dev and NotProd",     // the comparisons aren't looked at
		"Unknown Odd":     "Odd and Unknown",
	} {
		got := doc.Simplify(guard(g)).String()
		if got != want && !(g == "NotProd !Prod" && got == "NotProd") {
			t.Errorf("%q: %q, want %q", g, got, want)
		}
	}
}

func TestEquivalent(t *testing.T) {
	doc := parse(t, switches)
	for _, tt := range []struct {
		guards []string
		want   string
	}{
		{[]string{"Prod East"}, "ProdEast"}, {[]string{"!Prod"}, "NotProd"}, {[]string{"Prod", "Dev"}, "Either"}, {[]string{"Dev", "East"}, ""},
		{[]string{"Prod"}, "Prod"}, {[]string{"!Dev"}, ""}, {[]string{"Prod East", "Prod !East"}, "Prod"},
	} {
		got, ok := doc.Equivalent(guards(tt.guards...))
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: %q, %v, want %q", tt.guards, got, ok, tt.want)
		}
	}
	if name, ok := doc.DefinedAs(`{"Fn::Equals":[{"Ref":"Env"},"prod"]}`); name != "Prod" || !ok {
		t.Errorf("DefinedAs: %q, %v", name, ok)
	}
	if name, ok := doc.DefinedAs(`{"Fn::Not":[{"Condition":"Dev"}]}`); name != "" || ok {
		t.Errorf("DefinedAs: %q, %v", name, ok)
	}
}

func TestGuardAnd(t *testing.T) {
	for _, tt := range []struct {
		a, b, want string
		ok         bool
	}{
		{"", "", "", true}, {"A", "", "A", true}, {"", "A", "A", true}, {"A", "A", "A", true}, {"B", "A", "A and B", true},
		{"A C", "B", "A and B and C", true}, {"A !C", "!C B", "A and B and not C", true}, {"A", "!A", "", false}, {"A B C", "!B", "", false},
	} {
		a, b := guard(tt.a), guard(tt.b)
		got, ok := a.And(b)
		if got.String() != tt.want || ok != tt.ok {
			t.Errorf("%q and %q: %q, %v", tt.a, tt.b, got, ok)
		}
		if a.String() != guard(tt.a).String() || b.String() != guard(tt.b).String() {
			t.Errorf("%q and %q became %q and %q", tt.a, tt.b, a, b)
		}
	}
	if guard("A B").Key() == guard("A !B").Key() || guard("A").Key() == guard("A B").Key() || guard("B A").Key() != guard("A B").Key() {
		t.Error("keys")
	}
	if !guard("A !B").Has(template.Term{Cond: "B", Not: true}) || guard("A !B").Has(template.Term{Cond: "B"}) {
		t.Error("Has")
	}
}

// A world is a random Conditions section and what its conditions are worth for
// every choice of parameter values.
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

// always reports whether f is true whatever the parameters are.
func (w world) always(f func(map[string]bool) bool) bool {
	for _, worth := range w.worth {
		if !f(worth) {
			return false
		}
	}
	return true
}

// What the solver says is true for every choice of parameter values; and with
// few comparisons, what is true is what it says.
func TestConditionsProperty(t *testing.T) {
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 5))
		parameters := 1 + r.IntN(4)
		if seed%50 == 0 {
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

// Whoever writes conditions can't make the solver work for long: not by many
// comparisons, not by formulas that share parts, not by circles.
func TestConditionBombs(t *testing.T) {
	shared := func(n int, last string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"C%d":{"Fn::And":[{"Condition":"C%d"},{"Condition":"C%d"}]},`, i, i+1, i+1)
		}
		return `{"Conditions":{` + b.String() + fmt.Sprintf(`"C%d":%s}}`, n, last)
	}
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"C%d":{"Fn::Or":[{"Fn::Equals":[{"Ref":"P%d"},"a"]},{"Fn::Equals":[{"Ref":"P%d"},"b"]}]}`, i, i, (i+1)%n)
		}
		return `{"Conditions":{` + b.String()[1:] + `}}`
	}
	for name, text := range map[string]string{
		"a chain of 3,000 that share":   shared(3000, `{"Fn::Equals":[{"Ref":"P"},"a"]}`),
		"a circle of 3,000 that share":  shared(3000, `{"Condition":"C0"}`),
		"12 parameters":                 many(12),
		"13 parameters":                 many(13),
		"3,000 parameters":              many(3000),
		"4,000 in one another":          `{"Conditions":{"C0":` + nested(4000, `{"Fn::Not":[`, `{"Condition":"C1"}`, `]}`) + `,"C1":{"Condition":"C0"}}}`,
		"an Or of 100,000 that are one": `{"Conditions":{"C0":{"Fn::Or":[` + strings.Repeat(`{"Condition":"C1"},`, 100_000) + `{"Condition":"C1"}]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, text)
			within(t, func() {
				for i := range 50 {
					g := guard(fmt.Sprintf("C%d !C%d", i, i+1))
					doc.Possible(g)
					doc.Covered(g, guards("C0 C2", "!C1 C3"))
					doc.Simplify(g)
				}
				doc.Equivalent(guards("C0 !C1", "C2"))
			})
		})
	}
}
