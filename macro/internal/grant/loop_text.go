package grant

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// substitute writes references with the loop's value in them by Fn::Sub, which
// is where ${X} is replaced for sure. A name with &{X} can't stand within ${…},
// whose brace it would close: there it becomes a variable of the Fn::Sub.
func (l loop) substitute(value string) string {
	value = regexp.MustCompile(`\{"Fn::GetAtt":\["([^"]*`+l.marker+`[^"]*)","([^"]*)"\]\}`).ReplaceAllString(value, `{"Fn::Sub":"$${$1.$2}"}`)
	value = regexp.MustCompile(`\{"Ref":"([^"]*`+l.marker+`[^"]*)"\}`).ReplaceAllString(value, `{"Fn::Sub":"$${$1}"}`)
	if !strings.Contains(value, l.amp) {
		return value
	}
	const text = `"(?:[^"\\]|\\.)*"`
	value = regexp.MustCompile(`\{"Fn::Sub":`+text+`\}`).ReplaceAllStringFunc(value, func(sub string) string {
		inner := sub[len(`{"Fn::Sub":`) : len(sub)-1]
		out, vars := l.variables(inner)
		if vars == "" {
			return sub
		}
		return `{"Fn::Sub":[` + out + `,{` + vars + `}]}`
	})
	return regexp.MustCompile(`\{"Fn::Sub":\[`+text+`,\{"V`).ReplaceAllStringFunc(value, func(sub string) string {
		inner := strings.TrimSuffix(sub[len(`{"Fn::Sub":[`):], `,{"V`)
		out, vars := l.variables(inner)
		if vars == "" {
			return sub
		}
		return `{"Fn::Sub":[` + out + `,{` + vars + `,"V`
	})
}

// variables takes the references with &{X} out of the text of an Fn::Sub, which
// is JSON: what is left of it, and the members for its map.
func (l loop) variables(text string) (out, vars string) {
	n := 0
	out = regexp.MustCompile(`\$\{[^{}!"]*`+l.amp+`[^{}"]*\}`).ReplaceAllStringFunc(text, func(ref string) string {
		n++
		name := "Loop" + strconv.Itoa(n)
		id, attribute, isAtt := strings.Cut(ref[2:len(ref)-1], ".")
		x := template.RefTo(id)
		if isAtt {
			x = template.AttOf(id, attribute)
		}
		if vars != "" {
			vars += ","
		}
		vars += `"` + name + `":` + x.JSON()
		return "${" + name + "}"
	})
	return out, vars
}
