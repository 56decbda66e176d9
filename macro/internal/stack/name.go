package stack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// IsParameter reports whether a name is a parameter or a pseudo parameter.
func (s *Stack) IsParameter(name string) bool {
	return strings.HasPrefix(name, "AWS::") || s.t.Section("Parameters").Get(name).Exists()
}

// Dangling returns the first name in a text that is neither a resource nor a
// parameter of the template, nor a resource that SAM or a loop may make.
func (s *Stack) Dangling(x template.Text) (id string, found bool) {
	if s.Partial {
		return "", false
	}
	for name := range x.Names {
		id, _, _ := strings.Cut(name, ".")
		if _, ok := s.t.Resource(id); !ok && !s.IsParameter(id) && !s.MadeBySAM(id) && !s.Looped() {
			return id, true
		}
	}
	return "", false
}

// maxID is how long a logical id may be.
const maxID = 255

// MadeBySAM reports whether SAM may make a resource of that id: an implicit API,
// or one whose id begins with that of a resource of SAM's types
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
func (s *Stack) MadeBySAM(id string) bool {
	if strings.HasPrefix(id, "Serverless") {
		for typ, k := range s.byType {
			if k.count > 0 && sam.Is(typ) {
				return true
			}
		}
		return false
	}
	for n := range min(len(id), maxID) {
		if r, ok := s.t.Resource(id[:n]); ok && sam.Is(r.Type) {
			return true
		}
	}
	return sam.Is(s.TypeOf(id))
}

// Looped reports whether a loop (Fn::ForEach) may make resources that the template
// doesn't show.
func (s *Stack) Looped() bool {
	if s.loops == 0 {
		s.loops = -1
		for name := range s.t.Section("Resources").Members() {
			if strings.HasPrefix(name, "Fn::ForEach::") {
				s.loops = 1
				break
			}
		}
	}
	return s.loops > 0
}

// TextIsID returns the logical id that a literal text equals, of a resource whose
// type fits. The text is no reference to that resource.
func (s *Stack) TextIsID(x template.Text, fits func(typ string) bool) (string, bool) {
	if len(x) != 1 || x[0].Kind != template.Lit {
		return "", false
	}
	r, ok := s.t.Resource(x[0].Text)
	return r.ID, ok && fits(r.Type)
}

// maxGuesses is for how many references Meant looks for the nearest name: each is
// compared with every name of the template.
const maxGuesses = 100

// Meant returns a hint that names the resource or parameter that a dangling
// reference most likely meant; "" where none is near. fits tells which resource
// types are possible.
func (s *Stack) Meant(id string, fits func(typ string) bool) string {
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
	slices.Sort(names) // so that the order of the template decides nothing
	return finding.Meant(id, names, "")
}

// Unresolved is the reason of a dangling reference that is no function's name.
var Unresolved = finding.Reason{Name: "unresolved-reference", Severity: finding.Fault,
	Sentence: "the template has no resource or parameter of the name, so that CloudFormation refuses it",
	Hint:     "correct the reference"}

// UnresolvedIn returns a finding for each name that the properties of a resource
// refer to and the template doesn't have.
func (s *Stack) UnresolvedIn(r template.Resource) []finding.Finding {
	if s.Partial || s.Looped() {
		return nil
	}
	var out []finding.Finding
	seen := map[string]bool{"stageVariables": true} // which has a reason of its own
	for ref := range r.Properties().References() {
		if _, ok := s.t.Resource(ref.ID); ok || seen[ref.ID] || s.IsParameter(ref.ID) || s.MadeBySAM(ref.ID) {
			continue
		}
		seen[ref.ID] = true
		out = append(out, finding.Finding{Reason: Unresolved, At: property(ref.Place.Pointer()), Detail: ref.ID, Hint: s.Meant(ref.ID, func(string) bool { return true }), About: ref.ID})
	}
	return out
}

// property returns the pointer to the whole expression that a reference is in: it
// cuts Ref, Fn::… and the indexes of their arguments off the end.
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
