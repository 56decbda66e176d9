package grant

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
)

// firstUnknown is the error of OnUnknown: fail.
func (r *Result) firstUnknown() error {
	var all []string
	for _, dec := range r.Decisions {
		if dec.Problem != nil {
			all = append(all, Message(*dec.Problem))
		}
		for _, n := range dec.notes {
			if n.Severity.Matters() {
				all = append(all, Message(n))
			}
		}
	}
	for _, p := range r.Problems {
		if p.Severity > caller.Info {
			all = append(all, Message(p))
		}
	}
	if len(all) == 0 {
		return nil
	}
	if n := len(all); n > 5 {
		all = append(all[:5], fmt.Sprintf("and %d more", n-5))
	}
	return fmt.Errorf("%s", strings.Join(all, "; "))
}

// Message is a problem as people read it: place, what is wrong, hint.
func Message(p caller.Problem) string {
	s := Place(p.At) + ": " + p.Sentence
	if p.Detail != "" && p.Name != caller.OtherAccount.Name && p.Name != caller.OtherRegion.Name {
		s += " (" + p.Detail + ")"
	}
	s += "; hint: " + p.Hint
	if p.Name == caller.OtherAccount.Name || p.Name == caller.OtherRegion.Name {
		s += ": " + p.Detail
	}
	return s
}

// Place is a pointer as people read it: without the leading Resources, with dots.
func Place(p jsontext.Pointer) string {
	var words []string
	for token := range p.Tokens() {
		words = append(words, token)
	}
	if len(words) > 1 && words[0] == "Resources" {
		words = words[1:]
	}
	if len(words) == 0 {
		return "template"
	}
	return strings.Join(words, ".")
}
