package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Decide finds the calls of a template and decides on each. The error is one
// of the author's or of the platform team's: an option that isn't one, a limit
// that nothing keeps, or, with OnUnknown: fail, a call that can't be known. With
// the last two comes the result as far as it goes: its verdicts are for people,
// its edits are for nobody.
func Decide(t *template.Template, env invoke.Environment, base option.Options) (*Result, error) {
	r, err := decide(t, env, base)
	if err != nil {
		return r, err
	}
	if err := (looping{r.view, r}).decideLoops(base); err != nil {
		return r, err
	}
	r.Edits = append(r.Edits, told(r.view, r.Decisions, r.Problems)...)
	if r.options.Template.OnUnknown == option.Fail {
		return r, r.firstUnknown()
	}
	return r, nil
}

// decide takes a template through the steps, loops aside: calls, verdicts, what
// is wanted, what fits, edits.
func decide(t *template.Template, env invoke.Environment, base option.Options) (*Result, error) {
	calls := invoke.Find(t, env)
	if calls.Full {
		return nil, finding.Errorf("template", "move a part into a nested stack", "its APIs make more than %d calls of functions, the stages of each route counted", invoke.MaxCalls)
	}
	options, err := option.Read(t, env.Catalog(), base)
	if err != nil {
		return nil, err
	}
	view, conds := NewView(t, calls.Names, env), newConditions(t)
	existing := readStatements(view, calls.Given)
	verdicts, err := verdictsOn(view, calls.Calls, existing, options, conds)
	if err != nil {
		return nil, err
	}
	r := &Result{Decisions: verdicts.decisions, Problems: calls.Problems, view: view, options: options, existing: existing}
	wants := verdicts.wanted(view, existing)
	fits, problems, err := fit(view, existing, verdicts, wants, conds)
	r.Problems, r.Policies = append(r.Problems, problems...), policies(existing, fits)
	if err != nil {
		return r, err
	}
	edits, err := write(view, existing, verdicts, fits, conds)
	r.Problems = append(r.Problems, edits.problems...)
	r.Edits, r.permissions, r.others = edits.edits, edits.permissions, edits.others
	return r, err
}

// Lasting returns the edits without the report of this run, which is no part of
// a source that somebody keeps.
func (r *Result) Lasting() []template.Edit {
	return slices.DeleteFunc(slices.Clone(r.Edits), func(e template.Edit) bool {
		return e.At == "/Metadata" || strings.HasPrefix(string(e.At), "/Metadata/")
	})
}
