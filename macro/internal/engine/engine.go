// Package engine takes a template through all steps, from its calls to the edits that
// allow them, and holds what was decided on the way. Each step gets what the steps
// before it have found, and returns values of its own.
package engine

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/emit"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Decide finds the calls of a template, decides on each, and makes the edits that
// allow them. base has the options that don't come from the template. The error is a
// mistake of the author or of the platform team: an option that isn't valid, a limit
// that can't be kept, or, with OnUnknown: fail, a call that can't be known. With the
// last two there is a result too: its verdicts are for reports, its edits must not be
// made.
func Decide(t *template.Template, env invoke.Environment, base option.Options) (*Result, error) {
	r, err := decide(t, env, base)
	if err != nil {
		return r, err
	}
	if err := (looping{r.view, r}).decideLoops(base); err != nil {
		return r, err
	}
	r.Edits = append(r.Edits, emit.Report(r.view, r.Decisions, r.Problems)...)
	if r.options.Template.OnUnknown == option.Fail {
		return r, r.firstUnknown()
	}
	return r, nil
}

// decide takes a template through the steps, except for its loops: calls, verdicts,
// what is wanted, what fits, edits.
func decide(t *template.Template, env invoke.Environment, base option.Options) (*Result, error) {
	calls := invoke.Find(t, env)
	if calls.Full {
		return nil, finding.Errorf("template", "move a part into a nested stack", "its APIs make more than %d calls of functions, the stages of each route counted", invoke.MaxCalls)
	}
	options, err := option.Read(t, env.Catalog(), base)
	if err != nil {
		return nil, err
	}
	view, conds := statement.NewView(t, calls.Names, env), naming.NewConditions(t)
	existing := statement.Read(view, calls.Given)
	verdicts, err := grant.Judge(view, calls.Calls, existing, options, conds)
	if err != nil {
		return nil, err
	}
	r := &Result{Decisions: verdicts.Decisions, Problems: calls.Problems, Given: calls.Given, view: view, options: options, existing: existing}
	wants := verdicts.Wanted(view, existing)
	fits, problems, err := grant.Fit(view, existing, verdicts, wants, conds, emit.PermissionSize(view, verdicts.Decisions))
	r.Problems, r.Policies = append(r.Problems, problems...), grant.Estimates(existing, fits)
	if err != nil {
		return r, err
	}
	edits, err := emit.Write(view, existing, verdicts, fits, conds)
	r.Problems = append(r.Problems, edits.Problems...)
	r.Edits, r.permissions, r.others = edits.Edits, edits.Permissions, edits.Others
	return r, err
}
