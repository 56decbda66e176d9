package report

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// The reasons for which a file means something else than it seems to, or for
// which the template that the macro will see isn't known.
var (
	Twice = finding.Reason{Name: "key-twice", Severity: finding.Warning,
		Sentence: "the key stands twice, and CloudFormation takes the last one", Hint: "remove one of the two"}
	Unseen = finding.Reason{Name: "unseen", Severity: finding.Warning,
		Sentence: "what CloudFormation makes of this before the macro sees it is not known here", Hint: "give what is missing, or check what is deployed"}
	Refused = finding.Reason{Name: "refused", Severity: finding.Fault,
		Sentence: "CloudFormation will not take this", Hint: "correct it"}
	MacroName = finding.Reason{Name: "macro-name", Severity: finding.Warning,
		Sentence: "the Transform section names a macro that is nearly this one",
		Hint:     "write the name under which the macro is deployed; it is case-sensitive"}
)

// A Reading is something to tell about the way from the author's files to the
// template that the macro sees.
type Reading struct {
	Kind   finding.Reason
	At     jsontext.Pointer // in its file
	Place  Place
	Hides  bool // it may hold calls, or allow some
	Detail string
	Hint   string
}

// reading is one as a finding. It fails where calls may be hidden.
func (t Template) reading(r Reading) Finding {
	hides := r.Hides
	if r.Kind.Name != Twice.Name && t.Result != nil {
		hides = hides || slices.ContainsFunc(t.Result.Problems, func(p finding.Finding) bool {
			return p.Severity.Matters() && behind(p, []jsontext.Pointer{r.At})
		})
	}
	return Finding{Finding: finding.Finding{Reason: r.Kind, At: r.At, Detail: r.Detail, Hint: r.Hint}, Place: r.Place, Fails: hides}
}

// unseen returns the places that are not seen, so that what they hide is told
// once.
func unseen(all []Reading) []jsontext.Pointer {
	var out []jsontext.Pointer
	for _, r := range all {
		if r.Kind.Name != Twice.Name {
			out = append(out, r.At)
		}
	}
	return out
}

// behind reports whether a finding only says what a place that isn't seen says.
func behind(p finding.Finding, places []jsontext.Pointer) bool {
	if !p.Unread {
		return false
	}
	for _, at := range places {
		if strings.HasPrefix(string(at)+"/", string(p.At)+"/") || strings.HasPrefix(string(p.At)+"/", string(at)+"/") {
			return true
		}
	}
	return false
}
