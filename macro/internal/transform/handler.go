// Package transform is the macro's contract with CloudFormation: it reads the
// event, layers the options, runs the steps in their order (calls, grants,
// edits) and writes the response. Whatever happens, there is one response with
// a status and, where it is a failure, one sentence that says why.
package transform

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// maxResponse is what a Lambda function may answer, in bytes
// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const maxResponse = 6291556

// A Handler answers macro events. It implements lambda.Handler; its fields are
// not changed after it is made, so that invocations may run side by side.
type Handler struct {
	Defaults  grant.Options // the platform team's, under those of templates
	Documents Documents     // definitions outside of templates; nil reads none
	Log       *slog.Logger  // nil logs nothing
	Setup     error         // what is wrong with the environment, told with every answer
}

// Invoke answers one event. Its error is always nil: a Go error would reach
// the user as "Received malformed response from transform" and nothing else.
func (h Handler) Invoke(ctx context.Context, payload []byte) (answer []byte, _ error) {
	start := time.Now()
	event, err := readEvent(payload)
	defer func() {
		if p := recover(); p != nil {
			if h.Log != nil {
				h.Log.ErrorContext(ctx, "panic", "transformId", event.TransformID, "stack", string(debug.Stack()))
			}
			answer = failure(event.RequestID, fmt.Errorf("internal error of the macro; hint: its log has the stack"))
		}
	}()
	if err == nil {
		err = h.Setup
	}
	var result *grant.Result
	if err == nil {
		var out []byte
		if out, result, err = h.Transform(ctx, event); err == nil {
			answer, err = success(event.RequestID, out)
		}
	}
	if err != nil {
		answer = failure(event.RequestID, err)
	}
	h.log(ctx, event, len(payload), len(answer), result, err, time.Since(start))
	return answer, nil
}

// Transform returns the fragment of the event with what is missing added.
// Where nothing is, it is the fragment's own bytes.
func (h Handler) Transform(ctx context.Context, e Event) ([]byte, *grant.Result, error) {
	o, err := h.Defaults.With(e.Params, "Transform.Parameters")
	if err != nil {
		return nil, nil, err
	}
	frame, err := frameOf(e.Fragment)
	if err != nil {
		return nil, nil, err
	}
	t := template.Index(frame.wrap(e.Fragment))
	result, err := h.decide(ctx, t, e, o, frame.prefix != "")
	if err != nil {
		return nil, nil, err
	}
	if len(result.Edits) == 0 {
		return e.Fragment, result, nil
	}
	if err := frame.accepts(result.Edits); err != nil {
		return nil, nil, err
	}
	out, err := t.Apply(result.Edits)
	if err != nil {
		return nil, nil, err
	}
	return frame.unwrap(out), result, nil
}

func success(requestID jsontext.Value, fragment []byte) ([]byte, error) {
	head := `{"requestId":` + string(requestID) + `,"status":"success","fragment":`
	if size := len(head) + len(fragment) + 1; size > maxResponse {
		return nil, fmt.Errorf("template: with its grants it has %d bytes, more than a macro can return (%d); hint: move a part into a nested stack", size, maxResponse)
	}
	b := make([]byte, 0, len(head)+len(fragment)+1)
	b = append(append(b, head...), fragment...)
	return append(b, '}'), nil
}

// maxMessage keeps a failure readable in the console.
const maxMessage = 4000

func failure(requestID jsontext.Value, err error) []byte {
	message := err.Error()
	if len(message) > maxMessage {
		message = message[:maxMessage] + " ... (" + strconv.Itoa(len(message)-maxMessage) + " bytes more)"
	}
	return []byte(`{"requestId":` + string(requestID) + `,"status":"failure","errorMessage":` + template.Quote(message) + `}`)
}
