package apigateway_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// callOf is a call of an API to a function.
func callOf(api, fn string, form *invoke.Form, route template.Text) *invoke.Call {
	return &invoke.Call{Service: &apigateway.Service, Origin: &invoke.Origin{Key: api}, Target: &function.Target{Function: fn, Key: fn},
		Source: invoke.Source{Form: form, Route: route}}
}

// randomWanted makes different sources of an API that a function may want.
func randomWanted(r *rand.Rand, api, fn string, n int) []*invoke.Wanted {
	var out []*invoke.Wanted
	seen := map[string]bool{}
	for range n {
		w := &invoke.Wanted{}
		if stage := []string{"", "", "", "dev", "prod"}[r.IntN(5)]; stage != "" {
			w.Stage = template.Literal(stage)
		}
		switch r.IntN(10) {
		case 0:
			w.Call = callOf(api, fn, apigateway.Key, template.Literal([]string{"$default", "order", "orders", "öl", "ös"}[r.IntN(5)]))
		case 1:
			w.Stage = nil
			w.Call = callOf(api, fn, apigateway.Authorizer, template.Join(template.Literal("authorizers/"), template.RefTo([]string{"A", "B"}[r.IntN(2)])))
		case 2:
			w.Call = callOf(api, fn, apigateway.Method, template.Join(template.Literal("GET/a/"), template.RefTo("P"), template.Literal([]string{"", "/b"}[r.IntN(2)])))
		case 3:
			w.Stage, w.Whole = nil, true
			w.Call = callOf(api, fn, invoke.AnyRoute, nil)
		default:
			var segments []string
			for range r.IntN(4) {
				segments = append(segments, []string{"a", "b", "ab", "*", ""}[r.IntN(5)])
			}
			w.Call = callOf(api, fn, apigateway.Method, template.Literal([]string{"GET", "GET", "POST", "*"}[r.IntN(4)]+"/"+strings.Join(segments, "/")))
		}
		w.Tail = w.Call.Source.Tail(w.Stage)
		if !seen[w.Tail.Key()] {
			seen[w.Tail.Key()] = true
			out = append(out, w)
		}
	}
	return out
}

// A laddered is wanted sources, in groups, with the ladders of the groups.
type laddered struct {
	wanted  [][]*invoke.Wanted
	ladders []invoke.Ladder
}

// ladder makes the ladders of what a function wants of each of its APIs, beside the
// calls of others.
func ladder(listed bool, others []*invoke.Wanted, wanted ...[]*invoke.Wanted) laddered {
	x := laddered{wanted: wanted}
	widener := apigateway.Service.Widener(func(yield func(*invoke.Call) bool) {
		for _, list := range append(slices.Clone(wanted), others) {
			for _, w := range list {
				if !yield(w.Call) {
					return
				}
			}
		}
	})
	for _, group := range wanted {
		x.ladders = append(x.ladders, widener(group, listed))
	}
	return x
}

// plan plans for all of it; every statement has as many bytes as its tail.
func (x laddered) plan(limit int) *policy.Plan {
	groups := make([]policy.Group, len(x.ladders))
	for i, l := range x.ladders {
		groups[i].Set = l.Set
		for _, w := range x.wanted[i] {
			groups[i].Sizes = append(groups[i].Sizes, len(w.Tail.Key()))
		}
	}
	return policy.NewPlan(groups, limit)
}

// text is a pattern as it is made of one of its routes.
func (x laddered) text(p policy.Pattern, route int) string {
	w := x.wanted[p.Group][route]
	tail := w.Tail
	if !p.Exact() {
		tail = x.ladders[p.Group].Tail(policy.Pattern{Group: p.Group, Routes: []int{route}, Rung: p.Rung})
	}
	return policy.Symbol(w.Call.Origin.Key) + "/" + tail.Key()
}

// check checks the patterns of a choice: each covers its routes, the same made from any of
// them, is no longer than the longest, and is there once.
func (x laddered) check(t *testing.T, patterns []policy.Pattern) {
	t.Helper()
	texts := map[string]bool{}
	for _, p := range patterns {
		text, longest := x.text(p, p.Routes[0]), 0
		if texts[text] {
			t.Fatalf("%q stands twice in %v", text, patterns)
		}
		texts[text] = true
		for _, i := range p.Routes {
			if got := x.text(p, i); got != text {
				t.Fatalf("%+v is %q made from %v, and %q from %v", p, text, p.Routes[0], got, i)
			}
			exact := x.text(policy.Pattern{Group: p.Group}, i)
			if longest = max(longest, len(exact)); !policy.Covers(text, exact) {
				t.Fatalf("%q doesn't cover %q", text, exact)
			}
		}
		if len(text) > longest {
			t.Fatalf("%q is longer than what it is for", text)
		}
	}
}

// randomLadder makes the ladders of two APIs.
func randomLadder(r *rand.Rand, n int) laddered {
	others := append(randomWanted(r, "A", "Other", r.IntN(4)), randomWanted(r, "C", "Other", 2)...)
	wanted := [][]*invoke.Wanted{randomWanted(r, "A", "Own", 1+n)}
	if r.IntN(2) == 0 {
		wanted = append(wanted, randomWanted(r, "B", "Own", 1+n/2))
	}
	return ladder(r.IntN(2) == 0, others, wanted...)
}

