package transform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// line is one line of a log.
type line map[string]any

func read(t *testing.T, log *bytes.Buffer) []line {
	t.Helper()
	var all []line
	for text := range strings.Lines(log.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%v in the line %q", err, text)
		}
		if _, err := time.Parse(time.RFC3339, fmt.Sprint(l["timestamp"])); err != nil {
			t.Errorf("the timestamp, for which Lambda wants RFC 3339: %v", err)
		}
		all = append(all, l)
	}
	return all
}

// invoke sends an event to a handler that logs, as Lambda does.
func invokeWith(t *testing.T, h Handler, payload string) (answer string, log []line) {
	t.Helper()
	var b bytes.Buffer
	h.Log = NewLog(&b, "", "GrantInvoke")
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "id-of-lambda"})
	out, err := h.Invoke(ctx, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return string(out), read(t, &b)
}

const (
	get  = `{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"HttpMethod":"GET","Integration":{"Type":"AWS_PROXY","Uri":%s}}}`
	post = `{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"HttpMethod":"POST","Integration":{"Type":"AWS_PROXY","Uri":%s}}}`
	uri  = `{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}`
	seen = `{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"Fn"},"Principal":"apigateway.amazonaws.com","SourceArn":{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/POST/"}}}`
)

func event(params, parameters, values, resources string) string {
	return `{"accountId":"123456789012","region":"eu-west-1","transformId":"123456789012::GrantInvoke","requestId":"r","params":` + params +
		`,"templateParameterValues":` + values + `,"fragment":{"Parameters":` + parameters + `,"Resources":{` +
		`"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Name":"n"}},"Fn":{"Type":"AWS::Lambda::Function","Properties":{}}` + resources + `}}}`
}

// three has a call to permit, one that is permitted, and one that can't be known.
func three(params string) string {
	return event(params, `{"Uri":{"Type":"String"}}`, `{"Uri":""}`, `,"Get":`+fmt.Sprintf(get, uri)+`,"Post":`+fmt.Sprintf(post, uri)+`,"May":`+seen+
		`,"Odd":`+strings.Replace(fmt.Sprintf(get, `{"Ref":"Uri"}`), "GET", "PUT", 1))
}

