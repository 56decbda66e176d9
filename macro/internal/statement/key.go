package statement

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
)

// Plain is the key of a function and its qualifier as people read it and as
// texts have it that are written into the template: a function of the template
// by its logical id.
func (d *View) Plain(key string) string {
	inner, ok := strings.CutPrefix(key, "\x01")
	id, behind, _ := strings.Cut(inner, "\x02")
	if r, found := d.Template.Resource(id); ok && found && function.Is(r.Type) {
		return id + behind
	}
	return key
}

// ComesIn reports whether a function comes into the template as a parameter or an
// import, or by another expression whose value only the deployment tells.
func ComesIn(t *function.Target) bool {
	return t.Function == "" && strings.Contains(strings.ReplaceAll(t.Key, "\x01AWS::", ""), "\x01")
}

// Unsure reports whether only the deployment tells which function a target is:
// its name comes from somewhere else.
func Unsure(t *function.Target) bool {
	return t.KnownID == "" && ComesIn(t)
}
