package engine

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/emit"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/review"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Result is everything that was decided about a template.
type Result struct {
	Decisions []grant.Decision
	Problems  []finding.Finding // those that are about no single call
	Policies  []grant.Estimate  // the estimated size of every function's policy
	Edits     []template.Edit
	Given     []invoke.Given // what others than the template and the macro add

	view        *statement.View // what Audit looks at
	options     *option.Levels
	existing    statement.Existing
	near        []review.NearMiss // once NearMisses was called
	permissions []emit.Permission
	others      []emit.Grant // roles, and what is added inside of loops
}

// Grants returns what was added: permissions, sorted by their ids, then the
// rest.
func (r *Result) Grants() []emit.Grant {
	out := make([]emit.Grant, 0, len(r.permissions)+len(r.others))
	for _, a := range r.permissions {
		out = append(out, emit.Grant{ID: a.ID(), Type: "AWS::Lambda::Permission", Function: a.Want.Function, Caller: a.Want.Caller,
			Source: a.Want.Tail.String(), Routes: grant.Labels(r.Decisions, a.Want), Widened: a.Want.Widened})
	}
	return append(out, r.others...)
}

// Audit returns the findings about the permissions that the template itself has, see
// [review.Audit].
func (r *Result) Audit() []finding.Finding {
	if r.view == nil {
		return nil
	}
	return review.Audit(r.view, r.existing, r.Decisions, r.Problems, r.NearMisses())
}

// NearMisses returns the permissions that were written for calls but don't allow
// them, see [review.NearMisses].
func (r *Result) NearMisses() []review.NearMiss {
	if r.view == nil {
		return nil
	}
	if r.near == nil {
		r.near = review.NearMisses(r.view, r.Decisions)
	}
	return r.near
}

// Mistakes returns the findings about integrations, roles and stages that fail for
// other reasons than permissions, see [review.Mistakes].
func (r *Result) Mistakes() []finding.Finding {
	if r.view == nil {
		return nil
	}
	return review.Mistakes(r.view, r.Decisions)
}

// Plain returns the key of a function, as a [grant.Estimate] or an [emit.Grant] has it,
// for people: a function of the template by its logical id.
func (r *Result) Plain(key string) string {
	if r.view == nil {
		return key
	}
	return r.view.Plain(key)
}

// Reasons returns the reasons of all steps after the finding of calls, for the
// documentation.
func Reasons() []finding.Reason {
	return slices.Concat(statement.Reasons(), review.Reasons(), grant.Reasons(), emit.Reasons())
}

// Lasting returns the edits without the report of this run, which doesn't belong into
// an author's file.
func (r *Result) Lasting() []template.Edit {
	return slices.DeleteFunc(slices.Clone(r.Edits), func(e template.Edit) bool {
		return e.At == "/Metadata" || strings.HasPrefix(string(e.At), "/Metadata/")
	})
}
