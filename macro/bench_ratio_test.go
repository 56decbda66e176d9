package main

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

var environment = caller.Environment{Region: "us-east-1", Account: "123456789012", Parameters: map[string]string{"Stage": "prod"}}

// A job is one way to go through an event.
type job func(event []byte) error

// jobs are what the macro is compared with: the validation that bounds it from
// below, and the map that most macros decode into.
var jobs = map[string]job{
	"macro": func(event []byte) error {
		out, _ := transform.Handler{}.Invoke(context.Background(), event)
		if !bytes.Contains(out[:min(len(out), 200)], []byte(`"success"`)) {
			return errorText(out[:min(len(out), 300)])
		}
		return nil
	},
	"index": func(event []byte) error {
		doc, err := template.Parse(event)
		if err == nil {
			doc.Release()
		}
		return err
	},
	"calls": func(event []byte) error {
		doc, err := template.Parse(event)
		if err != nil {
			return err
		}
		caller.Find(doc.Root().Get("fragment").Document(), environment)
		doc.Release()
		return nil
	},
	"grants": func(event []byte) error {
		doc, err := template.Parse(event)
		if err != nil {
			return err
		}
		_, err = grant.Decide(doc.Root().Get("fragment").Document(), environment, grant.Options{})
		doc.Release()
		return err
	},
	"validate": func(event []byte) error {
		if !jsontext.Value(event).IsValid() {
			return errorText("not valid")
		}
		return nil
	},
	"maps": func(event []byte) error {
		var v map[string]any
		if err := json.Unmarshal(event, &v); err != nil {
			return err
		}
		_, err := json.Marshal(v)
		return err
	},
}

type errorText string

func (e errorText) Error() string { return string(e) }

// cpu is the processor time that this process has taken, garbage collection
// and all. Other work on the machine doesn't count.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A timing is the median over rounds of what one pass of a job takes.
type timing map[string]time.Duration

// measure times jobs on one event, turn by turn, so that whatever disturbs the
// machine disturbs them alike.
func measure(t testing.TB, event []byte, rounds int, names ...string) timing {
	t.Helper()
	took := map[string][]time.Duration{}
	for range rounds {
		for _, name := range names {
			runtime.GC()
			n, start := 0, cpu()
			for n == 0 || cpu()-start < 20*time.Millisecond {
				for range 1 + n/4 {
					if err := jobs[name](event); err != nil {
						t.Fatal(err)
					}
					n++
				}
			}
			took[name] = append(took[name], (cpu()-start)/time.Duration(n))
		}
	}
	medians := timing{}
	for name, all := range took {
		slices.Sort(all)
		medians[name] = all[0]
	}
	return medians
}

func (x timing) ratio(a, b string) float64 { return float64(x[a]) / float64(x[b]) }
