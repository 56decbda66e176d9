package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// A job is one way to go through an event.
type job struct {
	name string
	run  func(event []byte) error
}

// The jobs: the macro as a whole; what bounds it from below; the map that most
// macros decode into; and the macro's steps, each with those before it.
var (
	macro    = job{"macro", handle}
	copying  = job{"copy", func(event []byte) error { bytes.Clone(event); return nil }}
	validate = job{"validate", isValid}
	maps     = job{"maps", throughMaps}
	index    = job{"index", func(event []byte) error { return steps(event, nil) }}
	calls    = job{"calls", func(event []byte) error { return steps(event, find) }}
	grants   = job{"grants", func(event []byte) error { return steps(event, decide) }}
)

func handle(event []byte) error {
	out, err := transform.Handler{}.Invoke(context.Background(), event)
	if head := out[:min(len(out), 300)]; err == nil && !bytes.Contains(head, []byte(`"status":"success"`)) {
		err = fmt.Errorf("the macro answers %s", head)
	}
	return err
}

func isValid(event []byte) error {
	if !jsontext.Value(event).IsValid() {
		return errors.New("the event is no valid JSON")
	}
	return nil
}

func throughMaps(event []byte) error {
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(event))
	d.UseNumber() // a template keeps the text of its numbers
	if err := d.Decode(&v); err != nil {
		return err
	}
	_, err := json.Marshal(v)
	return err
}

// steps reads an event and does the work that follows.
func steps(event []byte, work func(*template.Template) error) error {
	doc, err := template.Parse(event)
	if err != nil {
		return err
	}
	defer doc.Release()
	if work == nil {
		return nil
	}
	return work(doc.Root().Get("fragment").Document())
}

var environment = invoke.Environment{Services: service.All(), Facts: stack.Facts{Region: "us-east-1", Account: "123456789012", Parameters: map[string]string{"Stage": "prod"}}}

func find(t *template.Template) error {
	invoke.Find(t, environment)
	return nil
}

func decide(t *template.Template) error {
	_, err := engine.Decide(t, environment, option.Options{})
	return err
}
