package caller

import "github.com/grantinvoke/grantinvoke/macro/internal/finding"

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
func (s *Scope) nameAPI(p *Problem, a apiVariant) {
	if p == nil || p.Name != NoAPI.Name || p.Detail != "" {
		return
	}
	if id, lost := s.dangling(a.Name); lost {
		p.Detail, p.Hint = id+" is not in the template", s.meant(id, isAPIType)
	}
}
