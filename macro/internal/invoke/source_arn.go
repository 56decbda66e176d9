package invoke

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Namespace is the service in the source ARNs, their third component: "execute-api".
func (o *Origins) Namespace() string { return strings.Trim(o.ARN[2].Text, ":") }

// SourceARN is the source ARN of the service's origin for what stands behind its id.
func (s *Service) SourceARN(o *Origin, tail template.Text) template.Text {
	return template.Join(s.Origins.ARN, o.Name, slash, tail)
}

var slash = template.Literal("/")
