package transform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
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
	Fragment    jsontext.Value    // the template, or a part of one; of an event that was read, template
	Params      template.Value    // the transform's Parameters
	Parameters  map[string]string // templateParameterValues; lists joined by commas
	Partition   string            // of no event: where it is empty, the Region tells
	Settled     bool              // of no event: parameters have these values, and never any others

	template *template.Template // the fragment, read while the event was
}

// readEvent reads an event. Where it can't, the request id is in the event
// that is returned as far as it was seen. The error never holds a value of the
// event, which may be secret.
func readEvent(payload []byte) (Event, error) {
	e := Event{RequestID: jsontext.Value(`""`)}
	if !bytes.HasPrefix(bytes.TrimLeft(payload, " \t\r\n"), []byte("{")) {
		return e, finding.Errorf("event", "CloudFormation sends region, accountId, fragment, transformId, params, requestId and templateParameterValues", "not a JSON object")
	}
	doc, err := template.Parse(payload)
	if err != nil {
		return brokenEvent(payload), finding.Within("event", syntaxOnly(err))
	}
	for field, v := range doc.Root().Members() {
		switch field {
		case "fragment":
			e.template = v.Document()
		case "requestId":
			e.RequestID = jsontext.Value(v.Raw())
		case "region":
			e.Region, _ = v.Scalar()
		case "accountId":
			e.AccountID, _ = v.Scalar()
		case "transformId":
			e.TransformID, _ = v.Scalar()
		case "params":
			e.Params = v
		case "templateParameterValues":
			e.Parameters = parameterValues(v)
		}
	}
	if e.template == nil {
		return e, finding.Errorf("event", "", "has no fragment")
	}
	return e, nil
}

// brokenEvent is what can be read of an event that is no valid JSON.
func brokenEvent(payload []byte) Event {
	e := Event{RequestID: jsontext.Value(`""`)}
	d := jsontext.NewDecoder(bytes.NewBuffer(payload))
	_, err := d.ReadToken() // the object's brace
	for err == nil && d.PeekKind() == '"' {
		var name, value jsontext.Value
		if name, err = d.ReadValue(); err != nil {
			break
		}
		isID := string(name) == `"requestId"`
		if value, err = d.ReadValue(); err == nil && isID {
			e.RequestID = value.Clone()
		}
	}
	return e
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
