package policy

import (
	"math/rand/v2"
	"testing"
)

// cheapest tries every way to divide statements among plans.
func cheapest(plans []*Plan, limit int) (cost int, ok bool) {
	if len(plans) == 0 {
		return 0, true
	}
	for n := 1; n <= limit; n++ {
		own, possible := plans[0].Cost(n)
		if !possible {
			continue
		}
		if rest, fits := cheapest(plans[1:], limit-n); fits && (!ok || own+rest < cost) {
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
			n := 1 + r.IntN(6)
			plans[i] = NewPlan(randomGroups(r, n), n)
		}
		for limit := range 16 {
			want, possible := cheapest(plans, limit)
			counts, ok := Share(plans, limit)
			if ok != possible {
				t.Fatalf("seed %d: at most %d: %v, want %v", seed, limit, ok, possible)
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
			if got != want || used > limit {
				t.Fatalf("seed %d: at most %d: %d statements that cost %d, want %d", seed, limit, used, got, want)
			}
		}
	}
	if counts, ok := Share(nil, 0); !ok || len(counts) != 0 {
		t.Errorf("nothing to share: %v, %v", counts, ok)
	}
}
