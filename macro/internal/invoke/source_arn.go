package invoke

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Namespace is the third component of the source ARNs: "execute-api".
func (o *Origins) Namespace() string { return strings.Trim(o.ARN[2].Text, ":") }

// SourceARN is the source ARN of an origin of the service with a tail.
func (s *Service) SourceARN(o *Origin, tail template.Text) template.Text {
	return template.Join(s.Origins.ARN, o.Name, slash, tail)
}

var slash = template.Literal("/")
