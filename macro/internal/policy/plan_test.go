package policy

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// exact is the pattern of a route: API, then what stands behind it.
func (r Route) exact() string {
	stage := r.Stage
	if stage == "" {
		stage = "*"
	}
	tail := ""
	switch r.Kind {
	case Method:
		tail = stage + "/" + r.Verb + "/" + r.Path
	case Key:
		tail = stage + "/" + r.Path
	case Authorizer:
		tail = "authorizers/" + r.Path
	case Whole:
		tail = "*"
	}
	return Symbol(r.Group) + "/" + tail
}

// wide is the pattern as it is made from one of its routes.
func wide(p Pattern, r Route) string {
	stage := r.Stage
	if stage == "" {
		stage = "*"
	}
	switch p.Level {
	case Exact:
		return r.exact()
	case Verbs:
		return Symbol(r.Group) + "/" + stage + "/*/" + r.Path
	case Prefix:
		tail := stage + "/" + p.Verb + "/"
		for _, s := range strings.Split(r.Path, "/")[:p.Depth] {
			tail += s + "/"
		}
		return Symbol(r.Group) + "/" + tail + "*"
	case Keys:
		return Symbol(r.Group) + "/" + stage + "/" + r.Path[:p.Depth] + "*"
	case Stage:
		return Symbol(r.Group) + "/" + stage + "/*"
	}
	return Symbol(r.Group) + "/*"
}

// randomRoutes makes different routes of one or two groups.
func randomRoutes(r *rand.Rand, n int) []Route {
	var out []Route
	seen := map[string]bool{}
	for range n {
		x := Route{Group: string("AAB"[r.IntN(3)]), Stage: []string{"", "", "", "dev", "prod"}[r.IntN(5)], Size: 300 + r.IntN(100)}
		switch r.IntN(10) {
		case 0:
			x.Kind, x.Path = Key, []string{"$default", "order", "orders", "öl", "ös"}[r.IntN(5)]
		case 1:
			x.Kind, x.Stage, x.Path = Authorizer, "", Symbol([]string{"a", "b"}[r.IntN(2)])
		default:
			x.Verb = []string{"GET", "GET", "POST", "*"}[r.IntN(4)]
			var segments []string
			for range r.IntN(4) {
				segments = append(segments, []string{"a", "b", "ab", "*", ""}[r.IntN(5)])
			}
			x.Path = strings.Join(segments, "/")
		}
		if !seen[x.exact()] {
			seen[x.exact()] = true
			out = append(out, x)
		}
	}
	return out
}

// checkPlan checks the patterns of a choice with n statements.
func checkPlan(t *testing.T, routes []Route, patterns []Pattern, n int) {
	t.Helper()
	if len(patterns) > n {
		t.Fatalf("%d patterns for %d statements", len(patterns), n)
	}
	times := make([]int, len(routes))
	texts := map[string]bool{}
	for _, p := range patterns {
		text := wide(p, routes[p.Routes[0]])
		if texts[text] {
			t.Fatalf("%q stands twice in %v", text, patterns)
		}
		texts[text] = true
		for _, i := range p.Routes {
			times[i]++
			if got := wide(p, routes[i]); got != text {
				t.Fatalf("%+v is %q made from %+v and %q made from %+v", p, text, routes[p.Routes[0]], got, routes[i])
			}
			if !Covers(text, routes[i].exact()) {
				t.Fatalf("%q does not cover %q", text, routes[i].exact())
			}
		}
		if p.Level == Exact && len(p.Routes) != 1 {
			t.Fatalf("an exact pattern for %v", p.Routes)
		}
		longest := 0
		for _, i := range p.Routes {
			longest = max(longest, len(routes[i].exact()))
		}
		if len(text) > longest {
			t.Fatalf("%q is longer than what it is for", text)
		}
	}
	for i, x := range times {
		if x != 1 {
			t.Fatalf("route %d is in %d patterns of %+v", i, x, patterns)
		}
	}
}

