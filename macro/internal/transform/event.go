package transform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// An Event is what CloudFormation sends to a macro: seven fields, of which a
// hand-written test event may lack some
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html).
type Event struct {
	Region      string
	AccountID   string
	TransformID string
	RequestID   jsontext.Value    // echoed as it came, whatever its type
	Fragment    jsontext.Value    // the template, or a part of one
	Params      template.Value    // the transform's Parameters
	Parameters  map[string]string // templateParameterValues; lists joined by commas
	Partition   string            // of no event: where it is empty, the Region tells

	template *template.Template // the fragment, read while the event was
}

// readEvent reads an event. Where it can't, the request id is in the event
// that is returned as far as it was seen. The error never holds a value of the
// event, which may be secret.
func readEvent(payload []byte) (Event, error) {
	e := Event{RequestID: jsontext.Value(`""`)}
	d := jsontext.NewDecoder(bytes.NewBuffer(payload))
	if d.PeekKind() != '{' {
		return e, errors.New("event: not a JSON object; hint: CloudFormation sends region, accountId, fragment, transformId, params, requestId and templateParameterValues")
	}
	if _, err := d.ReadToken(); err != nil {
		return e, fmt.Errorf("event: %w", syntaxOnly(err))
	}
	for d.PeekKind() != '}' {
		if err := e.readField(d, payload); err != nil {
			return e, fmt.Errorf("event: %w", syntaxOnly(err))
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return e, fmt.Errorf("event: %w", syntaxOnly(err))
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return e, errors.New("event: more than one JSON value")
	}
	if e.Fragment == nil {
		return e, errors.New("event: has no fragment")
	}
	return e, nil
}

func (e *Event) readField(d *jsontext.Decoder, payload []byte) error {
	name, err := d.ReadToken()
	if err != nil {
		return err
	}
	field := name.String()
	if field == "fragment" {
		if e.template, err = template.Decode(d, payload); err != nil {
			return err
		}
		end := int(d.InputOffset())
		e.Fragment = payload[end-e.template.Size() : end : end]
		return nil
	}
	v, err := d.ReadValue()
	if err != nil {
		return err
	}
	switch field {
	case "requestId":
		e.RequestID = v.Clone()
	case "region":
		e.Region = text(v)
	case "accountId":
		e.AccountID = text(v)
	case "transformId":
		e.TransformID = text(v)
	case "params":
		e.Params = template.Index(v).Root()
	case "templateParameterValues":
		e.Parameters = parameterValues(template.Index(v).Root())
	}
	return nil
}

func text(v jsontext.Value) string {
	s, _ := template.Index(v).Root().Scalar()
	return s
}

func parameterValues(v template.Value) map[string]string {
	out := make(map[string]string, v.Len())
	for name, x := range v.Members() {
		if s, ok := x.Scalar(); ok {
			out[name] = s
			continue
		}
		var items []string
		for item := range x.Items() {
			s, _ := item.Scalar()
			items = append(items, s)
		}
		out[name] = strings.Join(items, ",")
	}
	return out
}

// syntaxOnly keeps of a syntax error where it is, not the text around it.
func syntaxOnly(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("cut off at byte %d", syntax.ByteOffset)
		}
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return fmt.Errorf("a member stands twice in the object at byte %d", syntax.ByteOffset)
		}
		return fmt.Errorf("no valid JSON at byte %d", syntax.ByteOffset)
	}
	return err
}