func TestLog(t *testing.T) {
	answer, log := invokeWith(t, Handler{}, three(`{}`))
	if len(log) != 2 {
		t.Fatalf("%d lines for a template with one unknown call: %v", len(log), log)
	}
	want := line{"level": "WARN", "message": function.OpaqueURI.Sentence, "reason": "opaque-uri", "requestId": "id-of-lambda",
		"transformId": "123456789012::GrantInvoke", "at": "Odd.Properties.Integration.Uri"}
	delete(log[0], "timestamp")
	if diff := cmp.Diff(want, log[0]); diff != "" {
		t.Errorf("the unknown call (-want +got):\n%s", diff)
	}
	done := log[1]
	wants := line{"level": "INFO", "message": "done", "requestId": "id-of-lambda", "transformId": "123456789012::GrantInvoke",
		"cold": true, "bytesIn": float64(len(three(`{}`))), "bytesOut": float64(len(answer)), "Transform": "GrantInvoke",
		"Calls": 3., "Added": 1., "AlreadyAllowed": 1., "Unknown": 1., "Failures": 0., "Bytes": float64(len(three(`{}`))),
		"verdicts": map[string]any{"added": 1., "role-added": 0., "allowed": 1., "role": 0., "caller": 0., "left": 0., "elsewhere": 0., "unknown": 1.},
	}
	for name, want := range wants {
		if diff := cmp.Diff(want, done[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if took, _ := done["Duration"].(float64); took <= 0 || took > 10_000 {
		t.Errorf("Duration is %v ms", done["Duration"])
	}
}

func TestLogFailure(t *testing.T) {
	for name, tt := range map[string]struct{ payload, at string }{
		"event":     {`{"fragment":`, "event"},
		"parameter": {three(`{"Grant":"rolo"}`), "Transform.Parameters.Grant"},
		"name":      {three(`{"hunter2 is it":"x"}`), "Transform.Parameters"},
		"unknown":   {three(`{"OnUnknown":"fail"}`), "Odd.Properties.Integration.Uri"},
		"part":      {`{"transformId":"123456789012::GrantInvoke","fragment":{"Type":"AWS::Lambda::Function","Properties":1},"params":{"a":1}}`, "Transform.Parameters.a"},
	} {
		t.Run(name, func(t *testing.T) {
			answer, log := invokeWith(t, Handler{}, tt.payload)
			last := log[len(log)-1]
			if !strings.Contains(answer, `"status":"failure"`) || last["level"] != "ERROR" || last["message"] != "failed" || last["Failures"] != 1. {
				t.Errorf("answer %s, line %v", answer, last)
			}
			if last["at"] != tt.at {
				t.Errorf("at %q, want %q, in %s", last["at"], tt.at, answer)
			}
			if _, ok := last["error"]; ok {
				t.Error("the message is in the log")
			}
		})
	}
}

// An error in the function's environment is logged as others are.
func TestLogSetup(t *testing.T) {
	h := FromEnvironment(func(name string) string {
		return map[string]string{"GRANTINVOKE_OPTIONS": "OnUnknown=hunter2"}[name]
	}, &bytes.Buffer{})
	answer, log := invokeWith(t, h, three(`{}`))
	if !strings.Contains(answer, "GRANTINVOKE_OPTIONS of the macro's function") {
		t.Errorf("answer %s", answer)
	}
	if len(log) != 1 || log[0]["at"] != "GRANTINVOKE_OPTIONS" {
		t.Errorf("log %v", log)
	}
}

// A panic leaves two lines: where it was, and the invocation's.
func TestLogPanic(t *testing.T) {
	const body = `,"Else":{"Type":"AWS::ApiGateway::RestApi","Properties":{"BodyS3Location":{"Bucket":"bucket","Key":"key"}}}`
	var none []int
	for want, raise := range map[string]func(){
		"*errors.errorString": func() { panic(errors.New("of hunter2")) },
		"runtime error: index out of range [3] with length 0": func() { none[len("abc")]++ },
		"string": func() { panic("hunter2") },
	} {
		h := Handler{Documents: func(context.Context, []definition.Location) (map[definition.Location]*template.Template, map[definition.Location]*definition.Error) {
			raise()
			return nil, nil
		}}
		answer, log := invokeWith(t, h, event(`{}`, `{}`, `{}`, body))
		if wants := `{"requestId":"r","status":"failure","errorMessage":"` + errInternal.Error() + `"}`; answer != wants {
			t.Errorf("answer %s", answer)
		}
		if len(log) != 2 {
			t.Fatalf("log %v", log)
		}
		if log[0]["message"] != "panic" || log[0]["panic"] != want || log[0]["requestId"] != "id-of-lambda" {
			t.Errorf("the panic's line says %v %v, want %s", log[0]["message"], log[0]["panic"], want)
		}
		if stack := fmt.Sprint(log[0]["stack"]); !strings.Contains(stack, "log_test.go") || strings.Contains(stack, "hunter2") {
			t.Errorf("stack %s", stack)
		}
		if log[1]["message"] != "failed" || log[1]["at"] != "" || log[1]["Failures"] != 1. {
			t.Errorf("the invocation's line says %v", log[1])
		}
	}
}

// Only the first answer of a process is a cold one.
func TestLogWarm(t *testing.T) {
	var b bytes.Buffer
	h := Handler{Log: NewLog(&b, "", "GrantInvoke")}
	for range 2 {
		h.Invoke(t.Context(), []byte(three(`{"OnUnknown":"fail"}`)))
	}
	var cold []any
	for _, l := range read(t, &b) {
		if l["cold"] != nil {
			cold = append(cold, l["cold"])
		}
	}
	if diff := cmp.Diff([]any{true, false}, cold); diff != "" {
		t.Errorf("cold (-want +got):\n%s", diff)
	}
}

func TestLogLevel(t *testing.T) {
	for level, want := range map[string]int{"": 2, "INFO": 2, "TRACE": 2, "DEBUG": 2, "WARN": 1, "ERROR": 0} {
		var b bytes.Buffer
		Handler{Log: NewLog(&b, level, "GrantInvoke")}.Invoke(t.Context(), []byte(three(`{}`)))
		if got := len(read(t, &b)); got != want {
			t.Errorf("%d lines with the level %q, want %d", got, level, want)
		}
	}
}

// A template can't fill the log.
func TestLogMany(t *testing.T) {
	var resources strings.Builder
	for i := range 3 * maxLines {
		fmt.Fprintf(&resources, `,"Odd%d":%s`, i, fmt.Sprintf(get, `{"Ref":"Uri"}`))
	}
	_, log := invokeWith(t, Handler{}, event(`{}`, `{"Uri":{"Type":"String"}}`, `{"Uri":""}`, resources.String()))
	if len(log) != maxLines+2 {
		t.Fatalf("%d lines", len(log))
	}
	if more := log[maxLines]; more["message"] != "more of them" || more["count"] != float64(2*maxLines) {
		t.Errorf("the last but one says %v", more)
	}
}

func TestPlaceOf(t *testing.T) {
	for at, want := range map[string]string{
		"Get.Properties.Integration.Uri":             "Get.Properties.Integration.Uri",
		"Api.Properties.Body.paths./pets/{id}.get":   "Api.Properties.Body.paths",
		"Api.Properties.Fn::If.1":                    "Api.Properties.Fn::If.1",
		"event":                                      "event",
		"Fn::Transform in AWS::Lambda::Function":     "Fn::Transform",
		"GRANTINVOKE_OPTIONS of the function":        "GRANTINVOKE_OPTIONS",
		"GRANTINVOKE_OPTIONS of the function: Scope": "GRANTINVOKE_OPTIONS",
		"":                                   "",
		"Ünicode.Properties":                 "",
		strings.Repeat("a", maxPlace+1):      "",
		"A." + strings.Repeat("a", maxPlace): "A",
	} {
		if got := placeOf(finding.Errorf(at, "do this", "hunter2: is wrong")); got != want {
			t.Errorf("%q: placed at %q, want %q", at, got, want)
		}
	}
	if got := placeOf(errors.New("hunter2: no error of ours")); got != "" {
		t.Errorf("an error without a place is placed at %q", got)
	}
}
