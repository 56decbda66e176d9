package template

import (
	"strconv"
	"strings"
)

// Embedded yields the JSON document in a value that may be an object or the text of
// one, with a guard for each branch of an Fn::If: the object itself, the argument of
// Fn::ToJsonString, or the text that a string, an Fn::Sub or an Fn::Join makes. In
// such a text every string with a reference becomes an expression of its own. A
// document that can't be read is yielded as the absent value.
func (v Value) Embedded(yield func(Guard, Value) bool) {
	for when, x := range v.Branches {
		fn, arg, isCall := x.Intrinsic()
		if x.Kind() == Object && !isCall {
			if !yield(when, x) {
				return
			}
			continue
		}
		if fn == "Fn::ToJsonString" {
			if !yield(when, arg) {
				return
			}
			continue
		}
		for _, text := range x.Variants() {
			both, possible := when.And(text.When)
			if !possible {
				continue
			}
			doc, _ := text.Text.document()
			if !yield(both, doc) {
				return
			}
		}
	}
}

// The characters around the number of a part that isn't plain text, while the JSON
// around it is read. They are of private use, and a text that has them isn't read.
const (
	openPart  = "\ue000"
	closePart = "\ue001"
)

// document reads the text as a JSON object; false where it is none.
func (x Text) document() (Value, bool) {
	var b strings.Builder
	for i, p := range x {
		switch {
		case strings.Contains(p.Text, openPart) || strings.Contains(p.Text, closePart):
			return Value{}, false
		case p.Kind == Lit && !p.Expr.Exists():
			b.WriteString(p.Text)
		default:
			b.WriteString(openPart + strconv.Itoa(i) + closePart)
		}
	}
	t, err := Parse([]byte(b.String()))
	if err != nil || t.Root().Kind() != Object {
		return Value{}, false
	}
	if !strings.Contains(b.String(), openPart) {
		return t.Root(), true
	}
	out, ok := x.restore(nil, t.Root())
	return Index(out).Root(), ok
}

// restore appends the JSON of a value with the parts of the text in place of their
// numbers; false where one isn't in a string.
func (x Text) restore(b []byte, v Value) (out []byte, ok bool) {
	switch v.Kind() {
	case Object:
		b = append(b, '{')
		first := true
		for name, m := range v.Members() {
			if strings.Contains(name, openPart) {
				return nil, false
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			if b, ok = x.restore(append(AppendQuote(b, name), ':'), m); !ok {
				return nil, false
			}
		}
		return append(b, '}'), true
	case Array:
		b = append(b, '[')
		first := true
		for m := range v.Items() {
			if !first {
				b = append(b, ',')
			}
			first = false
			if b, ok = x.restore(b, m); !ok {
				return nil, false
			}
		}
		return append(b, ']'), true
	case String:
		s, _ := v.Text()
		return x.restored(s).AppendJSON(b), true
	}
	return append(b, v.Raw()...), true
}

// restored returns a string of the document with the parts of the text in place of
// their numbers.
func (x Text) restored(s string) Text {
	var out Text
	for {
		before, rest, found := strings.Cut(s, openPart)
		out = Join(out, Literal(before))
		if !found {
			return out
		}
		number, after, _ := strings.Cut(rest, closePart)
		if i, err := strconv.Atoi(number); err == nil && i < len(x) {
			p := x[i]
			if p.Kind == Lit {
				p.Expr = Value{} // it was looked up in Mappings
			}
			out = Join(out, Text{p})
		}
		s = after
	}
}
