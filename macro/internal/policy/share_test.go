package policy

import (
	"math/rand/v2"
	"testing"
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
			n := 1 + r.IntN(6)
			plans[i] = NewPlan(randomGroups(r, n), n)
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
