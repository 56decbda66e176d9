package audit

import (
	"runtime"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/live"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// BenchmarkJudge judges an account with 300 APIs and 2,000 functions, and reports how much
// memory the account and the report take.
func BenchmarkJudge(b *testing.B) {
	a := read(b, &cloud.Server{World: cloud.Big(300, 2000)}, live.Ask{All: true})
	var r *Report
	for b.Loop() {
		r = Judge(a, nil)
	}
	if len(r.Functions) != 2000 {
		b.Fatalf("%d functions", len(r.Functions))
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-heap")
	b.ReportMetric(float64(m.Sys)/1e6, "MB-sys")
	runtime.KeepAlive(a)
}
