// Package grant decides, for every call of a Lambda function, how it is allowed:
// already, by a permission to add, by a role, or not at all, where that can't be
// known. It returns the verdicts with their reasons, and the statements to add, so
// wide that they fit into the limits of Lambda and CloudFormation; it writes nothing.
package grant

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
)

// Verdict says what becomes of a call.
type Verdict string

// The verdicts. Their texts are stable.
const (
	Added     Verdict = "added"      // a permission was added for it
	RoleAdded Verdict = "role-added" // a role was put into its credentials
	Allowed   Verdict = "allowed"    // a permission of the template, or of SAM, allows it
	RoleGiven Verdict = "role"       // it has a role in its credentials
	AsCaller  Verdict = "caller"     // it is made with the identity of the service's own caller
	Left      Verdict = "left"       // nothing is granted, see [Decision.Because]
	Elsewhere Verdict = "elsewhere"  // the function's own account or Region must allow it
	Unknown   Verdict = "unknown"    // the function, or what calls it, can't be known
)

// A Decision is the verdict on one call.
type Decision struct {
	Call    *invoke.Call
	Verdict Verdict
	By      []string         // logical ids of what allows it; for SAM's own grants a description
	Problem *finding.Finding // why the verdict is Unknown or Elsewhere
	Because string           // Left: the name of the reason; "" with the option Grant: none
	Command string           // Elsewhere: the command to run where the function is

	Remarks    []finding.Finding
	StagesWait bool     // the origin's stages wait for what allows the call
	Racing     bool     // the resource that makes the call doesn't wait for what allows it: it can't, or its service isn't granted
	Widened    []string // why what allows it is wider than its source
}

// leave decides that nothing is granted.
func (d *Decision) leave(why finding.Finding) {
	why.At = d.Call.At()
	d.Verdict, d.Because = Left, why.Name
	d.Remarks = append(slices.Clip(d.Remarks), why)
}

// Notes returns the findings beside Problem.
func (d Decision) Notes() []finding.Finding {
	notes := slices.Clone(d.Remarks)
	for _, why := range d.Widened {
		notes = append(notes, finding.Finding{Reason: widened, At: d.Call.At(), Detail: why})
	}
	return notes
}

// An Estimate is how large the resource policy of one function and qualifier will be.
type Estimate struct {
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
