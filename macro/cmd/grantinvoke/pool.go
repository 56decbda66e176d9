package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-isatty"
)

// studyAll studies the templates side by side and returns the subjects in the
// order of the inputs, without the files that are no templates.
func (s *settings) studyAll(c Command, all []input, installed bool) []*subject {
	out := make([]*subject, len(all))
	var next, done atomic.Int64
	stop := progress(c.Stderr, &done, len(all))
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(all)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(all) {
					return
				}
				out[i] = s.study(context.Background(), c, all[i], installed)
				done.Add(1)
			}
		})
	}
	workers.Wait()
	stop()
	kept := out[:0]
	for _, x := range out {
		if !x.skipped {
			kept = append(kept, x)
		}
	}
	return kept
}

// progress shows on a terminal how many templates of a long run are done, until stop
// is called. If w is no terminal, nothing is shown.
func progress(w io.Writer, done *atomic.Int64, all int) (stop func()) {
	if !isTerminal(w) || all < 2 {
		return func() {}
	}
	return count(w, done, all, 200*time.Millisecond)
}

// count writes how many of all are done, again and again, until it is stopped.
func count(w io.Writer, done *atomic.Int64, all int, every time.Duration) (stop func()) {
	return repeat(w, every, func() string { return fmt.Sprintf("%d of %d files", done.Load(), all) })
}

// repeat writes a line every so often, over the one before, and clears it in the end.
func repeat(w io.Writer, every time.Duration, line func() string) (stop func()) {
	ended, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		shown := false
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				shown = true
				fmt.Fprint(w, "\rgrantinvoke: "+line())
			case <-ended:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			}
		}
	}()
	return func() { close(ended); <-gone }
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// coloured reports whether output is to have colours: as -color tells, by default on a
// terminal, unless NO_COLOR is set (https://no-color.org).
func (c Command) coloured(when string) bool {
	switch when {
	case "always":
		return true
	case "never":
		return false
	}
	return c.Getenv("NO_COLOR") == "" && c.Getenv("TERM") != "dumb" && isTerminal(c.Stdout)
}

// isTerminalInput reports whether input comes from a terminal, so that somebody would
// have to type it.
func isTerminalInput(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}
