package definition

import (
	"fmt"
	"testing"
)

// Of documents that are too much together none is returned, whichever came first,
// and once they are too much no more are read.
func TestLoadTogether(t *testing.T) {
	s := newStore(t)
	var locs []Location
	for i := range 40 {
		loc := Location{Bucket: bucket, Key: fmt.Sprintf("%d.json", i)}
		s.put(loc.Key, smallAPI)
		locs = append(locs, loc)
	}
	missing := Location{Bucket: bucket, Key: "none.json"}
	l := storeLoader(Options{MaxTotal: int64(10 * len(smallAPI))})
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
