package evaluator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/author"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/evaluator"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// ask sends a template through the macro and puts its answer into the
// evaluator's words. It is the only place here that knows the macro.
func ask(t *testing.T, x author.Template) (evaluator.Answer, error) {
	t.Helper()
	options, err := json.Marshal(x.Options)
	if err != nil {
		t.Fatal(err)
	}
	out, result, err := transform.Handler{}.Transform(t.Context(), transform.Event{
		Region: author.Region, AccountID: author.Account, Fragment: x.JSON, Parameters: x.Values,
		Params: template.Index(string(options)).Root(),
	})
	if err != nil {
		return evaluator.Answer{}, err
	}
	a := evaluator.Answer{Reports: map[string]bool{}}
	if a.Output, err = evaluator.Read(out); err != nil {
		return a, fmt.Errorf("the answer is no JSON: %w", err)
	}
	for i := range result.Decisions {
		d := &result.Decisions[i]
		word := string(d.Verdict)
		switch d.Verdict {
		case grant.Added, grant.RoleAdded:
			word = evaluator.Added
		}
		a.Verdicts = append(a.Verdicts, evaluator.Verdict{Wired: d.Call.Resource, Route: d.Call.Source.Label, Word: word})
		for _, n := range d.Notes() {
			if n.Name == "no-order" { // the permission is there, and may come too late
				a.Reports[d.Call.Resource] = true
			}
		}
	}
	for _, p := range result.Problems {
		if id, ok := resource(string(p.At)); ok && (p.Severity.Matters() || p.Name == "maybe-function") {
			a.Reports[id] = true
		}
	}
	return a, nil
}

// resource is the logical id in a pointer.
func resource(pointer string) (string, bool) {
	rest, ok := strings.CutPrefix(pointer, "/Resources/")
	id, _, _ := strings.Cut(rest, "/")
	return id, ok
}
