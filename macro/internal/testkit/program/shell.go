package program

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/installation"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// A Shell is the executable started by a shell that has set something up first.
type Shell struct {
	*runtimeapi.Process
	pid string // the file with its process id
}

// Wrap starts the executable after the commands of a shell, with a redirection.
func Wrap(t *testing.T, commands, redirection string, env ...string) Shell {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the limits and files of Linux, on which Lambda runs")
	}
	dir := t.TempDir()
	script, pid := filepath.Join(dir, "script"), filepath.Join(dir, "pid")
	text := fmt.Sprintf("#!/bin/sh\necho $$ > %s\n%s\nexec %s %s\n", pid, commands, Bootstrap(t), redirection)
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := runtimeapi.Start(t.Context(), script, env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return Shell{p, pid}
}

// PID returns the executable's process id.
func (s Shell) PID(t *testing.T) int {
	t.Helper()
	for range 200 {
		text, err := os.ReadFile(s.pid)
		if id, bad := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && bad == nil {
			return id
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the shell has not started")
	return 0
}

// Memory is a figure of the executable's memory in bytes, as Linux has it: VmHWM
// for its peak, VmRSS for now.
func (s Shell) Memory(t *testing.T, name string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PID(t)))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		t.Fatalf("no %s in %s", name, status)
	}
	kilobytes, _ := strconv.Atoi(string(m[1]))
	return kilobytes << 10
}

// Confined starts the executable with the memory that its stack gives it in a
// size, and hardly more: the limit counts what is mapped, while Lambda counts
// what is used, and Go maps memory in arenas of 64 MB and keeps those that it
// has given back.
func Confined(t *testing.T, size string, env ...string) Shell {
	t.Helper()
	const arena = 64
	megabytes, variables := installation.Function(t, size)
	return Wrap(t, fmt.Sprintf("ulimit -d %d || exit 1", (megabytes+arena)<<10), "", append(variables, env...)...)
}

// Fits checks that the executable has never needed more than four fifths of its memory.
func (s Shell) Fits(t *testing.T, size string) {
	t.Helper()
	megabytes, _ := installation.Function(t, size)
	peak, have := s.Memory(t, "VmHWM"), megabytes<<20
	t.Logf("%s: peak of %d MiB, of %d", size, peak>>20, have>>20)
	if peak > have/5*4 {
		t.Errorf("%s: peak of %d MiB, of %d", size, peak>>20, have>>20)
	}
}
