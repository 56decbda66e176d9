package policy

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// randomSet makes nested sets over n routes, some with patterns of their own and
// some with the choice of several.
func randomSet(r *rand.Rand, routes []int) *Set {
	if len(routes) == 1 {
		return Leaf(routes[0])
	}
	s := NewSet(len(routes))
	for rest := routes; len(rest) > 0; {
		n := 1 + r.IntN(min(len(rest), len(routes)-1))
		s.Add(randomSet(r, rest[:n]))
		rest = rest[n:]
	}
	if r.IntN(3) > 0 {
		s.Widen(Rung{Level: uint8(1 + r.IntN(4)), Keep: r.Int32N(4)}, r.IntN(Top), r.IntN(3))
		if cut := 1 + r.IntN(len(routes)-1); r.IntN(2) == 0 {
			s.Divide([]Pattern{{Routes: routes[:cut], Rung: Rung{Level: 9}}, {Routes: routes[cut:], Rung: Rung{Level: 9, Keep: 1}}}, r.IntN(s.ownCost))
		}
	}
	return s
}

// randomGroups makes groups with n routes in all, at least one each.
func randomGroups(r *rand.Rand, n int) []Group {
	var groups []Group
	for n > 0 {
		size := 1 + r.IntN(n)
		n -= size
		g := Group{Sizes: make([]int, size)}
		routes := make([]int, size)
		for i := range routes {
			routes[i], g.Sizes[i] = i, 300+r.IntN(100)
		}
		r.Shuffle(size, func(i, j int) { routes[i], routes[j] = routes[j], routes[i] })
		if g.Set = randomSet(r, routes); g.Set.own == nil {
			whole := NewSet(size)
			whole.Add(g.Set)
			whole.Widen(Rung{Level: 7}, Top, 0)
			g.Set = whole
		}
		groups = append(groups, g)
	}
	return groups
}

// checkPlan checks that the patterns are for every route once.
func checkPlan(t *testing.T, groups []Group, patterns []Pattern, n int) {
	t.Helper()
	if len(patterns) > n {
		t.Fatalf("%d patterns for %d statements", len(patterns), n)
	}
	times := make([][]int, len(groups))
	for i, g := range groups {
		times[i] = make([]int, len(g.Sizes))
	}
	for _, p := range patterns {
		if p.Exact() && len(p.Routes) != 1 {
			t.Fatalf("an exact pattern for %v", p.Routes)
		}
		for _, i := range p.Routes {
			times[p.Group][i]++
		}
	}
	for g := range times {
		for i, x := range times[g] {
			if x != 1 {
				t.Fatalf("route %d of group %d is in %d patterns of %+v", i, g, x, patterns)
			}
		}
	}
}

// total is how many routes groups have.
func total(groups []Group) int {
	n := 0
	for _, g := range groups {
		n += len(g.Sizes)
	}
	return n
}

// choices are all ways to cover a set's routes: statements and cost of each.
func choices(s *Set) [][2]int {
	if len(s.parts) == 0 {
		return [][2]int{{1, 0}}
	}
	apart := [][2]int{{0, 0}}
	for _, c := range s.parts {
		var next [][2]int
		for _, a := range apart {
			for _, b := range choices(c) {
				next = append(next, [2]int{a[0] + b[0], a[1] + b[1]})
			}
		}
		apart = next
	}
	if s.own != nil {
		apart = append(apart, [2]int{1, s.ownCost})
	}
	if s.several != nil {
		apart = append(apart, [2]int{len(s.several), s.severalCost})
	}
	slices.SortFunc(apart, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(apart)
}

// Every choice covers what it must, and none of the other choices with as many
// statements costs less.
func TestPlanProperty(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 9))
		groups := randomGroups(r, 1+r.IntN(9))
		most := total(groups)
		p := NewPlan(groups, most)
		all := choices(&p.root)
		for n := 1; n <= most; n++ {
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
				checkPlan(t, groups, p.Patterns(n), n)
			}
		}
		if cost, ok := p.Cost(most); cost != 0 || !ok {
			t.Fatalf("seed %d: exact patterns cost %d", seed, cost)
		}
		for _, n := range []int{0, -1, most + 1} {
			if _, ok := p.Cost(n); ok {
				t.Fatalf("seed %d: %d statements are possible", seed, n)
			}
		}
	}
}

// A plan for fewer statements chooses as one for all does.
func TestPlanLimit(t *testing.T) {
	for seed := range uint64(500) {
		groups := func() []Group { return randomGroups(rand.New(rand.NewPCG(seed, 10)), 12) }
		full, limited := NewPlan(groups(), 12), NewPlan(groups(), 5)
		for n := 1; n <= 5; n++ {
			a, ok := full.Cost(n)
			b, same := limited.Cost(n)
			if a != b || ok != same {
				t.Fatalf("seed %d: with %d statements %d (%v), limited %d (%v)", seed, n, a, ok, b, same)
			}
		}
	}
}

// What fits in bytes and statements is the dearest in statements that does.
func TestPlanFit(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 12))
		groups := randomGroups(r, 10)
		p := NewPlan(groups, 10)
		limit, budget, least := 1+r.IntN(10), r.IntN(4000), Least([]*Plan{p})
		patterns, ok := p.Fit(limit, budget)
		checkPlan(t, groups, patterns, 10)
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
	f.Fuzz(func(t *testing.T, seed uint64, n, limit uint8) {
		groups := randomGroups(rand.New(rand.NewPCG(seed, 13)), 1+int(n))
		p := NewPlan(groups, 1+int(limit))
		last := -1
		for i := 1; i <= 1+int(n); i++ {
			cost, ok := p.Cost(i)
			if !ok {
				continue
			}
			if last >= 0 && cost > last {
				t.Fatalf("%d statements cost %d, one less %d", i, cost, last)
			}
			last = cost
			checkPlan(t, groups, p.Patterns(i), i)
		}
	})
}
