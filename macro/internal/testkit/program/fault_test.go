package program_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/bucket"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/installation"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// full is an event of n bytes with calls to permit, and filler.
func full(n int) []byte {
	const small = 64 << 10
	var b bytes.Buffer
	b.WriteString(`{"accountId":"123456789012","region":"us-east-1","transformId":"123456789012::GrantInvoke","requestId":"` + golden.RequestID +
		`","params":{},"templateParameterValues":{},"fragment":{"Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{}},` +
		`"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Target":{"Fn::GetAtt":["Fn","Arn"]}}}`)
	for i := 0; b.Len() < n-small; i++ {
		fmt.Fprintf(&b, `,"Item%d":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":[%s0]}}`, i, strings.Repeat("0,", 16<<10))
	}
	tail := n - b.Len() - len(`}},"x":""}`)
	b.WriteString(`}},"x":"` + strings.Repeat("x", tail) + `"}`)
	return b.Bytes()
}

// permits: the answer to a full event is the right one.
func permits(answer []byte) bool {
	return bytes.HasPrefix(answer, []byte(`{"requestId":"`+golden.RequestID+`","status":"success","fragment":{"Resources":{"Fn":`)) &&
		json.Valid(answer) && bytes.Contains(answer, []byte(`"AWS::Lambda::Permission"`))
}

// The largest event that Lambda takes is answered in the function's memory,
// whatever its size; where what is added makes the answer too large, the answer
// says so.
func TestFullEvent(t *testing.T) {
	if testing.Short() {
		t.Skip("events of 6 MB in every size of the function")
	}
	for _, size := range installation.Sizes(t) {
		s := program.Confined(t, size)
		for _, length := range []int{1 << 20, 6 << 20, runtimeapi.MaxPayload} {
			a, err := s.Invoke(t.Context(), full(length))
			if err != nil || a.FunctionError {
				t.Fatalf("%s, an event of %d bytes: %v %.200s\n%s", size, length, err, a.Payload, s.Logs())
			}
			if !permits(a.Payload) {
				t.Errorf("%s, an event of %d bytes: %.300s", size, length, a.Payload)
			}
		}
		event := full(runtimeapi.MaxPayload)
		event = slices.Concat(bytes.Replace(event, []byte(`}},"x":"`), []byte(`},"x":"`), 1)[:len(event)-3], []byte(`"}}`))
		a, err := s.Invoke(t.Context(), event)
		if err != nil || a.FunctionError {
			t.Fatalf("%s: %v %.200s", size, err, a.Payload)
		}
		if out := golden.Answer(t, a.Payload); out.Err == nil || !strings.HasPrefix(out.Err.Error(), "template: with its grants it has 62") {
			t.Errorf("%s, an answer that is too large: %.300s", size, out)
		}
		s.Fits(t, size)
	}
}

// However little time there is, there is the right answer or none.
func TestDeadline(t *testing.T) {
	event := full(1 << 20)
	want, err := program.Start(t).Invoke(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	answered := 0
	for left := time.Millisecond; left < 4*time.Second; left *= 2 {
		p := program.Start(t)
		ctx, cancel := context.WithTimeout(t.Context(), left)
		a, err := p.Invoke(ctx, event)
		cancel()
		switch {
		case err == nil && (a.FunctionError || !bytes.Equal(a.Payload, want.Payload)):
			t.Errorf("with %v: %.200s", left, a.Payload)
		case err == nil:
			answered++
		case !errors.Is(err, context.DeadlineExceeded):
			t.Errorf("with %v: %v", left, err)
		}
	}
	if answered == 0 {
		t.Error("never in time")
	}
}

// A definition that doesn't arrive is told of before the time is over.
func TestDeadlineWithDefinition(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for what does not come")
	}
	s := bucket.New(t)
	s.Answers(func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true })
	for _, left := range []time.Duration{50 * time.Millisecond, time.Second, 4 * time.Second} {
		p := s.Start()
		golden.Send(t, p, bucket.Fragment("AWS::Lambda::Function", ""), `{}`, nil) // warm
		p.Timeout = left
		g := golden.Of("", []byte(bucket.Beside(t, `{"Bucket":"definitions","Key":"api.yaml"}`)))
		a, err := p.Invoke(t.Context(), g.Payload())
		if err != nil {
			if left > time.Second {
				t.Errorf("with %v: %v", left, err)
			}
			continue
		}
		if out := golden.Answer(t, a.Payload); out.Err == nil || !strings.Contains(out.Err.Error(), "timeout: did not arrive in time") {
			t.Errorf("with %v: %s", left, out)
		}
	}
}

