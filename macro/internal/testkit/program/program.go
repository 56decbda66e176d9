// Package program builds the programs of this module for tests, each once for all
// test binaries, and starts the Lambda executable as Lambda does: free, or under
// limits of memory, time and disk.
package program

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/repository"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// Bootstrap returns the path of the Lambda executable.
func Bootstrap(t testing.TB) string {
	t.Helper()
	return build(t, "./macro", "-tags", "lambda.norpc")
}

// Tool returns the path of the local tool.
func Tool(t testing.TB) string {
	t.Helper()
	return build(t, "./macro/cmd/grantinvoke")
}

// Start starts the Lambda executable with env (KEY=value) over the environment
// that Lambda sets. It ends with the test.
func Start(t *testing.T, env ...string) *runtimeapi.Process {
	t.Helper()
	p, err := runtimeapi.Start(t.Context(), Bootstrap(t), env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// built holds the path of each program that this test binary has asked for.
var (
	mu    sync.Mutex
	built = map[string]string{}
)

// build builds a program where every test binary finds it: in the go command's cache,
// where go run leaves what it has linked, in files that never change.
func build(t testing.TB, source string, flags ...string) string {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	if path, ok := built[source]; ok {
		return path
	}
	run := append(append([]string{"run", "-exec", "echo", "-ldflags", "-s -w"}, flags...), source)
	path := ""
	for range 2 { // a run that links prints a temporary file, which is gone by now; the next one prints the cached one
		path = strings.TrimSpace(command(t, run...))
		if _, err := os.Stat(path); err == nil {
			break
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("go run has not kept the executable: %v", err)
	}
	// The go command caches the result of a test until a file has changed that the test
	// has read. The program's sources are read by another process: read them here, too.
	const files = `{{if .Module}}{{if .Module.Main}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
	sources := command(t, append(append([]string{"list", "-deps", "-f", files}, flags...), source)...)
	for _, file := range strings.Split(strings.TrimSpace(sources), "\n") {
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
	}
	built[source] = path
	return path
}

// command runs the go command at the top of the repository and returns what it prints.
func command(t testing.TB, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = repository.Path(t, "")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			out = exit.Stderr
		}
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
