package source

import (
	"math/rand/v2"
	"testing"
)

func TestScratch(t *testing.T) {
	fails := map[string]int{}
	for name, text := range seeds(t) {
		t.Run(name, func(t *testing.T) {
			f, err := Read("t", text)
			if err != nil {
				t.Fatal(err)
			}
			ok := 0
			for seed := range uint64(400) {
				if err := checkApply(t, f, rand.New(rand.NewPCG(seed, 2)), 1+int(seed%3)); err == nil {
					ok++
				} else {
					h := err.(*Error).Hint
					fails[h]++
					if h == hintReport && fails[h] < 400 {
						t.Log(err)
					}
				}
			}
			t.Log(ok, "of 400")
		})
	}
	t.Log(fails)
}