// choices are all ways to cover a node's routes: statements and cost of each.
func choices(n *node) [][2]int {
	if len(n.children) == 0 {
		return [][2]int{{1, 0}}
	}
	split := [][2]int{{0, 0}}
	for _, c := range n.children {
		var next [][2]int
		for _, a := range split {
			for _, b := range choices(c) {
				next = append(next, [2]int{a[0] + b[0], a[1] + b[1]})
			}
		}
		split = next
	}
	if n.own != nil {
		split = append(split, [2]int{1, n.ownCost})
	}
	if n.byVerb != nil {
		split = append(split, [2]int{len(n.byVerb), n.verbCost})
	}
	slices.SortFunc(split, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(split)
}

// Every choice covers what it must, and none of the ladder's other choices
// with as many statements costs less.
func TestPlanProperty(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 9))
		routes := randomRoutes(r, 1+r.IntN(9))
		others := randomRoutes(r, r.IntN(4))
		p := NewPlan(routes, others, len(routes))
		all := choices(p.root)
		for n := 1; n <= len(routes); n++ {
			best, possible := 0, false
			for _, c := range all {
				if c[0] <= n && (!possible || c[1] < best) {
					best, possible = c[1], true
				}
			}
			cost, ok := p.Cost(n)
			if ok != possible || cost != best {
				t.Fatalf("seed %d: %d statements cost %d (%v), want %d (%v)", seed, n, cost, ok, best, possible)
			}
			if ok {
				checkPlan(t, routes, p.Patterns(n), n)
			}
		}
		if cost, ok := p.Cost(len(routes)); cost != 0 || !ok {
			t.Fatalf("seed %d: exact patterns cost %d", seed, cost)
		}
		for _, n := range []int{0, -1, len(routes) + 1} {
			if _, ok := p.Cost(n); ok {
				t.Fatalf("seed %d: %d statements are possible", seed, n)
			}
		}
	}
}

// A plan for fewer statements chooses as one for all does.
func TestPlanLimit(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 10))
		routes := randomRoutes(r, 12)
		full := NewPlan(routes, nil, len(routes))
		limited := NewPlan(routes, nil, 5)
		for n := 1; n <= 5; n++ {
			a, ok := full.Cost(n)
			b, same := limited.Cost(n)
			if a != b || ok != same {
				t.Fatalf("seed %d: with %d statements %d (%v), limited %d (%v)", seed, n, a, ok, b, same)
			}
		}
	}
}

// The order of the routes decides nothing.
func TestPlanOrder(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 11))
		routes := randomRoutes(r, 12)
		texts := func() []string {
			var out []string
			p := NewPlan(routes, nil, len(routes))
			for n := range len(routes) {
				if _, ok := p.Cost(n); !ok {
					continue
				}
				var all []string
				for _, x := range p.Patterns(n) {
					all = append(all, wide(x, routes[x.Routes[0]]))
				}
				slices.Sort(all)
				out = append(out, fmt.Sprint(n, all))
			}
			return out
		}
		want := texts()
		r.Shuffle(len(routes), func(i, j int) { routes[i], routes[j] = routes[j], routes[i] })
		if got := texts(); !slices.Equal(got, want) {
			t.Fatalf("seed %d:\n%s\n%s", seed, want, got)
		}
	}
}

// What fits in bytes and statements is the dearest in statements that does.
func TestPlanFit(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 12))
		routes := randomRoutes(r, 10)
		p := NewPlan(routes, nil, len(routes))
		limit, budget := 1+r.IntN(len(routes)), r.IntN(4000)
		patterns, ok := p.Fit(limit, budget)
		checkPlan(t, routes, patterns, len(routes))
		least := Least([]*Plan{p})
		if ok && (p.Size(patterns) > budget || len(patterns) > max(limit, least)) {
			t.Fatalf("seed %d: %d statements of %d bytes within %d and %d", seed, len(patterns), p.Size(patterns), limit, budget)
		}
		if !ok && p.Size(patterns) <= budget {
			t.Fatalf("seed %d: fits, and doesn't", seed)
		}
		if !ok && len(patterns) > least {
			t.Fatalf("seed %d: not the widest although nothing fits", seed)
		}
	}
}

func FuzzPlan(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint8(seed*7), uint8(3))
	}
	f.Add(uint64(3), uint8('1'), uint8('$')) // keys that begin alike share a pattern
	f.Fuzz(func(t *testing.T, seed uint64, n, limit uint8) {
		r := rand.New(rand.NewPCG(seed, 13))
		routes := randomRoutes(r, 1+int(n))
		p := NewPlan(routes, randomRoutes(r, int(limit)), 1+int(limit))
		last := -1
		for i := 1; i <= len(routes); i++ {
			cost, ok := p.Cost(i)
			if !ok {
				continue
			}
			if last >= 0 && cost > last {
				t.Fatalf("%d statements cost %d, one less %d", i, cost, last)
			}
			last = cost
			checkPlan(t, routes, p.Patterns(i), i)
		}
	})
}
