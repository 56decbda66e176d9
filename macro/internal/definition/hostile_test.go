package definition

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// filled repeats a text up to n bytes.
func filled(n int, text string) string { return strings.Repeat(text, n/len(text)) }

// densest are 2 MiB of YAML with as many nodes as there is room for.
var densest = map[string]string{
	"lists in lists":      "[" + filled(maxYAML-3, strings.Repeat("[", 400)+strings.Repeat("]", 400)+",") + "]",
	"objects in objects":  "[" + filled(maxYAML-3, strings.Repeat("{a: ", 400)+strings.Repeat("}", 400)+",") + "]",
	"indented lists":      filled(maxYAML, strings.Repeat("- ", 400)+"a\n"),
	"keys without values": "{" + filled(maxYAML-3, "? ,") + "}",
	"letters":             "a: [" + filled(maxYAML-6, "a,") + "]",
	"anchors":             "a: [" + filled(maxYAML-6, "&a x, ") + "]",
	"aliases":             "a: [&x y, " + filled(maxYAML-12, "*x, ") + "]",
	"lines":               "a: >\n" + filled(maxYAML-6, " x\n"),
	"comments":            filled(maxYAML, "# x\n"),
}

// However dense a document is, its nodes fit into memory.
func TestDensest(t *testing.T) {
	for name, text := range densest {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := decoded(Snippet, text)
			runtime.ReadMemStats(&after)
			if r.Err == nil || r.Err.Reason != TooLarge && r.Err.Reason != NotDefinition {
				t.Errorf("%v", r.Err)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 {
				t.Errorf("%d bytes take %d MiB", len(text), used)
			}
		})
	}
}

// A definition of 2 MiB as people write them is read.
func TestLargeYAML(t *testing.T) {
	var b strings.Builder
	b.WriteString("openapi: 3.0.1\npaths:\n")
	for i := 0; b.Len() < maxYAML-1000; i++ {
		fmt.Fprintf(&b, "  /pets/%d/{id}:\n    get:\n      description: The pet with the id, or nothing.\n      x-amazon-apigateway-integration:\n        type: aws_proxy\n"+
			"        httpMethod: POST\n        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:pets/invocations\n"+
			"      responses:\n        '200': {description: found, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}\n", i)
	}
	if r := decoded(Definition, b.String()); r.Err != nil {
		t.Error(r.Err)
	}
}

// Documents together have no more parts or values than one Load may take.
func TestAllParts(t *testing.T) {
	dir := t.TempDir()
	yaml, json := "paths: {}\nx:\n"+filled(maxYAML/2, "- aaaaaaaa\n"), `{"paths":{},"x":[`+filled(5<<20, "1,")+`1]}`
	for name, tt := range map[string]struct {
		text string
		n    int
		ok   bool
	}{
		"one in YAML":  {yaml, 1, true},
		"five in YAML": {yaml, 5, false},
		"one in JSON":  {json, 1, true},
		"two in JSON":  {json, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			var locs []Location
			for i := range tt.n {
				file := fmt.Sprint(strings.ReplaceAll(name, " ", ""), i)
				if err := os.WriteFile(filepath.Join(dir, file), []byte(tt.text), 0o600); err != nil {
					t.Fatal(err)
				}
				locs = append(locs, Location{Path: file})
			}
			failed := 0
			for _, r := range Files(dir).Load(t.Context(), locs) {
				if r.Err != nil {
					failed++
					if r.Err.Reason != TooLarge {
						t.Error(r.Err)
					}
				}
			}
			if (failed == 0) != tt.ok {
				t.Errorf("%d of %d failed", failed, tt.n)
			}
		})
	}
}

// expiring is a context that ends after it was asked n times.
type expiring struct {
	context.Context
	left int
}

func (c *expiring) Err() error {
	if c.left--; c.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// Decoding ends with its context, wherever it is at that moment.
func TestCancel(t *testing.T) {
	for name, text := range map[string]string{
		"JSON":    `{"paths":{},"x":[` + filled(1<<20, "1,") + `1]}`,
		"YAML":    "paths: {}\nx:\n" + filled(1<<20, "- aaaaaaaaaaaaaaaa\n"),
		"aliases": "paths: {}\na: &a [" + filled(2000, "x, ") + "]\nb: [" + filled(2000, "*a, ") + "]\n",
	} {
		t.Run(name, func(t *testing.T) {
			whole := &expiring{t.Context(), 1 << 40}
			if r := New(Options{}).decode(whole, request{path: "x"}, []byte(text), Definition, &budget{}); r.Err != nil {
				t.Fatal(r.Err)
			}
			asked := 1<<40 - whole.left
			if asked < 50 {
				t.Errorf("the context is asked %d times in all", asked)
			}
			for _, left := range []int{0, 1, asked / 10, asked / 2, asked - 1} {
				r := New(Options{}).decode(&expiring{t.Context(), left}, request{path: "x"}, []byte(text), Definition, &budget{})
				if r.Err == nil || r.Err.Reason != Timeout {
					t.Errorf("after %d of %d: %v", left, asked, r.Err)
				}
			}
		})
	}
}

// Nothing that a Load has begun goes on after it.
func TestNothingOutlives(t *testing.T) {
	dir := t.TempDir()
	var locs []Location
	for i := range 8 {
		file := fmt.Sprint(i)
		if err := os.WriteFile(filepath.Join(dir, file), []byte("paths: {}\nx:\n"+filled(maxYAML/2, "- aaaaaaaaaaaaaaaaaaaaaaaa\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		locs = append(locs, Location{Path: file})
	}
	before := runtime.NumGoroutine()
	ctx, stop := context.WithTimeout(t.Context(), 120*time.Millisecond)
	defer stop()
	for loc, r := range Files(dir).Load(ctx, locs) {
		if r.Err != nil && r.Err.Reason != Timeout {
			t.Errorf("%s: %v", loc, r.Err)
		}
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines more than before", runtime.NumGoroutine()-before)
		}
	}
}
