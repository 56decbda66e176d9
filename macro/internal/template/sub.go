package template

import (
	"slices"
	"strconv"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
)

// AppendSub appends an Fn::Sub of the texts, one after the other, as compact JSON.
func AppendSub(b []byte, texts ...Text) []byte {
	start := len(b)
	b = append(b, `{"Fn::Sub":"`...)
	for _, x := range texts {
		for i := range x {
			p := &x[i]
			if !jsonindex.IsPlain(p.Text) || p.Expr.Exists() || p.Kind == Opaque {
				return appendSub(b[:start], texts)
			}
			if p.Kind == Lit {
				if strings.Contains(p.Text, "${") {
					return appendSub(b[:start], texts)
				}
				b = append(b, p.Text...)
			} else {
				b = append(append(append(b, "${"...), p.Text...), '}')
			}
		}
	}
	return append(b, SubEnd...)
}

// SubEnd is the end of an Fn::Sub without variables.
const SubEnd = `"}`

// SubStart returns what AppendSub appends for the texts, without its end, so that text may
// follow that needs no escapes; "" where it has variables.
func SubStart(texts ...Text) string {
	start, ok := strings.CutSuffix(string(AppendSub(nil, texts...)), SubEnd)
	if !ok || !strings.HasPrefix(start, `{"Fn::Sub":"`) {
		return ""
	}
	return start
}

// appendSub is AppendSub for texts that need escapes or variables.
func appendSub(b []byte, texts []Text) []byte {
	w := subWriter{texts: slices.Clone(texts)} // so that the caller's slice needn't be on the heap
	for _, x := range texts {
		for _, p := range x {
			w.part(p)
		}
	}
	b = append(b, `{"Fn::Sub":`...)
	if len(w.vars) == 0 {
		return append(AppendQuote(b, string(w.text)), '}')
	}
	b = append(AppendQuote(append(b, '['), string(w.text)), ",{"...)
	return append(append(b, w.vars...), "}]}"...)
}

// A subWriter puts together the text of an Fn::Sub and its variables.
type subWriter struct {
	text, vars []byte
	n          int    // number of the last variable
	texts      []Text // all texts: their references aren't names for variables
}

func (w *subWriter) part(p Part) {
	switch {
	case p.Expr.Exists():
		w.variable(p.Expr.Compact())
	case p.Kind == Lit:
		w.literal(p.Text)
	default:
		w.text = append(append(append(w.text, "${"...), p.Text...), '}')
	}
}

// variable adds a variable with the JSON as its value, by a name that nothing
// in the texts refers to.
func (w *subWriter) variable(json string) {
	w.n++
	for w.refers("V" + strconv.Itoa(w.n)) {
		w.n++
	}
	if len(w.vars) > 0 {
		w.vars = append(w.vars, ',')
	}
	name := "V" + strconv.Itoa(w.n)
	w.text = append(append(append(w.text, "${"...), name...), '}')
	w.vars = append(append(append(append(w.vars, '"'), name...), `":`...), json...)
}

func (w *subWriter) refers(name string) bool {
	for _, x := range w.texts {
		for _, p := range x {
			if p.Kind == Ref && p.Text == name {
				return true
			}
		}
	}
	return false
}

// literal writes text, with ${…} as ${!…}. Where the brace isn't closed, that would
// include what follows: the dollar becomes a variable.
func (w *subWriter) literal(s string) {
	for {
		before, rest, found := strings.Cut(s, "${")
		w.text = append(w.text, before...)
		if !found {
			return
		}
		inner, after, closed := strings.Cut(rest, "}")
		if closed && !strings.Contains(inner, "${") {
			w.text = append(append(append(w.text, "${!"...), inner...), '}')
			s = after
			continue
		}
		w.variable(`"$"`)
		w.text = append(w.text, '{')
		s = rest
	}
}
