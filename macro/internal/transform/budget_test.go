package transform

import (
	"maps"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"
)

// heap is how much of the heap is taken, in bytes.
func heap() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// watch returns the most of the heap that is taken while f runs, looked at every
// few milliseconds.
func watch(f func()) (most uint64) {
	runtime.GC()
	before, done, seen := heap(), make(chan bool), make(chan uint64)
	go func() {
		var most uint64
		for {
			select {
			case <-done:
				seen <- max(most, heap())
				return
			case <-time.After(3 * time.Millisecond):
				most = max(most, heap())
			}
		}
	}()
	f()
	close(done)
	most = <-seen
	return most - min(before, most)
}

// No event of 6 MB costs more than a Lambda function has: there is one answer, soon, in
// little memory. The limits are far above the intended 5 s and 256 MiB, for machines that
// are busy.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("events of 6 MB, some 20 s")
	}
	all := maps.Clone(hostile)
	maps.Copy(all, worse)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			payload := []byte(all[name]())
			start := time.Now()
			var answer []byte
			most := watch(func() { answer, _ = Handler{}.Invoke(t.Context(), payload) })
			took := time.Since(start)
			if took > time.Minute || most > 384<<20 {
				t.Errorf("%d bytes take %v and %d MiB", len(payload), took, most>>20)
			}
			said := string(answer[:min(len(answer), 1000)])
			if !strings.Contains(said, `"status":"success"`) && (!strings.Contains(said, `"status":"failure"`) || strings.Contains(said, "internal error")) {
				t.Errorf("answered %s", said)
			}
			t.Logf("%d bytes: %v, %d MiB, %.200s", len(payload), took, most>>20, said)
		})
	}
}
