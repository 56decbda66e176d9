// Command speed measures what the macro costs: beside the validation of the same
// bytes, which bounds it from below, and beside maps; step by step; with growing
// templates; with all services beside API Gateway alone; and as a Lambda function
// beside one that does nothing. It prints tables in Markdown. Everything that is
// compared is measured in the same run, and only ratios are judged:
//
//	go run ./macro/check/speed               all tables
//	go run ./macro/check/speed -guard        and fails where a ratio is worse by half than recorded
//	go run ./macro/check/speed -record       and records the ratios
//	go run ./macro/check/speed -services     only what the other services cost
//	go run ./macro/check/speed -events DIR   only writes the events that are measured, for other tools
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample"
)

func main() {
	rounds := flag.Int("rounds", 15, "how often everything is measured")
	guard := flag.Bool("guard", false, "fail where a ratio is worse by half than recorded")
	record := flag.Bool("record", false, "record the ratios")
	services := flag.Bool("services", false, "only what the other services cost")
	events := flag.String("events", "", "write the events into this `folder`, and the time of each in ns, and end")
	flag.Parse()
	runtime.GOMAXPROCS(1)   // one event after the other, as Lambda sends them
	debug.SetGCPercent(400) // as template.yaml has it, for everything that is compared
	if *events != "" {
		writeEvents(*events, *rounds)
		return
	}
	if *services {
		fmt.Println(conclusion(showServices(*rounds)))
		return
	}
	measured := showRatios(*rounds)
	failed := append(showGrowth(*rounds), showServices(*rounds)...)
	work, err := os.MkdirTemp("", "speed")
	if err != nil {
		fatal(err)
	}
	measured["start"] = map[string]float64{"bare": showStart(work, *rounds)}
	os.RemoveAll(work)
	if *record {
		recordRatios(measured)
	}
	if *guard {
		failed = append(failed, worse(measured)...)
	}
	fmt.Printf("\n%d ratios measured; %s\n", measured.count(), conclusion(failed))
	if *guard && len(failed) > 0 {
		os.Exit(1)
	}
}

func conclusion(failed []string) string {
	if len(failed) == 0 {
		return "none is worse than it may be"
	}
	return "worse than they may be: " + strings.Join(failed, ", ")
}

// writeEvents writes each event and what the macro takes for it.
func writeEvents(folder string, rounds int) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		fatal(err)
	}
	for _, s := range sample.All() {
		took := measure(s.Event, rounds, macro).least(macro)
		for name, content := range map[string]string{s.Name + ".json": string(s.Event), s.Name + ".ns": fmt.Sprint(took.Nanoseconds())} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
				fatal(err)
			}
		}
	}
}
