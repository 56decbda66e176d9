package caller

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// maxGuesses is for how many references the nearest name is looked for: each is
// held against every name of the template.
const maxGuesses = 100

// meant is the hint which resource or parameter a reference that leads nowhere
// may have meant; "" where none is near. fits says whether a resource type is
// one that could be meant.
func (s *Scope) meant(id string, fits func(typ string) bool) string {
	if s.guesses++; s.guesses > maxGuesses {
		return ""
	}
	var names []string
	for _, r := range s.t.Resources() {
		if fits(r.Type) {
			names = append(names, r.ID)
		}
	}
	for name := range s.t.Section("Parameters").Members() {
		names = append(names, name)
	}
	return finding.Meant(id, names, "")
}

// isFunctionType reports whether a reference to a resource can name a function.
func isFunctionType(typ string) bool {
	return IsFunction(typ) || typ == "AWS::Lambda::Alias" || typ == "AWS::Lambda::Version"
}

func isAPIType(typ string) bool { return apiTypes[typ] != AnyProtocol }

// nameAPI tells in the problem that an API is missing which one was named, and
// which may have been meant.
func (s *Scope) nameAPI(p *finding.Finding, a apiVariant) {
	if p == nil || p.Name != NoAPI.Name || p.Detail != "" {
		return
	}
	if id, lost := s.dangling(a.Name); lost {
		p.Detail, p.Hint = id+" is not in the template", s.meant(id, isAPIType)
	}
}

// Unresolved is the reason of a reference that leads nowhere.
var Unresolved = finding.Reason{Name: "unresolved-reference", Severity: finding.Fault,
	Sentence: "the template has no resource or parameter of the name, so that CloudFormation refuses it",
	Hint:     "correct the reference"}

// UnresolvedIn returns the references of a resource that lead nowhere, each
// name once, with what may have been meant.
func (s *Scope) UnresolvedIn(r template.Resource) []finding.Finding {
	if s.env.Partial || s.looped() {
		return nil
	}
	var out []finding.Finding
	seen := map[string]bool{"stageVariables": true} // of which there is a reason of its own
	for ref := range r.Properties().References() {
		if _, ok := s.t.Resource(ref.ID); ok || seen[ref.ID] || s.isParameter(ref.ID) || s.samMade(ref.ID) {
			continue
		}
		seen[ref.ID] = true
		out = append(out, finding.Finding{Reason: Unresolved, At: property(ref.Place.Pointer()), Detail: ref.ID, Hint: s.meant(ref.ID, func(string) bool { return true })})
	}
	return out
}

// property is where an expression stands: the place of a name in it without the
// function's own words.
func property(p jsontext.Pointer) jsontext.Pointer {
	for {
		last := p.LastToken()
		_, err := strconv.Atoi(last)
		if last != "Ref" && !strings.HasPrefix(last, "Fn::") && (err != nil || !strings.HasPrefix(p.Parent().LastToken(), "Fn::")) {
			return p
		}
		p = p.Parent()
	}
}
