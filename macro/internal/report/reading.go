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

// reading is a finding about the way from the author's files to the template that
// the macro sees. It fails where calls may be hidden: as who found it says, or where
// the engine couldn't read what is there.
func (t Template) reading(f Finding) Finding {
	if f.Name != Twice.Name && t.Result != nil {
		f.Fails = f.Fails || slices.ContainsFunc(t.Result.Problems, func(p finding.Finding) bool {
			return p.Severity.Matters() && hiddenBy(p, []jsontext.Pointer{f.At})
		})
	}
	return f
}

// unseen returns the places that can't be read, so that what they hide is reported once.
func unseen(readings []Finding) []jsontext.Pointer {
	var out []jsontext.Pointer
	for _, f := range readings {
		if f.Name != Twice.Name {
			out = append(out, f.At)
		}
	}
	return out
}

// hiddenBy reports whether a finding is only the consequence of a place that can't be read.
func hiddenBy(p finding.Finding, places []jsontext.Pointer) bool {
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
