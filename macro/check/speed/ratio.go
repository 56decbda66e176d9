package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample"
)

// ratios are what was measured: by event, how many times as long the macro takes
// as something else.
type ratios map[string]map[string]float64

func (r ratios) count() (n int) {
	for _, row := range r {
		n += len(row)
	}
	return n
}

// recorded is what -record has written: the ratios to be kept.
//
//go:embed ratios.json
var recorded []byte

// worsening is how much worse than recorded a ratio may be.
const worsening = 1.5

// showRatios prints what the macro takes for each event beside other jobs, and
// each of its steps beside validation.
func showRatios(rounds int) ratios {
	out := ratios{}
	var stepRows bytes.Buffer
	fmt.Printf("| event | bytes | macro | validation | macro: validation | macro: copy | maps: macro | allocations | allocated |\n" +
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, s := range sample.All() {
		x := measure(s.Event, rounds, macro, validate, copying, maps)
		objects, allocated := allocations(s.Event, macro)
		row := map[string]float64{"validate": x.ratio(macro, validate), "maps": x.ratio(macro, maps), "allocations": float64(objects) / float64(resourcesOf(s))}
		out[s.Name] = row
		fmt.Printf("| %s | %d | %v | %v | %.1f | %.0f | %.1f | %d | %d KB |\n", s.Name, len(s.Event), round(x.least(macro)), round(x.least(validate)),
			row["validate"], x.ratio(macro, copying), 1/row["maps"], objects, allocated>>10)
		y := measure(s.Event, rounds, index, calls, grants, macro, validate)
		i, c, g, m := y.ratio(index, validate), y.ratio(calls, validate), y.ratio(grants, validate), y.ratio(macro, validate)
		fmt.Fprintf(&stepRows, "| %s | %.2f | %.2f | %.2f | %.2f |\n", s.Name, i, max(c-i, 0), max(g-c, 0), max(m-g, 0))
	}
	fmt.Printf("\n| times validation | index | calls | grants | splice and answer |\n| --- | --- | --- | --- | --- |\n%s", stepRows.String())
	return out
}

// resourcesOf is how many resources of a sample are read, one at least.
func resourcesOf(s sample.Sample) int {
	return max(1, bytes.Count(s.Event, []byte(`"AWS::ApiGateway`))+bytes.Count(s.Event, []byte(`"AWS::Lambda::`)))
}

func round(d time.Duration) time.Duration {
	if d > time.Millisecond {
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(100 * time.Nanosecond)
}

// worse returns what is worse by half than recorded.
func worse(measured ratios) (failed []string) {
	var kept ratios
	if err := json.Unmarshal(recorded, &kept); err != nil {
		fatal(err)
	}
	for event, row := range kept {
		for than, ratio := range row {
			now, ok := measured[event][than]
			if !ok || now > ratio*worsening {
				failed = append(failed, fmt.Sprintf("%s: %.2f times %s, recorded %.2f", event, now, than, ratio))
			}
		}
	}
	slices.Sort(failed)
	return failed
}

// recordRatios writes the ratios beside this file, rounded.
func recordRatios(measured ratios) {
	for _, row := range measured {
		for name, x := range row {
			row[name] = math.Round(x*100) / 100
		}
	}
	b, err := json.MarshalIndent(measured, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join("macro", "check", "speed", "ratios.json"), append(b, '\n'), 0o644)
	}
	if err != nil {
		fatal(err)
	}
}
