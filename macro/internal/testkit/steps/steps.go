// Package steps takes small templates through the steps of package engine, up to the
// one that a test is about, with the services as they are.
package steps

import (
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/emit"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Env is where the templates of tests are deployed. A test may change its copy.
func Env() invoke.Environment {
	return invoke.Environment{Services: service.All(), Facts: stack.Facts{Partition: "aws", Region: "us-east-1", Account: "111122223333", Parameters: map[string]string{}}}
}

// A Template is a template with its calls and statements.
type Template struct {
	*statement.View
	Found    invoke.Found
	Existing statement.Existing

	options *option.Levels
	conds   *naming.Conditions
}

// Read reads a template up to the statements that it has. An error ends the test.
func Read(t testing.TB, text string, env invoke.Environment, base option.Options) Template {
	t.Helper()
	doc, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%.5000s", err, text)
	}
	options, err := option.Read(doc, env.Catalog(), base)
	if err != nil {
		t.Fatal(err)
	}
	found := invoke.Find(doc, env)
	view := statement.NewView(doc, found.Names, env)
	return Template{view, found, statement.Read(view, found.Given), options, naming.NewConditions(doc)}
}

// Judge decides on every call. An error ends the test.
func (x Template) Judge(t testing.TB) grant.Judged {
	t.Helper()
	judged, err := grant.Judge(x.View, x.Found.Calls, x.Existing, x.options, x.conds)
	if err != nil {
		t.Fatal(err)
	}
	return judged
}

// Fit makes what the calls want fit.
func (x Template) Fit(judged grant.Judged) ([]*grant.Policy, []finding.Finding, error) {
	return grant.Fit(x.View, x.Existing, judged, judged.Wanted(x.View, x.Existing), x.conds, emit.PermissionSize(x.View, judged.Decisions))
}

// Out writes all grants into the template. It returns the template, findings, and the
// decisions with what allows their calls.
func (x Template) Out(t testing.TB) (out string, problems []finding.Finding, decisions []grant.Decision, err error) {
	t.Helper()
	judged := x.Judge(t)
	fits, problems, err := x.Fit(judged)
	if err != nil {
		return "", problems, judged.Decisions, err
	}
	written, err := emit.Write(x.View, x.Existing, judged, fits, x.conds)
	problems = append(problems, written.Problems...)
	if err != nil {
		return "", problems, judged.Decisions, err
	}
	text, err := x.Template.Apply(written.Edits)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), problems, judged.Decisions, nil
}
