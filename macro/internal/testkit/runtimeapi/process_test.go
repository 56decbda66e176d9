package runtimeapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var function string

func TestMain(m *testing.M) {
	os.Exit(build(m))
}

func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "runtimeapi")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	function = filepath.Join(dir, "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", function, "./testdata/function")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n%s", err, out)
		return 1
	}
	return m.Run()
}

func start(t *testing.T, env ...string) *Process {
	t.Helper()
	p, err := Start(t.Context(), function, env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

func TestInvokeInTurn(t *testing.T) {
	p := start(t)
	for i := range 3 {
		event := fmt.Sprintf(`{ "Do": "echo",  "n": %d.0, "s": "<&>" }`, i)
		a, err := p.Invoke(t.Context(), []byte(event))
		if err != nil || a.FunctionError || string(a.Payload) != event {
			t.Errorf("event %d: %s, %v, %v", i, a.Payload, a.FunctionError, err)
		}
	}
}

func TestContext(t *testing.T) {
	t.Setenv("SECRET", "of the caller")
	p := start(t, "GRANTINVOKE_OPTIONS=Grant=role")
	p.Timeout = 7 * time.Second
	a, err := p.Invoke(t.Context(), []byte(`{"Do":"context"}`))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID, ARN string
		Left    float64
		Env     []string
	}
	if err := json.Unmarshal(a.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != "00000000-0000-4000-8000-000000000001" || got.ARN != functionARN {
		t.Errorf("id %q, arn %q", got.ID, got.ARN)
	}
	if got.Left < 5 || got.Left > 7 {
		t.Errorf("%v s left, want just under 7", got.Left)
	}
	if !slices.Contains(got.Env, "GRANTINVOKE_OPTIONS=Grant=role") || !slices.Contains(got.Env, "AWS_REGION=us-east-1") {
		t.Errorf("environment %q", got.Env)
	}
	if slices.Contains(got.Env, "SECRET=of the caller") {
		t.Error("the caller's environment reached the function")
	}
}

// A function that fails has answered, and goes on.
func TestFunctionError(t *testing.T) {
	p := start(t)
	a, err := p.Invoke(t.Context(), []byte(`{"Do":"fail"}`))
	if err != nil || !a.FunctionError || !strings.Contains(string(a.Payload), `"errorMessage":"no such thing"`) {
		t.Errorf("%s, %v, %v", a.Payload, a.FunctionError, err)
	}
	if a, err := p.Invoke(t.Context(), []byte(`{"Do":"echo"}`)); err != nil || a.FunctionError {
		t.Errorf("after a failure: %s, %v", a.Payload, err)
	}
}

// A panic is answered, and is the end of the process.
func TestPanic(t *testing.T) {
	p := start(t)
	a, err := p.Invoke(t.Context(), []byte(`{"Do":"panic"}`))
	if err != nil || !a.FunctionError || !strings.Contains(string(a.Payload), "out of cheese") {
		t.Errorf("%s, %v, %v", a.Payload, a.FunctionError, err)
	}
	wantEnd(t, p, 1)
}

func TestExit(t *testing.T) {
	p := start(t)
	if a, err := p.Invoke(t.Context(), []byte(`{"Do":"exit"}`)); err == nil {
		t.Errorf("answered %s", a.Payload)
	}
	wantEnd(t, p, 3)
}

func wantEnd(t *testing.T, p *Process, code int) {
	t.Helper()
	_, err := p.Invoke(t.Context(), []byte(`{"Do":"echo"}`))
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != code {
		t.Errorf("the next event: %v, want exit status %d", err, code)
	}
}

func TestDeadline(t *testing.T) {
	p := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := p.Invoke(ctx, []byte(`{"Do":"sleep"}`))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, err := p.Invoke(t.Context(), []byte(`{"Do":"echo"}`)); err == nil {
		t.Error("the executable is still there after its deadline")
	}
}

func TestSizes(t *testing.T) {
	p := start(t)
	event := bytes.Repeat([]byte(" "), MaxPayload)
	copy(event, `{"Do":"log"}`)
	if a, err := p.Invoke(t.Context(), event); err != nil || a.FunctionError {
		t.Errorf("an event of %d bytes: %v %s", len(event), err, a.Payload)
	}
	if _, err := p.Invoke(t.Context(), append(event, ' ')); !errors.Is(err, ErrTooLarge) {
		t.Errorf("an event of one byte more: %v", err)
	}
	a, err := p.Invoke(t.Context(), fmt.Appendf(nil, `{"Do":"big","Size":%d}`, MaxPayload))
	if err != nil || a.FunctionError || len(a.Payload) != MaxPayload {
		t.Errorf("a response of %d bytes: %d, %v", MaxPayload, len(a.Payload), err)
	}
	a, err = p.Invoke(t.Context(), fmt.Appendf(nil, `{"Do":"big","Size":%d}`, MaxPayload+1))
	if err != nil || !a.FunctionError || !strings.Contains(string(a.Payload), "Function.ResponseSizeTooLarge") {
		t.Errorf("a response of one byte more: %.200s, %v", a.Payload, err)
	}
	wantEnd(t, p, 1)
	if !strings.Contains(p.Logs(), "413") {
		t.Errorf("the executable was not told 413; logs: %s", p.Logs())
	}
}

func TestLogs(t *testing.T) {
	p := start(t)
	if _, err := p.Invoke(t.Context(), []byte(`{"Do":"log"}`)); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	if got := p.Logs(); !strings.Contains(got, "to stdout\n") || !strings.Contains(got, "to stderr\n") {
		t.Errorf("logs: %q", got)
	}
}

// With AWS_LAMBDA_MAX_CONCURRENCY one process works on several events at once.
func TestConcurrently(t *testing.T) {
	p := start(t, "AWS_LAMBDA_MAX_CONCURRENCY=4")
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			event := fmt.Sprintf(`{"Do":"echo","n":%d}`, i)
			if a, err := p.Invoke(t.Context(), []byte(event)); err != nil || string(a.Payload) != event {
				t.Errorf("event %d: %s, %v", i, a.Payload, err)
			}
		})
	}
	wg.Wait()
}

func TestStartNothing(t *testing.T) {
	if _, err := Start(t.Context(), filepath.Join(t.TempDir(), "bootstrap"), nil); err == nil {
		t.Error("started an executable that isn't there")
	}
}

// An answer to an invocation that nobody made is refused.
func TestStrangeAnswer(t *testing.T) {
	p := start(t)
	a, err := p.Invoke(t.Context(), []byte(`{"Do":"context"}`))
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Env []string }
	if err := json.Unmarshal(a.Payload, &got); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(got.Env, func(s string) bool { return strings.HasPrefix(s, "AWS_LAMBDA_RUNTIME_API=") })
	_, address, _ := strings.Cut(got.Env[i], "=")
	if !strings.HasPrefix(address, "127.0.0.1:") {
		t.Errorf("the Runtime API is at %s", address)
	}
	r, err := http.Post("http://"+address+"/2018-06-01/runtime/invocation/none/response", "", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	io.Copy(io.Discard, r.Body)
	if r.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d, want 400", r.StatusCode)
	}
}
