package policy

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// cheapest tries every way to share room among plans.
func cheapest(plans []*Plan, room int) (cost int, ok bool) {
	if len(plans) == 0 {
		return 0, true
	}
	for n := 1; n <= room; n++ {
		own, possible := plans[0].Cost(n)
		if !possible {
			continue
		}
		if rest, fits := cheapest(plans[1:], room-n); fits && (!ok || own+rest < cost) {
			cost, ok = own+rest, true
		}
	}
	return cost, ok
}

func TestShareProperty(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 20))
		plans := make([]*Plan, 1+r.IntN(4))
		for i := range plans {
			routes := randomRoutes(r, 1+r.IntN(6))
			plans[i] = NewPlan(routes, nil, len(routes))
		}
		for room := range 16 {
			want, possible := cheapest(plans, room)
			counts, ok := Share(plans, room)
			if ok != possible {
				t.Fatalf("seed %d: room for %d: %v, want %v", seed, room, ok, possible)
			}
			if !ok {
				continue
			}
			got, used := 0, 0
			for i, n := range counts {
				cost, possible := plans[i].Cost(n)
				if !possible {
					t.Fatalf("seed %d: plan %d can't have %d", seed, i, n)
				}
				got, used = got+cost, used+n
			}
			if got != want || used > room {
				t.Fatalf("seed %d: room for %d: %d statements that cost %d, want %d", seed, room, used, got, want)
			}
		}
	}
	if counts, ok := Share(nil, 0); !ok || len(counts) != 0 {
		t.Errorf("nothing to share: %v, %v", counts, ok)
	}
}

// service makes n routes as a service has them: five verbs, three segments.
func service(n int) []Route {
	out := make([]Route, n)
	for i := range out {
		out[i] = Route{Group: "A", Verb: []string{"GET", "PUT", "POST", "DELETE", "*"}[i%5], Size: 350,
			Path: fmt.Sprintf("domain%d/thing%d/*/part%d", i/500, i/25, i/5)}
	}
	return out
}

// Planning takes time in proportion to the routes.
func TestPlanGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	took := func(n int) time.Duration {
		routes := service(n)
		start := time.Now()
		p := NewPlan(routes, routes[:n/2], 50)
		p.Fit(50, 10_000)
		return time.Since(start)
	}
	small, large := time.Hour, time.Hour
	for range 20 { // turn by turn, so that what disturbs the machine disturbs both
		small, large = min(small, took(1000)), min(large, took(5000))
	}
	if ratio := float64(large) / float64(small); ratio > 15 { // five times the routes
		t.Errorf("1,000 routes take %v, 5,000 take %v: %.1f times as long", small, large, ratio)
	}
}

func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			routes := service(n)
			for b.Loop() {
				p := NewPlan(routes, nil, 50)
				p.Fit(50, 10_000)
			}
		})
	}
}
