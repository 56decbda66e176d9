package grant

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// firstUnknown is the error of OnUnknown: fail.
func (r *Result) firstUnknown() error {
	var all finding.Errors
	for _, dec := range r.Decisions {
		if dec.Problem != nil {
			all = append(all, *dec.Problem)
		}
		for _, n := range dec.notes {
			if n.Severity.Matters() {
				all = append(all, n)
			}
		}
	}
	for _, p := range r.Problems {
		if p.Severity.Matters() {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// Message is the finding's String, while others still use the old name.
func Message(p finding.Finding) string { return p.String() }

// Place is finding.Place, while others still use the old name.
func Place(p jsontext.Pointer) string { return finding.Place(p) }
