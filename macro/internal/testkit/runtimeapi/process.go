// Package runtimeapi runs a Lambda executable as Lambda does: it serves the
// Runtime API on 127.0.0.1, starts the real bootstrap with its address, and
// hands it one event after the other.
//
// It follows https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// and is used by the end-to-end tests and cmd/demo.
package runtimeapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// MaxPayload is the largest event and the largest response, in bytes, that a
// synchronous invocation carries (the 6,291,556 of Lambda's own message).
const MaxPayload = 6_291_556

// ErrTooLarge says that an event is over [MaxPayload]. Lambda answers 413 to
// such an invocation and the function never sees it.
var ErrTooLarge = errors.New("event is larger than Lambda takes (413)")

// A Process is one running copy of a Lambda executable, an execution
// environment in Lambda's words. Invoke may be called from several goroutines;
// events wait until the executable asks for the next one.
type Process struct {
	// Timeout is the function's timeout, for a call whose context has no
	// deadline of its own. Set it before the first Invoke.
	Timeout time.Duration

	cmd     *exec.Cmd
	server  *http.Server
	events  chan *invocation
	ready   chan struct{} // closed once the executable has asked for an event
	asked   sync.Once
	exited  chan struct{} // closed once the executable has ended, after exit is set
	exit    error
	logs    logs
	mu      sync.Mutex
	running map[string]*invocation
	count   int
}

// An Answer is what the caller of a synchronous invocation gets.
type Answer struct {
	Payload       []byte
	FunctionError bool // the function failed: the X-Amz-Function-Error header of the Invoke API
}

type invocation struct {
	id       string
	event    []byte
	deadline time.Time
	answer   chan Answer // buffered: the executable never waits for the caller
}

// Start runs the executable with the environment that Lambda sets for a
// function named GrantInvoke, and env (KEY=value) over it; nothing else of the
// caller's environment reaches it. The process ends with ctx or with [Process.Stop].
func Start(ctx context.Context, binary string, env []string) (*Process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Process{
		Timeout: 30 * time.Second,
		events:  make(chan *invocation),
		ready:   make(chan struct{}),
		exited:  make(chan struct{}),
		running: map[string]*invocation{},
	}
	p.server = &http.Server{Handler: p.handler(), ReadHeaderTimeout: 10 * time.Second}
	go p.server.Serve(listener)

	p.cmd = exec.CommandContext(ctx, binary)
	p.cmd.Env = append(environment(listener.Addr().String()), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.logs, &p.logs
	p.cmd.WaitDelay = 2 * time.Second
	if err := p.cmd.Start(); err != nil {
		p.server.Close()
		return nil, err
	}
	go func() {
		p.exit = p.cmd.Wait()
		close(p.exited)
		p.server.Close()
	}()
	return p, nil
}

func environment(address string) []string {
	return []string{
		"AWS_LAMBDA_RUNTIME_API=" + address,
		"AWS_LAMBDA_FUNCTION_NAME=GrantInvoke",
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_FORMAT=JSON",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/GrantInvoke",
		"AWS_LAMBDA_LOG_STREAM_NAME=local",
		"AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
		"AWS_REGION=us-east-1",
		"AWS_DEFAULT_REGION=us-east-1",
		"_HANDLER=bootstrap",
		"TZ=:UTC",
	}
}

// Invoke sends one event and waits for the answer. A function that fails is an
// Answer with FunctionError, as for Lambda's callers. Errors are what no
// function answers: [ErrTooLarge]; an executable that has ended (the error
// names its exit status and wraps *exec.ExitError if there is one); a passed
// deadline, after which the executable is killed, as Lambda does.
func (p *Process) Invoke(ctx context.Context, event []byte) (Answer, error) {
	if len(event) > MaxPayload {
		return Answer{}, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(event))
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, p.Timeout)
		defer cancel()
	}
	inv := p.open(ctx, event)
	defer p.close(inv)
	select {
	case p.events <- inv:
	case <-p.exited:
		return Answer{}, p.ended()
	case <-ctx.Done():
		return Answer{}, p.expired(ctx)
	}
	select {
	case a := <-inv.answer:
		return a, nil
	case <-p.exited:
	case <-ctx.Done():
		return Answer{}, p.expired(ctx)
	}
	select {
	case a := <-inv.answer: // a panic is answered first, then the executable ends
		return a, nil
	default:
		return Answer{}, p.ended()
	}
}

// Ready waits until the executable has asked for its first event.
func (p *Process) Ready(ctx context.Context) error {
	select {
	case <-p.ready:
		return nil
	case <-p.exited:
		return p.ended()
	case <-ctx.Done():
		return p.expired(ctx)
	}
}

// PID returns the executable's process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

func (p *Process) open(ctx context.Context, event []byte) *invocation {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	deadline, _ := ctx.Deadline()
	inv := &invocation{
		id:       fmt.Sprintf("00000000-0000-4000-8000-%012d", p.count),
		event:    event,
		deadline: deadline,
		answer:   make(chan Answer, 1),
	}
	p.running[inv.id] = inv
	return inv
}

func (p *Process) close(inv *invocation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, inv.id)
}

func (p *Process) ended() error {
	if p.exit == nil {
		return errors.New("the executable has ended without an error")
	}
	return fmt.Errorf("the executable has ended: %w", p.exit)
}

func (p *Process) expired(ctx context.Context) error {
	p.Stop()
	return fmt.Errorf("task timed out: %w", ctx.Err())
}

// Stop kills the executable, waits until it has ended and closes the Runtime
// API. It may be called more than once.
func (p *Process) Stop() {
	p.cmd.Process.Kill()
	<-p.exited
}

// Logs returns what the executable has written to stdout and stderr so far.
func (p *Process) Logs() string { return p.logs.String() }

type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
