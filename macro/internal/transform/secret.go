package transform

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// hide takes the values of NoEcho parameters out of a failure's message: it
// stands in the stack's events, which more people may read than the values. In
// a part of a template nobody can say which parameters have NoEcho, and none
// of the values is told.
func (e Event) hide(message string) string {
	if e.template == nil {
		return message // what was read of the event is in no message
	}
	declared := e.template.Section("Parameters")
	whole := e.template.Root().Get("Resources").Exists()
	var values []string
	for name, value := range e.Parameters {
		if !whole || noEcho(declared.Get(name)) {
			values = append(append(values, value), strings.Split(value, ",")...)
		}
	}
	// the longest first: a value may hold another
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for _, v := range values {
		message = without(message, v)
	}
	return message
}

func noEcho(parameter template.Value) bool {
	s, _ := parameter.Get("NoEcho").Scalar()
	return strings.EqualFold(s, "true")
}

// without hides a value, as it is and as messages quote it. One of up to three
// characters is hidden only where it is quoted: it is a part of many words.
func without(message, value string) string {
	if value == "" {
		return message
	}
	quoted := strconv.Quote(value)
	message = strings.ReplaceAll(message, quoted, `"****"`)
	if len(value) < 4 {
		return message
	}
	message = strings.ReplaceAll(message, quoted[1:len(quoted)-1], "****")
	return strings.ReplaceAll(message, value, "****")
}
