package program_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/bucket"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/repository"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample"
)

// One process answers many events, as Lambda's do for hours: it gives the same
// bytes for the same event to the end, and holds on to no memory, connection
// or thread. SOAK=100000 sets how many events; make soak does that.
func TestSoak(t *testing.T) {
	n := 3000
	if testing.Short() {
		n = 300
	}
	if text := os.Getenv("SOAK"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			t.Fatalf("SOAK=%s is no number of events", text)
		}
	}
	s := bucket.New(t)
	s.Put("api.yaml", bucket.Definition)
	events := soakEvents(t, n)
	p := program.Wrap(t, "", ">/dev/null 2>&1", s.Env()...)
	random := rand.New(rand.NewPCG(1, 2))
	first := make([][32]byte, len(events))
	var usage []use
	for i := range n {
		k := i
		if i >= len(events) {
			k = random.IntN(len(events))
		}
		a, err := p.Invoke(t.Context(), events[k])
		if err != nil || a.FunctionError {
			t.Fatalf("event %d: %v %.300s", i, err, a.Payload)
		}
		switch sum := sha256.Sum256(a.Payload); {
		case i == k:
			first[k] = sum
		case first[k] != sum:
			t.Fatalf("event %d is answered otherwise than before: %.300s", i, a.Payload)
		}
		if i%max(n/40, 1) == 0 {
			usage = append(usage, useOf(t, p))
			s.Asked() // or the requests fill the test's own memory
		}
	}
	for _, what := range growth(append(usage, useOf(t, p)), t.Logf) {
		t.Error(what)
	}
}

// A use is what a process has taken of its machine.
type use struct{ memory, threads, files int }

func useOf(t *testing.T, s program.Shell) use {
	t.Helper()
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.PID(t)))
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.PID(t)))
	if err != nil {
		t.Fatal(err)
	}
	return use{s.Memory(t, "VmRSS"), len(tasks), len(files)}
}

// growth compares the second quarter of the time with the last one, and tells
// what has grown. Of each figure the least counts: what a process has before
// its garbage is collected, or while connections come and go, is no growth.
func growth(all []use, logf func(string, ...any)) []string {
	quarter := len(all) / 4
	var grown []string
	for _, x := range []struct {
		name  string
		of    func(use) int
		bound int
	}{
		{"bytes of memory", func(u use) int { return u.memory }, 8 << 20},
		{"threads", func(u use) int { return u.threads }, 4},
		{"open files", func(u use) int { return u.files }, 4},
	} {
		least := func(list []use) int {
			return x.of(slices.MinFunc(list, func(a, b use) int { return x.of(a) - x.of(b) }))
		}
		was, is := least(all[quarter:2*quarter]), least(all[len(all)-quarter:])
		logf("%s: %d early, %d late", x.name, was, is)
		if is > was+x.bound {
			grown = append(grown, fmt.Sprintf("%s grew from %d to %d", x.name, was, is))
		}
	}
	return grown
}

// The judge of growth, by processes that grow and don't.
func TestGrowth(t *testing.T) {
	for _, tt := range []struct {
		name string
		at   func(i int) use
		want int
	}{
		{"steady", func(int) use { return use{20 << 20, 8, 9} }, 0},
		{"starting", func(i int) use { return use{min(i*4, 40) << 20, min(i, 8), min(i, 9)} }, 0},
		{"up and down", func(i int) use { return use{(20 + i%7*8) << 20, 8 + i%3, 9 + i%4} }, 0},
		{"leaking memory", func(i int) use { return use{(20 + i) << 20, 8, 9} }, 1},
		{"leaking all", func(i int) use { return use{(20 + i) << 20, 8 + i, 9 + i} }, 3},
	} {
		var all []use
		for i := range 41 {
			all = append(all, tt.at(i))
		}
		if got := growth(all, t.Logf); len(got) != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// soakEvents are events of many sizes and kinds, good and bad: generated ones,
// the goldens', the examples, those that read S3, and real templates where
// $CORPUS names a folder of them. At most half of the n
// events are new ones, so that each comes again.
func soakEvents(t *testing.T, n int) [][]byte {
	t.Helper()
	var events [][]byte
	for i := range 40 {
		events = append(events, sample.Event(sample.REST(1+i*2, i%7, i%3*400)), sample.Event(sample.CDK(1+i%12)),
			sample.Event(sample.OpenAPI(1+i*5)))
	}
	for _, g := range golden.All(t) {
		events = append(events, g.Payload())
	}
	examples, err := filepath.Glob(repository.Path(t, "events/*.json"))
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range examples {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, text)
	}
	for _, location := range []string{`{"Bucket":"definitions","Key":"api.yaml"}`, `{"Bucket":"definitions","Key":"none"}`, `{"Bucket":"other","Key":"x"}`} {
		g := golden.Of("", []byte(bucket.Beside(t, location)))
		events = append(events, g.Payload())
	}
	events = append(events, nil, []byte("{"), full(200 << 10)[:100<<10])
	events = append(events, corpusEvents(t, 400)...)
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	return events[:min(len(events), (n+1)/2)]
}

// corpusEvents are events of the corpus of real templates, every so many of it.
func corpusEvents(t *testing.T, most int) [][]byte {
	t.Helper()
	var events [][]byte
	for _, line := range repository.Corpus(t, "robust.jsonl") {
		var row struct{ Input json.RawMessage }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		if row.Input != nil {
			events = append(events, sample.Event(string(row.Input)))
		}
	}
	step := max(1, len(events)/most)
	var some [][]byte
	for i := 0; i < len(events); i += step {
		some = append(some, events[i])
	}
	t.Logf("%d events of %d real templates", len(some), len(events))
	return some
}
