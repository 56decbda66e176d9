// Package transform is the macro's contract with CloudFormation: it reads the event
// and the options, lets package engine decide and edit, and writes the response.
// Whatever happens, there is one response with a status and, where that is failure,
// a message that tells why.
package transform

import (
	"context"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// maxResponse is how many bytes a Lambda function may answer with
// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const maxResponse = 6291556

// A Handler answers macro events. It implements lambda.Handler. Its fields don't
// change after it is made, so that several goroutines may use it.
type Handler struct {
	Defaults  option.Options // the platform team's; options of templates replace them
	Documents Documents      // reads definitions outside of templates; nil: they aren't read
	Log       *Log           // nil: nothing is logged
	Setup     error          // what is wrong with the environment: every answer is this failure
}

// Invoke answers one event. Its error is always nil: a Go error would reach
// the user as "Received malformed response from transform" and nothing else.
func (h Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	i := invocation{start: time.Now(), event: Event{RequestID: jsontext.Value(`""`)}, in: len(payload)}
	answer := h.answer(ctx, payload, &i)
	i.out = len(answer)
	h.Log.invocation(ctx, i)
	if i.event.template != nil && i.err == nil {
		i.event.template.Release()
	}
	return answer, nil
}

var errInternal = finding.Errorf("", "its log has the stack", "internal error of the macro")

// answer returns the response to an event. A panic becomes a failure too.
func (h Handler) answer(ctx context.Context, payload []byte, i *invocation) (answer []byte) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.panicked(ctx, p)
			i.result, i.err = nil, errInternal
			answer = failure(i.event.RequestID, errInternal.Error())
		}
	}()
	if i.event, i.err = readEvent(payload); i.err == nil {
		i.err = h.Setup
	}
	if i.err == nil {
		head := []byte(`{"requestId":` + string(i.event.RequestID) + `,"status":"success","fragment":`)
		if answer, i.result, i.err = h.transform(ctx, head, i.event); i.err == nil {
			answer, i.err = append(answer, '}'), sizeOf(answer)
		}
	}
	if i.err != nil {
		return failure(i.event.RequestID, i.event.hide(i.err.Error()))
	}
	return answer
}

// Transform returns the fragment of an event with what is missing added, or the
// fragment's own bytes where nothing is. The result tells what was decided; with an
// error it may be nil.
func (h Handler) Transform(ctx context.Context, e Event) ([]byte, *engine.Result, error) {
	return h.transform(ctx, nil, e)
}

// transform is Transform, except that it appends the fragment to b.
func (h Handler) transform(ctx context.Context, b []byte, e Event) ([]byte, *engine.Result, error) {
	o, err := h.Defaults.With(e.Params, "Transform.Parameters")
	if err != nil {
		return nil, nil, err
	}
	o = o.Refer(e.Parameters, h.Defaults)
	t := e.template
	if t == nil {
		if t, err = template.Parse(e.Fragment); err != nil {
			return nil, nil, finding.Within("fragment", err)
		}
	}
	frame, err := frameOf(t.Root(), service.All())
	if err != nil {
		return nil, nil, err
	}
	fragment := t.Root().Raw()
	if frame.prefix != "" {
		t = template.Index(frame.wrap(fragment))
	}
	result, err := h.decide(ctx, t, e, o, frame.prefix != "")
	if err != nil {
		return nil, result, err // with what was decided, for the log
	}
	if err := frame.accepts(result.Edits); err != nil {
		return nil, nil, err
	}
	switch {
	case len(result.Edits) == 0:
		return append(b, fragment...), result, nil
	case frame.prefix == "":
		b, err = t.Append(b, result.Edits)
	default:
		var out []byte
		if out, err = t.Apply(result.Edits); err == nil {
			b = append(b, frame.unwrap(out)...)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return b, result, nil
}

// sizeOf returns an error where an answer, with the brace that is still missing, is
// larger than a Lambda function may return.
func sizeOf(answer []byte) error {
	if size := len(answer) + 1; size > maxResponse {
		return finding.Errorf("template", "move a part into a nested stack", "with its grants it has %d bytes, more than a macro can return (%d)", size, maxResponse)
	}
	return nil
}

// maxMessage is how many bytes of a message a failure shows, so that the console
// stays readable.
const maxMessage = 4000

func failure(requestID jsontext.Value, message string) []byte {
	if len(message) > maxMessage {
		message = message[:maxMessage] + " ... (" + strconv.Itoa(len(message)-maxMessage) + " bytes more)"
	}
	return []byte(`{"requestId":` + string(requestID) + `,"status":"failure","errorMessage":` + template.Quote(message) + `}`)
}
