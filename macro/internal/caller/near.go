package caller

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

func isAPIType(typ string) bool { return apiTypes[typ] != AnyProtocol }

// nameAPI tells in the problem that an API is missing which one was named, and
// which may have been meant.
func (s *Scope) nameAPI(p *finding.Finding, a apiVariant) {
	if p == nil || p.Name != NoAPI.Name || p.Detail != "" {
		return
	}
	if id, lost := s.Dangling(a.Name); lost {
		p.Detail, p.Hint = id+" is not in the template", s.Meant(id, isAPIType)
	}
}
