package main

import (
	"flag"
	"runtime"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/sample"
)

var ratios = flag.Bool("ratios", false, "measure what the macro costs beside validation and maps, and compare with what was recorded")

func TestRatios(t *testing.T) {
	if !*ratios {
		t.Skip("make bench measures")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, s := range sample.All() {
		x := measure(t, s.Event, 25, "macro", "validate", "maps")
		allocs := testing.AllocsPerRun(3, func() { jobs["macro"](s.Event) })
		y := measure(t, s.Event, 25, "index", "calls", "grants")
		t.Logf("   index %.2f calls %.2f grants %.2f rest %.2f", float64(y["index"])/float64(x["validate"]), float64(y["calls"]-y["index"])/float64(x["validate"]), float64(y["grants"]-y["calls"])/float64(x["validate"]), float64(x["macro"]-y["grants"])/float64(x["validate"]))
		t.Logf("%-14s %8d bytes  %10v  %5.2f x validate  maps %5.2f x macro %6.0f allocs", s.Name, len(s.Event), x["macro"], x.ratio("macro", "validate"), x.ratio("maps", "macro"), allocs)
	}
}
