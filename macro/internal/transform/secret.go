package transform

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// hide removes the values of NoEcho parameters from a failure's message, which is
// shown in the stack's events: more people may read these than the values. In a part
// of a template it isn't known which parameters have NoEcho, and all values are
// removed.
func (e Event) hide(message string) string {
	if e.template == nil {
		return message // it holds nothing of the event
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

// without returns a message with a value replaced by asterisks, as it is and as
// messages quote it. A value of up to three characters is replaced only where it is
// quoted, since it is part of many words.
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
