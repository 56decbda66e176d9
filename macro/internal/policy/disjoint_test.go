package policy

import (
	"math/rand/v2"
	"testing"
)

// What is disjoint at a glance is disjoint.
func TestDisjoint(t *testing.T) {
	if !disjoint("a/*/GET", "b/*/GET") || !disjoint("*/GET", "*/POST") || !disjoint("abc", "ab") || disjoint("a*", "a") || disjoint("*a", "a*") || disjoint("", "") {
		t.Error("the table")
	}
	r := rand.New(rand.NewPCG(3, 4))
	alphabet := []string{"a", "b", "/", "*", "?", Symbol("x"), Unknown("y")}
	random := func() (s string) {
		for range r.IntN(6) {
			s += alphabet[r.IntN(len(alphabet))]
		}
		return s
	}
	found := 0
	for range 200_000 {
		a, b := random(), random()
		if !disjoint(a, b) {
			continue
		}
		if found++; Overlaps(a, b) || Covers(a, b) || Covers(b, a) {
			t.Fatalf("%q and %q are not disjoint", a, b)
		}
	}
	if found < 1000 {
		t.Errorf("only %d pairs are disjoint", found)
	}
}
