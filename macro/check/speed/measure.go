package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// cpu is the processor time that this process has taken, garbage collection
// and all. Other work on the machine doesn't count.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A timing is what one pass of each job takes, in every round.
type timing map[string][]time.Duration

// slice is how long a job is repeated in a round.
const slice = 15 * time.Millisecond

// measure times jobs on one event, turn by turn, so that whatever disturbs the
// machine disturbs them alike.
func measure(event []byte, rounds int, jobs ...job) timing {
	took := timing{}
	for range rounds {
		for _, j := range jobs {
			runtime.GC()
			n, start := 0, cpu()
			for n == 0 || cpu()-start < slice {
				for range 1 + n/4 {
					if err := j.run(event); err != nil {
						fatal(fmt.Errorf("%s: %w", j.name, err))
					}
					n++
				}
			}
			took[j.name] = append(took[j.name], (cpu()-start)/time.Duration(n))
		}
	}
	return took
}

// ratio is how many times as long a takes as b: the median over the rounds.
func (x timing) ratio(a, b job) float64 {
	all := make([]float64, len(x[a.name]))
	for i := range all {
		all[i] = float64(x[a.name][i]) / float64(x[b.name][i])
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// least is the shortest that a pass of a job has taken.
func (x timing) least(j job) time.Duration { return slices.Min(x[j.name]) }

// allocations counts what a pass of a job allocates.
func allocations(event []byte, j job) (objects, bytes uint64) {
	var before, after runtime.MemStats
	const passes = 5
	_ = j.run(event) // what is kept between passes is there from now on
	runtime.ReadMemStats(&before)
	for range passes {
		_ = j.run(event)
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / passes, (after.TotalAlloc - before.TotalAlloc) / passes
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "speed:", err)
	os.Exit(1)
}
