// Package hostile is what tests of hostile templates share: the limits of time and
// memory, and texts whose hashes meet.
package hostile

import (
	"runtime"
	"testing"
	"time"
)

// Within fails the test when f takes more time, or allocates more MiB, than a
// template of a megabyte should: the macro has 15 seconds or so, and a Lambda's
// memory.
func Within(t *testing.T, limit time.Duration, mebibytes uint64, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan bool)
	go func() {
		f()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatalf("takes more than %v", limit)
	}
	runtime.ReadMemStats(&after)
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > mebibytes {
		t.Errorf("allocated %d MiB", used)
	}
}

// Twins are two numbers below a million for which a text has the same hash.
func Twins(t *testing.T, text func(n int) string) (int, int) {
	t.Helper()
	seen := map[string]int{}
	for n := range 1_000_000 {
		h := text(n)
		if other, ok := seen[h]; ok {
			return other, n
		}
		seen[h] = n
	}
	t.Fatal("no two have the same hash")
	return 0, 0
}
