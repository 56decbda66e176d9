package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/bucket"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// good is an event without mistakes, of which the others are made.
const good = `{"accountId":"123456789012","fragment":{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},` +
	`"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"Target":{"Fn::GetAtt":["Fn","Arn"]}}}}},` +
	`"transformId":"123456789012::GrantInvoke","requestId":"r-1","region":"us-east-1","params":{},"templateParameterValues":{}}`

func with(old, now string) string {
	if !strings.Contains(good, old) {
		panic("the good event has no " + old)
	}
	return strings.Replace(good, old, now, 1)
}

func nested(levels int) string {
	return with(`{"Resources"`, `{"Metadata":`+strings.Repeat("[", levels)+strings.Repeat("]", levels)+`,"Resources"`)
}

// nestedURI is a template that nests functions where the macro reads them.
func nestedURI(levels int) string {
	return with(`{"Fn::GetAtt":["Fn","Arn"]}`, strings.Repeat(`{"Fn::Join":["",["",`, levels)+`{"Fn::GetAtt":["Fn","Arn"]}`+strings.Repeat("]]}", levels))
}

// long is an event of so many bytes in all, with an API or without one.
func long(size int, event string) string {
	const here = `"Description":"",`
	event = strings.Replace(event, `{"Resources"`, "{"+here+`"Resources"`, 1)
	at := strings.Index(event, here) + len(here) - 2
	return event[:at] + strings.Repeat("x", size-len(event)) + event[at:]
}

// nines is a number with more digits than any type of Go.
var nines = strings.Repeat("9", 1000)

// To any event the executable answers once, with a status, and goes on.
func TestEvents(t *testing.T) {
	const failure, success = "failure", "success"
	tests := []struct{ name, event, status, message string }{
		{"good", good, success, ""},
		{"nothing", "", failure, "event: "},
		{"not JSON", "Resources: {}", failure, "event: not a JSON object"},
		{"a list", "[" + good + "]", failure, "event: not a JSON object"},
		{"null", "null", failure, "event: not a JSON object"},
		{"a text", `"event"`, failure, "event: not a JSON object"},
		{"an empty object", "{}", failure, "event: has no fragment"},
		{"two events", good + good, failure, "event: more than one JSON value"},
		{"something behind it", good + "x", failure, "event: "},
		{"white space around it", " \n" + good + "\n ", success, ""},
		{"a byte order mark", "\ufeff" + good, failure, "event: "},
		{"no UTF-8", with("r-1", "r-\xff"), failure, "event: "},
		{"no UTF-8 in the fragment", with(`"Fn"`, "\"F\xff\""), failure, "event: "},
		{"half a surrogate", with("123456789012::", `\ud800`), failure, "event: "},
		{"a field twice", with(`"region"`, `"fragment":{},"region"`), failure, "event: a member stands twice"},
		{"a resource twice", with(`"Fn":`, `"Fn":{},"Fn":`), failure, "event: a member stands twice"},
		{"unknown fields", with(`"region"`, `"later":[1.0,null],"region"`), success, ""},
		{"unknown sections", with(`{"Resources"`, `{"Lisp":"(a)","Hooks":{},"Rules":[],"Resources"`), success, ""},
		{"no request id", with(`"requestId":"r-1",`, ""), success, ""},
		{"nothing but a fragment", `{"fragment":{"Resources":{}}}`, success, ""},
		{"a fragment that is a list", with(`"fragment":{`, `"fragment":[],"rest":{`), failure, "fragment: is a list"},
		{"a fragment that is a text", with(`"fragment":{`, `"fragment":"{}","rest":{`), failure, "fragment: is no object"},
		{"a fragment that is null", with(`"fragment":{`, `"fragment":null,"rest":{`), failure, "fragment: is no object"},
		{"a fragment that is a number", with(`"fragment":{`, `"fragment":1e999,"rest":{`), failure, "fragment: is no object"},
		{"params that are a list", with(`"params":{}`, `"params":["Scope"]`), failure, "Transform.Parameters: wants options as an object"},
		{"params that are null", with(`"params":{}`, `"params":null`), failure, "Transform.Parameters: wants options as an object"},
		{"values that are a list", with(`Values":{}`, `Values":[]`), success, ""},
		{"a region that is an object", with(`"us-east-1"`, `{}`), success, ""},
		{"20 levels", nested(20), success, ""},
		{"5000 levels", nested(5000), success, ""},
		{"numbers of a thousand digits", with(`{"Resources"`, `{"Metadata":[`+nines+`,-0.`+nines+`e-`+nines+`],"Resources"`), success, ""},
		{"a number of a thousand digits as an index", with(`{"Fn::GetAtt":["Fn","Arn"]}`, `{"Fn::Select":[`+nines+`,["a","b"]]}`), success, ""},
		{"a number of a thousand digits as an option", with(`"params":{}`, `"params":{"SourceAccount":`+nines+`}`), failure, "is no valid value"},
		{"a name of a megabyte", with(`"Resources":{"Fn"`, `"Resources":{"`+strings.Repeat("N", 1<<20)+`":{},"Fn"`), success, ""},
		{"a name of a megabyte with a grant", strings.ReplaceAll(good, `"Fn"`, `"`+strings.Repeat("F", 1<<20)+`"`), success, ""},
		{"100000 levels", nested(100000), failure, "event: "},
		{"20 functions in one another", nestedURI(20), success, ""},
		{"2000 functions in one another", nestedURI(2000), success, ""},
		{"as large as can be", long(runtimeapi.MaxPayload, with(`"Target"`, `"Name"`)), success, ""},
		{"too large with its grants", long(runtimeapi.MaxPayload, good), failure, "more than a macro can return"},
	}
	p := program.Start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := answerOf(t, p, tt.event)
			if a.Status != tt.status || !strings.HasPrefix(a.ErrorMessage, tt.message) && !strings.Contains(a.ErrorMessage, tt.message) {
				t.Errorf("%s: %q, want %s: %q", a.Status, a.ErrorMessage, tt.status, tt.message)
			}
			if a := answerOf(t, p, good); a.Status != success {
				t.Errorf("the next event fails: %s", a.ErrorMessage)
			}
		})
	}
}

