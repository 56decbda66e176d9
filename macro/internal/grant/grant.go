// Package grant decides, for every call of a Lambda function, how it is
// allowed: already, by a permission to add, by a role, or not at all because
// nobody can know. It returns the verdicts with their reasons and the edits
// that carry them out; it edits nothing itself.
package grant

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Verdict says what becomes of a call.
type Verdict string

// The verdicts. Their texts are stable.
const (
	Added     Verdict = "added"      // a permission was added for it
	RoleAdded Verdict = "role-added" // a role was put into its credentials
	Allowed   Verdict = "allowed"    // a permission of the template, or of SAM, allows it
	RoleGiven Verdict = "role"       // it has a role in its credentials
	AsCaller  Verdict = "caller"     // it is made with the identity of API Gateway's caller
	Left      Verdict = "left"       // Grant: none
	Elsewhere Verdict = "elsewhere"  // the function's own account or Region must allow it
	Unknown   Verdict = "unknown"    // the function, or the API, can't be known
)

// A Decision is the verdict on one call.
type Decision struct {
	Call    *invoke.Call
	Verdict Verdict
	By      []string         // logical ids of what allows it; for SAM's own grants a description
	Problem *finding.Finding // why the verdict is Unknown or Elsewhere
	Command string           // Elsewhere: the command to run where the function is

	notes   []finding.Finding
	order   bool     // the API's stages wait for what allows the call
	racing  bool     // the resource that makes the call isn't made to wait: it can't, or its service isn't granted
	widened []string // why what allows it is wider than its routes
}

// Notes returns what else there is to tell.
func (d Decision) Notes() []finding.Finding {
	notes := slices.Clone(d.notes)
	for _, why := range d.widened {
		notes = append(notes, finding.Finding{Reason: widened, At: d.Call.At(), Detail: why})
	}
	return notes
}

// A Grant is one permission or role that was added.
type Grant struct {
	ID       string
	Type     string   // AWS::Lambda::Permission or AWS::IAM::Role
	Function string   // key of the function; of a role: all of them
	API      string   // key of the API
	Source   string   // the pattern behind the API's id
	Routes   []string // the calls it is for, as people read them
	Widened  string   // why it is wider than its routes; "" where it isn't
}

// A Result is everything that was decided about a template.
type Result struct {
	Decisions []Decision
	Problems  []finding.Finding // what concerns no single call
	Policies  []Policy          // the estimated size of every function's policy
	Edits     []template.Edit

	view        *View // what Audit looks at
	options     *option.Levels
	existing    statements
	near        []NearMiss // once somebody has asked
	permissions []added
	others      []Grant // roles, and what stands inside of loops
}

// Grants returns what was added: permissions, sorted by their ids, then the
// rest.
func (r *Result) Grants() []Grant {
	out := make([]Grant, 0, len(r.permissions)+len(r.others))
	for _, a := range r.permissions {
		out = append(out, Grant{ID: a.id(), Type: "AWS::Lambda::Permission", Function: a.w.function, API: a.w.api,
			Source: a.w.tail.String(), Routes: labels(r.Decisions, a.w), Widened: a.w.widened})
	}
	return append(out, r.others...)
}

// A Policy is the estimated resource policy of one function and qualifier.
type Policy struct {
	Function   string
	Statements int
	Bytes      int  // of 20,480
	Whole      bool // it is one resource that the macro writes
	Present    Share
}

// A Share is the part of a policy that needs no grant of ours: the template's
// own statements, and those of SAM.
type Share struct{ Statements, Bytes int }

// Verdicts returns all verdicts, in the order of a report.
func Verdicts() []Verdict {
	return []Verdict{Added, RoleAdded, Allowed, RoleGiven, AsCaller, Left, Elsewhere, Unknown}
}
