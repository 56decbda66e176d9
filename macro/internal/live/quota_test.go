package live

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// 300 APIs and 2,000 functions are read under the quotas of AWS without one
// call too many, half of each quota being left to others. The time is the
// test's own.
func TestQuotas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &cloud.Server{World: cloud.Big(300, 2000), Quotas: true}
		start := time.Now()
		r := dial(t, s)
		a, err := r.Read(context.Background(), Ask{All: true})
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		counts := map[string]int{}
		for _, c := range s.Log() {
			counts[c.Operation]++
			if c.Status == http.StatusTooManyRequests {
				t.Fatalf("%s: 429", c.Operation)
			}
			if !c.Read {
				t.Errorf("%s is no read", c.Operation)
			}
		}
		if len(a.APIs) != 300 || len(a.Functions) != 2000 || len(a.Unread) > 0 {
			t.Errorf("read %d APIs and %d functions; unread %v", len(a.APIs), len(a.Functions), a.Unread)
		}
		if counts["lambda:GetPolicy"] != 2000 || counts["lambda:ListAliases"] != 2000 || counts["apigateway:GetExport"] != 150 {
			t.Errorf("calls: %v", counts)
		}
		t.Logf("%d calls in %v of the account's time", r.Calls(), took.Round(time.Second))
	})
}

// The larger the share of the quotas, the sooner it is done.
func TestShare(t *testing.T) {
	took := func(share float64) (d time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			s := &cloud.Server{World: cloud.Big(2, 100), Quotas: true}
			r := dial(t, s)
			r.guard.limits.share = share
			start := time.Now()
			if _, err := r.Read(context.Background(), Ask{All: true}); err != nil {
				t.Fatal(err)
			}
			d = time.Since(start)
		})
		return d
	}
	whole, half, tenth := took(1), took(0.5), took(0.1)
	if whole >= half || half >= tenth {
		t.Errorf("whole %v, half %v, a tenth %v", whole, half, tenth)
	}
}

// An account that throttles for a while is read completely; that one never stops is an
// error.
func TestThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &cloud.Server{World: world(), Throttle: 3}
		a, err := dial(t, s).Read(context.Background(), Ask{All: true})
		if err != nil || len(a.Unread) > 0 || len(a.Functions) != 2 {
			t.Errorf("%d functions, unread %v, %v", len(a.Functions), a.Unread, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := &cloud.Server{World: world(), Down: map[string]bool{"lambda:GetPolicy": true}}
		a, err := dial(t, s).Read(context.Background(), Ask{All: true})
		if err != nil || len(a.Unread) != 1 || a.Unread[0].What != "lambda:GetPolicy" {
			t.Errorf("unread %v, %v", a.Unread, err)
		}
	})
}
