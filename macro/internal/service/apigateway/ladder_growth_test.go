package apigateway_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// service makes n routes as applications have them: five verbs, three segments.
func service(fn string, n int) []*invoke.Wanted {
	out := make([]*invoke.Wanted, n)
	for i := range out {
		route := template.Literal([]string{"GET", "PUT", "POST", "DELETE", "*"}[i%5] + fmt.Sprintf("/domain%d/thing%d/*/part%d", i/500, i/25, i/5))
		out[i] = &invoke.Wanted{Call: callOf("A", fn, apigateway.Method, route), Tail: route}
	}
	return out
}

// Planning takes time in proportion to the routes.
func TestLadderGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	took := func(n int) time.Duration {
		own, others := service("Own", n), service("Other", n/2)
		start := time.Now()
		ladder(false, others, own).plan(50).Fit(50, 2_500)
		return time.Since(start)
	}
	small, large := time.Hour, time.Hour
	for range 20 { // turn by turn, so that what disturbs the machine disturbs both
		small, large = min(small, took(1000)), min(large, took(5000))
	}
	if ratio := float64(large) / float64(small); ratio > 15 { // five times the routes
		t.Errorf("1,000 routes take %v, 5,000 take %v: %.1f times as long", small, large, ratio)
	}
}

func BenchmarkLadder(b *testing.B) {
	for _, n := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			own := service("Own", n)
			b.ReportAllocs()
			for b.Loop() {
				ladder(false, nil, own).plan(50).Fit(50, 2_500)
			}
		})
	}
}