// A function that is told to end while it works gives the right answer or none.
func TestTerminated(t *testing.T) {
	if testing.Short() {
		t.Skip("events of 6 MB")
	}
	event := full(6 << 20)
	want, err := program.Start(t).Invoke(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		s := program.Wrap(t, "", "")
		pid := s.PID(t)
		time.AfterFunc(time.Duration(i*i)*time.Millisecond, func() { syscall.Kill(pid, syscall.SIGTERM) })
		a, err := s.Invoke(t.Context(), event)
		if err == nil && (a.FunctionError || !bytes.Equal(a.Payload, want.Payload)) {
			t.Errorf("after %d ms: %.200s", i*i, a.Payload)
		}
	}
}

// Where the log can't be written, the answer is the same.
func TestLogUnwritable(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	for _, redirection := range []string{">&- 2>&-", ">/dev/full 2>&1", ">/dev/null 2>&1 </dev/null"} {
		s := program.Wrap(t, "", redirection)
		for range 3 {
			a, err := s.Invoke(t.Context(), full(100<<10))
			if err != nil || a.FunctionError {
				t.Fatalf("%s: %v %.200s", redirection, err, a.Payload)
			}
			if !permits(a.Payload) {
				t.Errorf("%s: %.200s", redirection, a.Payload)
			}
		}
		if s.Logs() != "" {
			t.Errorf("%s: the log is %s", redirection, s.Logs())
		}
	}
}

// With too little memory the function gives the right answer or none.
func TestOutOfMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("events of 6 MB")
	}
	event := full(6 << 20)
	want, err := program.Start(t).Invoke(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	answered, ended := 0, 0
	for megabytes := 20; megabytes <= 260; megabytes += 40 {
		s := program.Wrap(t, fmt.Sprintf("ulimit -d %d || exit 1", megabytes<<10), "", "GOMEMLIMIT=16MiB")
		switch a, err := s.Invoke(t.Context(), event); {
		case err != nil:
			ended++
		case a.FunctionError || !bytes.Equal(a.Payload, want.Payload):
			t.Errorf("with %d MB: %.200s", megabytes, a.Payload)
		default:
			answered++
		}
	}
	if answered == 0 || ended == 0 {
		t.Errorf("%d answers and %d ends: the limits show nothing", answered, ended)
	}
}

// Where no byte can be written to any disk, and there is no folder to do it in,
// the answer is the same, of a definition in S3 too.
func TestDiskFull(t *testing.T) {
	s := bucket.New(t)
	s.Put("api.yaml", bucket.Definition)
	fragment := bucket.Beside(t, `{"Bucket":"definitions","Key":"api.yaml"}`)
	want := golden.Send(t, s.Start(), fragment, `{}`, nil)
	p := program.Wrap(t, "d=$(mktemp -d) && cd $d && rmdir $d && ulimit -f 0 || exit 1\nexport TMPDIR=/nonexistent HOME=/nonexistent", "", s.Env()...)
	for range 3 {
		if got := golden.Send(t, p.Process, fragment, `{}`, nil); got.Err != nil || got.Differs(want) {
			t.Errorf("answered %.300s\nwant %.300s", got, want)
		}
	}
}
