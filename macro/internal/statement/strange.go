package statement

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// What is wrong with permissions for services other than API Gateway.

// unheard tells of a permission whose principal is nobody's that calls.
func (all Existing) unheard(r template.Resource, principal template.Text, env invoke.Environment) {
	name := strings.ToLower(ownPrincipal(principal, env))
	because, silent := env.Catalog().IsSilent(name)
	switch nearly := env.Catalog().Nearly(name); {
	case silent:
		all.Told[r.ID] = append(all.Told[r.ID], finding.Finding{Reason: neverCalls, At: r.Pointer(), Detail: name + ": " + because})
	case nearly != nil:
		all.Told[r.ID] = append(all.Told[r.ID], finding.Finding{Reason: wrongPrincipal, At: r.Pointer(), Detail: name + " is not " + nearly.Principal})
	}
}

// namesNoAccount reports whether a pattern is an ARN whose account is empty, as
// that of a bucket is.
func namesNoAccount(pattern string) bool {
	head, _, isARN := strings.Cut(pattern, HeadEnd)
	return isARN && strings.HasSuffix(head, ":")
}