// An answer is a macro response with its members as they are written.
type answer struct {
	RequestID, Fragment  json.RawMessage
	Status, ErrorMessage string
}

func answerOf(t *testing.T, p *runtimeapi.Process, event string) (a answer) {
	t.Helper()
	got, err := p.Invoke(t.Context(), []byte(event))
	if err != nil || got.FunctionError {
		t.Fatalf("%v %s\n%s", err, got.Payload, p.Logs())
	}
	d := json.NewDecoder(bytes.NewReader(got.Payload))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil || d.More() {
		t.Fatalf("no macro response: %v: %.300s", err, got.Payload)
	}
	if (a.Status == "success") != (a.Fragment != nil) || (a.Status == "failure") != (a.ErrorMessage != "") {
		t.Errorf("a response of no kind: %.300s", got.Payload)
	}
	return a
}

// An event that was cut off anywhere is a failure, and never half a template.
func TestCutEvents(t *testing.T) {
	p := program.Start(t)
	for n := range len(good) {
		if a := answerOf(t, p, good[:n]); a.Status != "failure" {
			t.Errorf("cut off after %d bytes: %s", n, a.Fragment)
		}
	}
}

// The request id comes back as it came, whatever it is.
func TestRequestID(t *testing.T) {
	p := program.Start(t)
	for _, id := range []string{`"r-1"`, `""`, `"\u003c\/é\ud83d\ude00"`, `1234567890123456789012`, `1.0`, `null`, `true`, `{"a":[1, 2]}`, `[]`} {
		if a := answerOf(t, p, with(`"r-1"`, id)); string(a.RequestID) != id || a.Status != "success" {
			t.Errorf("%s comes back as %s", id, a.RequestID)
		}
		if a := answerOf(t, p, with(`"r-1"`, id+`,"params":{"None":1}`)); string(a.RequestID) != id {
			t.Errorf("%s comes back as %s from a failure", id, a.RequestID)
		}
	}
}

// The executable writes lines of JSON and nothing else: one for each invocation, of which
// CloudWatch reads the metrics, and none with a secret.
func TestLogOfExecutable(t *testing.T) {
	s := bucket.New(t)
	s.Put("api.yaml", bucket.Definition)
	p := s.Start()
	values := map[string]string{"Secret": "hunter2", "Uri": "hunter2", "Key": "hunter2"}
	for _, location := range []string{`{"Bucket":"definitions","Key":"api.yaml"}`, `{"Bucket":"definitions","Key":{"Ref":"Secret"}}`, `{"Bucket":"other","Key":{"Ref":"Key"}}`} {
		golden.Send(t, p, bucket.Beside(t, location), `{}`, values)
		golden.Send(t, p, bucket.Beside(t, location), `{"OnUnknown":"fail"}`, values)
		golden.Send(t, p, bucket.Beside(t, location), `{"Grant":"hunter2"}`, values)
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
