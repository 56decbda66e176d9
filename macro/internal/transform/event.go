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

// An Event is what CloudFormation sends to a macro: seven fields, of which an event
// that is written by hand may lack some
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html).
type Event struct {
	Region      string
	AccountID   string
	TransformID string
	RequestID   jsontext.Value    // returned as it came, whatever its type
	Fragment    jsontext.Value    // the template, or a part of one; not used where template is set
	Params      template.Value    // the transform's Parameters
	Parameters  map[string]string // templateParameterValues; lists joined by commas
	Partition   string            // not part of CloudFormation's event; "": the Region's
	Settled     bool              // not part of CloudFormation's event: see [stack.Facts]

	template *template.Template // the fragment, of an event that readEvent has read
}

// readEvent reads an event. Where that fails, the event that is returned has the
// request id, if it was found. The error holds no value of the event, which may be
// secret.
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

// brokenEvent returns what can be read of an event that isn't valid JSON: its request
// id.
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

// parameterValues returns the values of parameters as texts.
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

// syntaxOnly returns a syntax error without the text around it, which it otherwise
// quotes.
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
