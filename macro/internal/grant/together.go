package grant

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// together is the source ARN that matches all of a pattern: the service's own
// wide one, ending in the folder that all names share, which is what stands
// before a slash of each.
func (doc *Fitting) together(p policy.Pattern) template.Text {
	wide := doc.Exact[p.Routes[0]].Call.Source.ARN.Wide
	base, starred := wide.TrimSuffix("*")
	folder := ""
	for n, i := range p.Routes {
		name, ok := literalBehind(doc.Exact[i].Tail, base)
		name = name[:strings.LastIndexByte(name, '/')+1]
		if n == 0 {
			folder = name
		}
		for !strings.HasPrefix(name, folder) {
			folder = folder[:strings.LastIndexByte(strings.TrimSuffix(folder, "/"), '/')+1]
		}
		if !ok || !starred || folder == "" {
			return wide
		}
	}
	return template.Join(base, template.Literal(folder+"*"))
}

// literalBehind is the literal text that follows a text at once.
func literalBehind(x, base template.Text) (string, bool) {
	n := len(base) - 1
	if n < 0 || len(x) <= n || base[n].Kind != template.Lit || x[n].Kind != template.Lit || x[:n].Key() != base[:n].Key() {
		return "", false
	}
	return strings.CutPrefix(x[n].Text, base[n].Text)
}
