package template

import (
	"strconv"
	"strings"
)

// Embedded yields the JSON document that a value holds which may be an object
// or the text of one: the object itself, what Fn::ToJsonString makes text of, or
// what a string, an Fn::Sub or an Fn::Join puts together. In such a text every
// string with a reference becomes an expression of its own. A document that
// can't be read is yielded as the absent value. Branches of Fn::If are told
// apart by their guards.
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

// What encloses the number of a part that is no plain text, while the JSON
// around it is read: characters that nobody has a use for.
const (
	openPart  = "\ue000"
	closePart = "\ue001"
)

// document reads the text as JSON.
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

// restore appends the JSON of a value with the parts of the text in the places
// of their numbers; false where one stands in no string.
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

// restored is a string of the document with the parts of the text in it.
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
				p.Expr = Value{} // looked up already
			}
			out = Join(out, Text{p})
		}
		s = after
	}
}
