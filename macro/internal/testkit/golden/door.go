package golden

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// An Outcome is what one of the three ways into the macro (the doors) gives: the engine,
// the handler of macro events, and the executable.
type Outcome struct {
	Fragment []byte
	Err      error
	Result   *engine.Result // of the engine alone
}

func (o Outcome) String() string {
	if o.Err != nil {
		return "error: " + o.Err.Error()
	}
	return string(o.Fragment)
}

// Differs reports whether another door gives another answer.
func (o Outcome) Differs(other Outcome) bool { return o.String() != other.String() }

// Transform runs the engine on a fragment in the golden's place.
func (g *File) Transform(t *testing.T, fragment []byte) Outcome {
	t.Helper()
	e := transform.Event{Region: g.Event.Region, AccountID: g.Event.AccountID, Fragment: jsontext.Value(fragment),
		Params: template.Index(g.Event.Params).Root(), Parameters: g.parameters(t)}
	fragment, result, err := transform.Handler{}.Transform(t.Context(), e)
	return Outcome{fragment, err, result}
}

// parameters are the values of the template's parameters, lists joined.
func (g *File) parameters(t *testing.T) map[string]string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(g.Event.TemplateParameterValues, &all); err != nil {
		t.Fatalf("%s: %v", g.Name, err)
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

// RequestID is that of every golden's event.
const RequestID = "c0f0a710-7e57-4000-8000-00000000601d"

// Payload is the golden's macro event.
func (g *File) Payload() []byte {
	e := g.Event
	return fmt.Appendf(nil, `{"accountId":%q,"fragment":%s,"transformId":"%s::GrantInvoke","requestId":%q,"region":%q,"params":%s,"templateParameterValues":%s}`,
		e.AccountID, e.Fragment, e.AccountID, RequestID, e.Region, e.Params, e.TemplateParameterValues)
}

// Invoke sends the macro event to the handler.
func (g *File) Invoke(t *testing.T) Outcome {
	t.Helper()
	answer, err := transform.Handler{}.Invoke(t.Context(), g.Payload())
	if err != nil {
		t.Fatalf("the handler returns a Go error, which nobody would read: %v", err)
	}
	return Answer(t, answer)
}

// Run sends the macro event to the executable.
func (g *File) Run(t *testing.T, p *runtimeapi.Process) Outcome {
	t.Helper()
	answer, err := p.Invoke(t.Context(), g.Payload())
	if err != nil || answer.FunctionError {
		t.Fatalf("the executable: %v %s\n%s", err, answer.Payload, p.Logs())
	}
	return Answer(t, answer.Payload)
}

// Send sends a fragment to the executable as one event, with the transform's
// parameters as JSON and the values of the template's.
func Send(t *testing.T, p *runtimeapi.Process, fragment, params string, values map[string]string) Outcome {
	t.Helper()
	given, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	g := Of("", []byte(fragment))
	g.Event.Params, g.Event.TemplateParameterValues = json.RawMessage(params), given
	return g.Run(t, p)
}

// Added is the JSON of what an outcome has more than its fragment. An error ends the test.
func (o Outcome) Added(t *testing.T, fragment string) string {
	t.Helper()
	if o.Err != nil {
		t.Fatal(o.Err)
	}
	return Added(t, []byte(fragment), o.Fragment)
}

// Told is the report of an outcome in the template's Metadata, a line each.
func (o Outcome) Told(t *testing.T) string {
	t.Helper()
	var template struct {
		Metadata struct{ GrantInvoke struct{ Report []string } }
	}
	if err := json.Unmarshal(o.Fragment, &template); err != nil {
		t.Fatalf("%v: %s", err, o)
	}
	return strings.Join(template.Metadata.GrantInvoke.Report, "\n")
}

// Answer reads a response, as strictly as CloudFormation does.
func Answer(t *testing.T, answer []byte) Outcome {
	t.Helper()
	root := plant(t, answer)
	var r struct {
		RequestID, Status, ErrorMessage string
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	if err := d.Decode(&r); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	if r.RequestID != RequestID {
		t.Errorf("the request id comes back as %q", r.RequestID)
	}
	if r.Status != "success" {
		return Outcome{Err: errors.New(r.ErrorMessage)}
	}
	return Outcome{Fragment: []byte(root.get("fragment").raw())}
}

// problems are all findings of a result, in its order, each once.
func problems(r *engine.Result) []finding.Finding {
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
	for _, n := range r.NearMisses() {
		add(n.Finding)
	}
	return all
}
