package engine

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/emit"
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/review"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Result is everything that was decided about a template.
type Result struct {
	Decisions []grant.Decision
	Problems  []finding.Finding // what concerns no single call
	Policies  []grant.Policy    // the estimated size of every function's policy
	Edits     []template.Edit

	view        *statement.View // what Audit looks at
	options     *option.Levels
	existing    statement.Existing
	near        []review.NearMiss // once somebody has asked
	permissions []emit.Permission
	others      []emit.Grant // roles, and what stands inside of loops
}

// Grants returns what was added: permissions, sorted by their ids, then the
// rest.
func (r *Result) Grants() []emit.Grant {
	out := make([]emit.Grant, 0, len(r.permissions)+len(r.others))
	for _, a := range r.permissions {
		out = append(out, emit.Grant{ID: a.ID(), Type: "AWS::Lambda::Permission", Function: a.Want.Function, API: a.Want.API,
			Source: a.Want.Tail.String(), Routes: grant.Labels(r.Decisions, a.Want), Widened: a.Want.Widened})
	}
	return append(out, r.others...)
}

// Audit tells what there is to say about the permissions that the template has
// itself, see [Audit].
func (r *Result) Audit() []finding.Finding {
	if r.view == nil {
		return nil
	}
	return review.Audit(r.view, r.existing, r.Decisions, r.Problems, r.NearMisses())
}

// NearMisses returns the permissions that were made for calls and don't allow
// them, see [NearMisses].
func (r *Result) NearMisses() []review.NearMiss {
	if r.view == nil {
		return nil
	}
	if r.near == nil {
		r.near = review.NearMisses(r.view, r.Decisions)
	}
	return r.near
}

// Mistakes tells of integrations, roles and stages that are wrong apart from
// permissions, see [Mistakes].
func (r *Result) Mistakes() []finding.Finding {
	if r.view == nil {
		return nil
	}
	return review.Mistakes(r.view, r.Decisions)
}

// Plain is the key of a function that a [Policy] or a [Grant] has, a function of
// the template by its logical id.
func (r *Result) Plain(key string) string {
	if r.view == nil {
		return key
	}
	return r.view.Plain(key)
}

// Reasons returns the reasons of all steps behind the finders, for the
// documentation.
func Reasons() []finding.Reason {
	return slices.Concat(statement.Reasons(), review.Reasons(), grant.Reasons(), emit.Reasons())
}

// Lasting returns the edits without the report of this run, which is no part of
// a source that somebody keeps.
func (r *Result) Lasting() []template.Edit {
	return slices.DeleteFunc(slices.Clone(r.Edits), func(e template.Edit) bool {
		return e.At == "/Metadata" || strings.HasPrefix(string(e.At), "/Metadata/")
	})
}
