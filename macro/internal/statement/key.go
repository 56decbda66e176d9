package statement

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
)

// Plain is the key of a function and qualifier for people, and for texts that are
// written into the template: a function of the template is its logical id.
func (v *View) Plain(key string) string {
	inner, ok := strings.CutPrefix(key, "\x01")
	id, qualifier, _ := strings.Cut(inner, "\x02")
	if r, found := v.Template.Resource(id); ok && found && function.Is(r.Type) {
		return id + qualifier
	}
	return key
}

// ComesIn reports whether a function is named by a parameter or an import, or by
// another expression whose value is known only at deployment.
func ComesIn(t *function.Target) bool {
	return t.Function == "" && strings.Contains(strings.ReplaceAll(t.Key, "\x01AWS::", ""), "\x01")
}

// Unsure reports whether it is known only at deployment which function a target is.
func Unsure(t *function.Target) bool {
	return t.KnownID == "" && ComesIn(t)
}