func (x laddered) count() int {
	n := 0
	for _, w := range x.wanted {
		n += len(w)
	}
	return n
}

// Every choice of the ladder covers what it must.
func TestLadderProperty(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 9))
		x := randomLadder(r, r.IntN(12))
		p := x.plan(x.count())
		for n := 1; n <= x.count(); n++ {
			if _, ok := p.Cost(n); ok != (n >= len(x.wanted)) {
				t.Fatalf("seed %d: %d statements for %d APIs: %v", seed, n, len(x.wanted), ok)
			} else if ok {
				x.check(t, p.Patterns(n))
			}
		}
		if cost, _ := p.Cost(x.count()); cost != 0 {
			t.Fatalf("seed %d: exact patterns cost %d", seed, cost)
		}
	}
}

// The patterns don't depend on the order of the wanted sources.
func TestLadderOrder(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 11))
		wanted := randomWanted(r, "A", "Own", 12)
		others := randomWanted(r, "A", "Other", 3)
		texts := func() []string {
			x := ladder(true, others, wanted)
			p := x.plan(len(wanted))
			var out []string
			for n := range wanted {
				var all []string
				for _, pattern := range p.Patterns(n + 1) {
					all = append(all, x.text(pattern, pattern.Routes[0]))
				}
				slices.Sort(all)
				out = append(out, fmt.Sprint(n+1, all))
			}
			return out
		}
		want := texts()
		r.Shuffle(len(wanted), func(i, j int) { wanted[i], wanted[j] = wanted[j], wanted[i] })
		if got := texts(); !slices.Equal(got, want) {
			t.Fatalf("seed %d:\n%s\n%s", seed, want, got)
		}
	}
}

// The patterns for fewer and fewer statements.
func TestLadderChoice(t *testing.T) {
	methods := func(fn string, routes ...string) (out []*invoke.Wanted) {
		for _, route := range routes {
			form := apigateway.Method
			if !strings.Contains(route, "/") {
				form = apigateway.Key
			}
			c := callOf("A", fn, form, template.Literal(route))
			out = append(out, &invoke.Wanted{Call: c, Tail: c.Source.Tail(nil)})
		}
		return out
	}
	base := template.Join(template.Literal("GET"), template.RefTo("Base"))
	for _, tt := range []struct {
		name   string
		listed bool
		others []*invoke.Wanted
		wanted []*invoke.Wanted
		count  int
		want   string
	}{
		{"verbs of one path", false, nil, methods("Own", "GET/a", "PUT/a", "GET/b"), 2, "*/*/a */GET/b"},
		{"below a path", false, nil, methods("Own", "GET/a/x", "GET/a/y", "GET/b"), 2, "*/GET/a/* */GET/b"},
		{"one pattern for each verb", false, nil, methods("Own", "GET/a/x", "GET/a/y", "GET/a/z", "PUT/a/x"), 2, "*/GET/a/* */PUT/a/x"},
		{"no higher than it must", false, nil, methods("Own", "GET/a/x", "GET/a/y", "PUT/b"), 2, "*/GET/a/* */PUT/b"}, // was GET/*
		{"around another function's", false, methods("Other", "POST/a/x", "POST/a/y"), methods("Own", "GET/a/x", "PUT/a/x", "GET/b/x", "PUT/b/x"), 3, "*/*/b/x */GET/a/x */PUT/a/x"},
		{"keys that begin alike, in one statement", true, nil, methods("Own", "$default", "orders", "ordered", "x"), 3, "*/$default */order* */x"},
		{"keys, in statements of their own", false, nil, methods("Own", "orders", "ordered", "x"), 2, "*"},
		{"an expression brings the slash", false, nil, func() (out []*invoke.Wanted) { // the verb was written with U+0001
			for _, path := range []string{"/x/1", "/x/2"} {
				c := callOf("A", "Own", apigateway.Method, template.Join(base, template.Literal(path)))
				out = append(out, &invoke.Wanted{Call: c, Tail: c.Source.Tail(nil)})
			}
			return append(out, methods("Own", "GET/a")...)
		}(), 2, "*/GET${Base}/x/* */GET/a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := ladder(tt.listed, tt.others, tt.wanted)
			var got []string
			for _, p := range x.plan(tt.count).Patterns(tt.count) {
				tail := tt.wanted[p.Routes[0]].Tail
				if !p.Exact() {
					tail = x.ladders[0].Tail(p)
				}
				got = append(got, tail.String())
			}
			slices.Sort(got)
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func FuzzLadder(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint8(seed*7))
	}
	f.Add(uint64(3), uint8('1')) // keys that begin alike share a pattern
	f.Fuzz(func(t *testing.T, seed uint64, n uint8) {
		x := randomLadder(rand.New(rand.NewPCG(seed, 13)), int(n))
		p := x.plan(x.count())
		for i := len(x.wanted); i <= x.count(); i++ {
			x.check(t, p.Patterns(i))
		}
	})
}
