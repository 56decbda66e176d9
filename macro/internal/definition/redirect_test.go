package definition

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoadFollowsNoRedirect(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			var visits atomic.Int32
			canary := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				visits.Add(1)
				io.WriteString(w, smallAPI)
			}))
			defer canary.Close()
			s := newStore(t)
			s.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
				w.Header().Set("Location", canary.URL+r.URL.RequestURI())
				w.Header().Set("X-Amz-Bucket-Region", "us-west-2")
				return denial(w, status, "PermanentRedirect", "The bucket is in this region: us-west-2")
			}
			r := one(t, storeLoader(Options{}), api)
			wantReason(t, r, Unavailable)
			if diff := cmp.Diff("copy it to a bucket in the macro's Region; this one is in us-west-2", r.Err.Hint); diff != "" {
				t.Errorf("hint (-want +got):\n%s", diff)
			}
			if n := visits.Load(); n != 0 {
				t.Errorf("the other host saw %d requests", n)
			}
			if n := len(s.seen()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// A Region in the answer isn't trusted.
func TestLoadRedirectRegionIsChecked(t *testing.T) {
	s := newStore(t)
	s.fault = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("X-Amz-Bucket-Region", "us-west-2; run this")
		w.WriteHeader(301)
		return true
	}
	r := one(t, storeLoader(Options{}), api)
	wantReason(t, r, Unavailable)
	if strings.Contains(r.Err.Error(), "run this") {
		t.Error(r.Err)
	}
}
