package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample"
)

// An executable is a Lambda function that is compared: how it is built, and
// what was seen of it.
type executable struct {
	name, source string
	size, zip    [2]int64 // bytes, for amd64 and arm64
	ready        time.Duration
	first, warm  time.Duration // of an invocation with a template of 8 KB
	rss          [2]int        // MiB, when ready and after 100 invocations
}

var architectures = [2]string{"amd64", "arm64"}

// showStart prints what the macro takes as a Lambda function beside one that
// does nothing, and returns how many times as long it takes to be ready.
func showStart(work string, starts int) (ratio float64) {
	all := []*executable{{name: "the macro", source: "./macro"}, {name: "aws-lambda-go alone", source: "./macro/check/speed/bare"}}
	for _, x := range all {
		x.build(work)
	}
	ready := make([][]time.Duration, len(all))
	for range starts {
		for i, x := range all { // in turn, so that both meet the same machine
			ready[i] = append(ready[i], x.start(filepath.Join(work, x.file("host"))))
		}
	}
	fmt.Printf("\n| function | executable amd64, arm64 | zip amd64, arm64 | start to ready | first, warm invocation | memory when ready, after 100 |\n| --- | --- | --- | --- | --- | --- |\n")
	for i, x := range all {
		x.ready = median(ready[i])
		fmt.Printf("| %s | %.1f, %.1f MB | %.1f, %.1f MB | %.1f ms | %.2f, %.2f ms | %d, %d MiB |\n", x.name, mb(x.size[0]), mb(x.size[1]), mb(x.zip[0]), mb(x.zip[1]),
			ms(x.ready), ms(x.first), ms(x.warm), x.rss[0], x.rss[1])
	}
	if largest := slices.Max(all[0].zip[:]); largest > 5_000_000 {
		fatal(fmt.Errorf("a zip of %d bytes, more than 5 MB", largest))
	}
	return float64(all[0].ready) / float64(all[1].ready)
}

func (x *executable) file(what string) string { return filepath.Base(x.source) + "-" + what }

// build makes the executable as the Makefile does, for both architectures and
// for this machine.
func (x *executable) build(work string) {
	compile := func(out string, env ...string) int64 {
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", out, x.source)
		cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
		run(cmd)
		info, err := os.Stat(out)
		if err != nil {
			fatal(err)
		}
		return info.Size()
	}
	for i, arch := range architectures {
		folder := filepath.Join(work, x.file(arch))
		bootstrap, zip := filepath.Join(folder, "bootstrap"), folder+".zip"
		x.size[i] = compile(bootstrap, "GOOS=linux", "GOARCH="+arch)
		run(exec.Command("go", "run", "./macro/cmd/archive", "-o", zip, bootstrap, "LICENSE"))
		info, err := os.Stat(zip)
		if err != nil {
			fatal(err)
		}
		x.zip[i] = info.Size()
	}
	compile(filepath.Join(work, x.file("host")))
}

func run(cmd *exec.Cmd) {
	if out, err := cmd.CombinedOutput(); err != nil {
		fatal(fmt.Errorf("%v: %w\n%s", cmd.Args, err, out))
	}
}

// start starts the executable, sends it events, and returns how long it took
// until it asked for the first one.
func (x *executable) start(binary string) time.Duration {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	event := sample.Event(sample.REST(9, 0, 0))
	begin := time.Now()
	p, err := runtimeapi.Start(ctx, binary, nil)
	if err != nil {
		fatal(err)
	}
	defer p.Stop()
	if err := p.Ready(ctx); err != nil {
		fatal(err)
	}
	ready := time.Since(begin)
	x.rss[0] = resident(p.PID())
	for i := range 100 {
		sent := time.Now()
		a, err := p.Invoke(ctx, event)
		if err != nil || a.FunctionError {
			fatal(fmt.Errorf("%s: %v %.200s", x.name, err, a.Payload))
		}
		if x.warm = time.Since(sent); i == 0 {
			x.first = x.warm
		}
	}
	x.rss[1] = resident(p.PID())
	return ready
}

// resident is the memory of a process in MiB, 0 where Linux's /proc isn't there.
func resident(pid int) int {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
	var kilobytes int
	_, _ = fmt.Sscan(string(rest), &kilobytes)
	return kilobytes >> 10
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func mb(n int64) float64         { return float64(n) / 1e6 }
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
