package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func silent(string) string { return "" }

type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errors.New("broken pipe") }
func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// A reader or writer that fails is status 3, whatever the command.
func TestBrokenPipes(t *testing.T) {
	name := filepath.Join(t.TempDir(), "t.yaml")
	if err := os.WriteFile(name, []byte(exampleFiles["template.yaml"]), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"check " + name, "check -format json " + name, "check -format sarif " + name, "preview " + name,
		"preview -diff " + name, "graph " + name, "graph -format html " + name} {
		var stderr bytes.Buffer
		c := Command{strings.NewReader(""), broken{}, &stderr, silent}
		if status := c.Main(strings.Fields(line)); status != exitUnreadable || !strings.Contains(stderr.String(), "broken pipe") {
			t.Errorf("%s: status %d, %s", line, status, stderr.String())
		}
	}
	for _, line := range []string{"check -", "preview -", "event", "explain"} {
		var stderr bytes.Buffer
		c := Command{broken{}, io.Discard, &stderr, silent}
		if status := c.Main(strings.Fields(line)); status != exitUnreadable || !strings.Contains(stderr.String(), "broken pipe") {
			t.Errorf("%s: status %d, %s", line, status, stderr.String())
		}
	}
}

// Templates are studied in parallel and reported in the order of their names.
func TestOrder(t *testing.T) {
	t.Chdir(t.TempDir())
	var want []string
	for i := range 50 {
		name := fmt.Sprintf("t%02d.yaml", i)
		if err := os.WriteFile(name, []byte(exampleFiles["template.yaml"]+strings.Repeat("# padding\n", 100*(50-i))), 0o644); err != nil {
			t.Fatal(err)
		}
		want = append(want, name)
	}
	var stdout bytes.Buffer
	c := Command{strings.NewReader(""), &stdout, io.Discard, silent}
	if status := c.Main([]string{"check", "."}); status != exitFindings {
		t.Fatalf("status %d", status)
	}
	at := 0
	for _, name := range want {
		i := strings.Index(stdout.String()[at:], name)
		if i < 0 {
			t.Fatalf("%s is not where it belongs", name)
		}
		at += i
	}
}

// Progress is one line, which is gone in the end. What is no terminal has none,
// and short work has none either.
func TestProgress(t *testing.T) {
	var done atomic.Int64
	done.Store(3)
	var pipe bytes.Buffer
	progress(&pipe, &done, 7)()
	if pipe.Len() > 0 {
		t.Errorf("a pipe gets %q", pipe.String())
	}
	var quick bytes.Buffer
	count(&quick, &done, 7, time.Hour)()
	if quick.Len() > 0 {
		t.Errorf("short work shows %q", quick.String())
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	stop := count(w, &done, 7, time.Millisecond)
	first := make([]byte, len("\rgrantinvoke: 3 of 7 files"))
	if _, err := io.ReadFull(r, first); err != nil || string(first) != "\rgrantinvoke: 3 of 7 files" {
		t.Errorf("shown: %q, %v", first, err)
	}
	stop()
	w.Close()
	rest, err := io.ReadAll(r)
	if err != nil || !strings.HasSuffix(string(rest), "\r\x1b[K") || strings.Contains(string(rest), "\n") {
		t.Errorf("it ends with %q, %v", rest, err)
	}
}

// BenchmarkCheck checks 500 templates with 20 routes each.
func BenchmarkCheck(b *testing.B) {
	b.Chdir(b.TempDir())
	var routes strings.Builder
	for i := range 20 {
		fmt.Fprintf(&routes, `
  Integration%[1]d:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, PayloadFormatVersion: '2.0', IntegrationUri: !GetAtt Fn.Arn}
  Route%[1]d:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: 'GET /x%[1]d', Target: !Sub 'integrations/${Integration%[1]d}'}`, i)
	}
	for i := range 500 {
		if err := os.WriteFile(fmt.Sprintf("t%03d.yaml", i), []byte(exampleFiles["template.yaml"]+routes.String()+"\n"), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		c := Command{strings.NewReader(""), io.Discard, io.Discard, silent}
		if status := c.Main([]string{"check", "-macro-installed", "."}); status != exitOK {
			b.Fatalf("status %d", status)
		}
	}
}

// Where the template has no room for its grants the macro fails, and each call is still
// reported.
func TestNoRoom(t *testing.T) {
	t.Chdir(t.TempDir())
	const n = 240
	var b strings.Builder
	b.WriteString("Transform: GrantInvoke\nResources:\n")
	for i := range n {
		fmt.Fprintf(&b, "  Fn%[1]d: {Type: AWS::Lambda::Function}\n"+
			"  Api%[1]d: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Name: x, Target: !GetAtt Fn%[1]d.Arn}}\n", i)
	}
	if err := os.WriteFile("full.yaml", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(line string) (stdout, stderr string) {
		var out, errs bytes.Buffer
		c := Command{strings.NewReader(""), &out, &errs, silent}
		if status := c.Main(strings.Fields(line)); status != exitFindings {
			t.Errorf("%s: status %d", line, status)
		}
		return out.String(), errs.String()
	}
	const why = "needs 240 permissions at least, and has room for 20, since a template may have 500 resources"
	text, _ := run("check -table full.yaml")
	for i := range n {
		if !strings.Contains(text, fmt.Sprintf("  Api%d ", i)) {
			t.Errorf("the call of Api%d is not told", i)
		}
	}
	for _, want := range []string{why + ") [macro-fails]\n  hint: move a part into a nested stack", "\n1 template, 240 calls: 240 missing; 1 template failed\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("not told: %q", want)
		}
	}
	if strings.Contains(text, "[missing]") {
		t.Error("each call has the finding that the template has already")
	}
	if picture, stderr := run("graph full.yaml"); strings.Count(picture, `"missing"`) != n || !strings.Contains(stderr, why) {
		t.Errorf("the graph has %d calls that are missing, and %q", strings.Count(picture, `"missing"`), stderr)
	}
	if out, stderr := run("preview full.yaml"); out != "" || !strings.Contains(stderr, why) {
		t.Errorf("preview writes %d bytes, and %q", len(out), stderr)
	}
}

// Without Graphviz a picture can't be drawn, which is an error.
func TestNoGraphviz(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("t.yaml", []byte(exampleFiles["template.yaml"]), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", "")
	var stdout, stderr bytes.Buffer
	c := Command{strings.NewReader(""), &stdout, &stderr, silent}
	const want = "grantinvoke: graph: dot is not installed, which draws svg; hint: install Graphviz, or use -format html\n"
	if status := c.Main([]string{"graph", "-format", "svg", "t.yaml"}); status != exitUnreadable || stdout.Len() > 0 || stderr.String() != want {
		t.Errorf("status %d, %s", status, stderr.String())
	}
}
