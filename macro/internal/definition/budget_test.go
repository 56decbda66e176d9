package definition

import (
	"fmt"
	"testing"
)

// Documents that are too much together are none of them taken, whatever came
// first, and the rest isn't asked for.
func TestLoadTogether(t *testing.T) {
	s := newStore(t)
	var locs []Location
	for i := range 40 {
		loc := Location{Bucket: bucket, Key: fmt.Sprintf("%d.json", i)}
		s.put(loc.Key, small3)
		locs = append(locs, loc)
	}
	missing := Location{Bucket: bucket, Key: "none.json"}
	l := reading(Options{MaxTotal: int64(10 * len(small3))})
	for n, want := range map[int]Reason{9: "", 10: "", 11: TooLarge, 40: TooLarge} {
		before := len(s.seen())
		got := l.Load(t.Context(), append(locs[:n:n], missing))
		for _, loc := range locs[:n] {
			switch r := got[loc]; {
			case want != "":
				wantReason(t, r, want)
			case r.Err != nil:
				t.Errorf("%d documents: %v", n, r.Err)
			}
		}
		if r := got[missing]; r.Err == nil || want == "" && r.Err.Reason != Missing {
			t.Errorf("%d documents: one that is missing: %v", n, r.Err)
		}
		if asked := len(s.seen()) - before; asked > 10+2*4 {
			t.Errorf("%d documents: asked %d times", n, asked)
		}
	}
}
