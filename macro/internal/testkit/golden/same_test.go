package golden_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// The same event gives the same bytes, each time and side by side.
func TestSameBytes(t *testing.T) {
	var h transform.Handler
	goldens := golden.All(t)
	want := make([][]byte, len(goldens))
	for i, g := range goldens {
		want[i], _ = h.Invoke(t.Context(), g.Payload())
	}
	same := func(t *testing.T, i int) {
		if got, _ := h.Invoke(t.Context(), goldens[i].Payload()); !bytes.Equal(got, want[i]) {
			t.Errorf("%s: another answer\n%s\nthan before\n%s", goldens[i].Name, got, want[i])
		}
	}
	times := 100
	if testing.Short() {
		times = 5
	}
	for i, g := range goldens {
		for range times {
			if len(g.Event.Fragment) > 16<<10 {
				break // the many small ones tell as much
			}
			same(t, i)
		}
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range goldens {
				same(t, (i+worker*len(goldens)/8)%len(goldens))
			}
		})
	}
	wg.Wait()
}

// One process that works on several events at once, as it does with
// AWS_LAMBDA_MAX_CONCURRENCY.
func TestConcurrently(t *testing.T) {
	p := program.Start(t, "AWS_LAMBDA_MAX_CONCURRENCY=4")
	var wg sync.WaitGroup
	for _, g := range golden.All(t) {
		want := g.Transform(t, g.Event.Fragment)
		wg.Go(func() {
			answer, err := p.Invoke(t.Context(), g.Payload())
			if err != nil || answer.FunctionError {
				t.Errorf("%s: %v %s", g.Name, err, answer.Payload)
			} else if got := golden.Answer(t, answer.Payload); got.Differs(want) {
				t.Errorf("%s: %s\nwant %s", g.Name, got, want)
			}
		})
	}
	wg.Wait()
}
