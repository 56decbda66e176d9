package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// An outcome is what one of the three front doors gives.
type outcome struct {
	fragment []byte
	err      error
	result   *grant.Result // of the engine alone
}

func (o outcome) String() string {
	if o.err != nil {
		return "error: " + o.err.Error()
	}
	return string(o.fragment)
}

func (o outcome) differs(other outcome) bool { return o.String() != other.String() }

// transform runs the engine on a fragment in the golden's place.
func (g *golden) transform(t *testing.T, fragment []byte) outcome {
	t.Helper()
	e := transform.Event{Region: g.event.Region, AccountID: g.event.AccountID, Fragment: jsontext.Value(fragment),
		Params: template.Index(g.event.Params).Root(), Parameters: g.parameters(t)}
	fragment, result, err := transform.Handler{}.Transform(t.Context(), e)
	return outcome{fragment, err, result}
}

// parameters are the values of the template's parameters, lists joined.
func (g *golden) parameters(t *testing.T) map[string]string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(g.event.TemplateParameterValues, &all); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for name, v := range all {
		if list, ok := v.([]any); ok {
			values[name] = strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ","), "[]")
			continue
		}
		values[name] = fmt.Sprint(v)
	}
	return values
}

const requestID = "c0f0a710-7e57-4000-8000-00000000601d"

func (g *golden) payload() []byte {
	e := g.event
	return fmt.Appendf(nil, `{"accountId":%q,"fragment":%s,"transformId":"%s::GrantInvoke","requestId":%q,"region":%q,"params":%s,"templateParameterValues":%s}`,
		e.AccountID, e.Fragment, e.AccountID, requestID, e.Region, e.Params, e.TemplateParameterValues)
}

// invoke sends the macro event to the handler.
func (g *golden) invoke(t *testing.T) outcome {
	t.Helper()
	answer, err := transform.Handler{}.Invoke(t.Context(), g.payload())
	if err != nil {
		t.Fatalf("the handler returns a Go error, which nobody would read: %v", err)
	}
	return read(t, answer)
}

// run sends the macro event to the executable.
func (g *golden) run(t *testing.T, p *runtimeapi.Process) outcome {
	t.Helper()
	answer, err := p.Invoke(t.Context(), g.payload())
	if err != nil || answer.FunctionError {
		t.Fatalf("the executable: %v %s\n%s", err, answer.Payload, p.Logs())
	}
	return read(t, answer.Payload)
}

// read takes a response apart, as strictly as CloudFormation does.
func read(t *testing.T, answer []byte) outcome {
	t.Helper()
	root := plant(t, answer)
	var r struct {
		RequestID, Status, ErrorMessage string
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	if err := d.Decode(&r); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	if r.RequestID != requestID {
		t.Errorf("the request id comes back as %q", r.RequestID)
	}
	if r.Status != "success" {
		return outcome{err: errors.New(r.ErrorMessage)}
	}
	return outcome{fragment: []byte(root.get("fragment").raw())}
}

// problems are all that a result tells, in its order, each once.
func problems(r *grant.Result) []finding.Finding {
	var all []finding.Finding
	seen := map[string]bool{}
	add := func(p finding.Finding) {
		if key := p.Name + p.String(); !seen[key] {
			seen[key] = true
			all = append(all, p)
		}
	}
	for _, d := range r.Decisions {
		if d.Problem != nil {
			add(*d.Problem)
		}
		for _, n := range d.Notes() {
			add(n)
		}
	}
	for _, p := range r.Problems {
		add(p)
	}
	return all
}
