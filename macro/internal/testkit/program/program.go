// Package program builds the programs of this module for tests, each once for all
// test binaries, and starts the Lambda executable as Lambda does: free, or under
// limits of memory, time and disk.
package program

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/repository"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// Bootstrap returns the path of the Lambda executable.
func Bootstrap(t testing.TB) string {
	t.Helper()
	return build(t, "bootstrap", "./macro", "-tags", "lambda.norpc")
}

// Tool returns the path of the local tool.
func Tool(t testing.TB) string {
	t.Helper()
	return build(t, "grantinvoke", "./macro/cmd/grantinvoke")
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

// build builds a program into bin/test, where the other test binaries find it: an
// executable that is up to date isn't linked again.
func build(t testing.TB, name, program string, flags ...string) string {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	if path, ok := built[name]; ok {
		return path
	}
	root, dir := repository.Path(t, ""), repository.Path(t, "bin/test")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	unlock, err := lock(filepath.Join(dir, name+".lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	path := filepath.Join(dir, name)
	command(t, root, append(append([]string{"build", "-o", path}, flags...), program)...)
	const files = `{{if .Module}}{{if .Module.Main}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
	sources := command(t, root, append(append([]string{"list", "-deps", "-f", files}, flags...), program)...)
	// The go command keeps what a test has looked at, and runs it again when that
	// has changed. What the program is made of is looked at by another process.
	for _, file := range strings.Fields(sources) {
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
	}
	built[name] = path
	return path
}

// command runs the go command and returns what it prints.
func command(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
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
