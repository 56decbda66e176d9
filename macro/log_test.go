package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// What the executable writes is lines of JSON and nothing else, to Lambda's
// rules: one for each invocation, which CloudWatch reads the metrics off, and
// none with a secret.
func TestLogOfExecutable(t *testing.T) {
	s := newStore(t)
	s.put("api.yaml", definition)
	p := s.start()
	values := map[string]string{"Secret": "hunter2", "Uri": "hunter2", "Key": "hunter2"}
	for _, location := range []string{`{"Bucket":"definitions","Key":"api.yaml"}`, `{"Bucket":"definitions","Key":{"Ref":"Secret"}}`, `{"Bucket":"other","Key":{"Ref":"Key"}}`} {
		process(t, p, beside(t, location), `{}`, values)
		process(t, p, beside(t, location), `{"OnUnknown":"fail"}`, values)
		process(t, p, beside(t, location), `{"Grant":"hunter2"}`, values)
	}
	p.Stop() // all that was written is here then
	if strings.Contains(p.Logs(), "hunter2") {
		t.Errorf("a secret is in the log: %s", p.Logs())
	}
	done, ids := 0, map[string]bool{}
	for text := range strings.Lines(p.Logs()) {
		var line struct {
			Timestamp, Level, Message, RequestID, TransformID, Transform string
			Bytes                                                        int
			AWS                                                          *struct{ Timestamp int64 } `json:"_aws"`
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if line.Timestamp == "" || line.Level == "" || line.Message == "" {
			t.Errorf("a line without timestamp, level or message: %s", text)
		}
		if line.AWS == nil {
			continue
		}
		done++
		ids[line.RequestID] = true
		if line.TransformID != "123456789012::GrantInvoke" || line.Transform != "GrantInvoke" || line.Bytes == 0 || line.AWS.Timestamp == 0 {
			t.Errorf("the line of an invocation: %s", text)
		}
	}
	if done != 9 || len(ids) != 9 {
		t.Errorf("%d lines of %d invocations, want 9", done, len(ids))
	}
}
