package template

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
)

// Kind is the JSON type of a value.
type Kind = jsonindex.Kind

// The kinds. Absent, the zero Kind, is that of a value that isn't there.
const (
	Absent = jsonindex.Absent
	Null   = jsonindex.Null
	Bool   = jsonindex.Bool
	Number = jsonindex.Number
	String = jsonindex.String
	Array  = jsonindex.Array
	Object = jsonindex.Object
)

// A Value is one JSON value of a template. The zero Value is absent; reading
// from an absent value gives absent values, so a path can be followed without
// a check at every step.
type Value struct {
	t *Template
	n jsonindex.Node
}

// Exists reports whether the value is in the document.
func (v Value) Exists() bool { return v.n != 0 }

// Template returns the document that the value is part of.
func (v Value) Template() *Template { return v.t }

// Kind returns the JSON kind, Absent for the zero Value.
func (v Value) Kind() Kind {
	if v.n == 0 {
		return Absent
	}
	return v.t.index.Kind(v.n)
}

// Text returns the text of a JSON string.
func (v Value) Text() (string, bool) {
	if v.Kind() != String {
		return "", false
	}
	return v.t.index.Text(v.n), true
}

// Scalar returns the text of a string, number or boolean, as CloudFormation
// turns each of them into a string where one is wanted.
func (v Value) Scalar() (string, bool) {
	switch v.Kind() {
	case String:
		return v.Text()
	case Number, Bool:
		return v.Raw(), true
	}
	return "", false
}

// Raw returns the value's own bytes.
func (v Value) Raw() string {
	if v.n == 0 {
		return ""
	}
	return v.t.index.Raw(v.n)
}

// Mentions reports whether one of the words may occur in the value: a quick search of
// its bytes, without reading it. If it reports false, none does.
func (v Value) Mentions(words ...string) bool {
	text := v.Raw()
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return v.Exists() && v.t.index.HasEscapes() // a \u… may be part of any word
}

// Compact returns the value's JSON without the white space between tokens.
func (v Value) Compact() string { return jsonindex.Compact(v.Raw()) }

// Get returns the member of an object, absent when there is none.
func (v Value) Get(name string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	if n := v.t.index.Member(v.n, name); n != 0 {
		return Value{v.t, n}
	}
	return Value{}
}

// Path follows member names from object to object.
func (v Value) Path(names ...string) Value {
	for _, n := range names {
		v = v.Get(n)
	}
	return v
}

// Members ranges over an object's members in document order; over nothing
// where the value isn't an object.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != Object {
			return
		}
		for n := v.t.index.First(v.n); n != 0; n = v.t.index.Next(n) {
			if !yield(v.t.index.Name(n), Value{v.t, n}) {
				return
			}
		}
	}
}

// Items ranges over an array's elements; over nothing where the value isn't an array.
func (v Value) Items() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		for n := v.t.index.First(v.n); n != 0; n = v.t.index.Next(n) {
			if !yield(Value{v.t, n}) {
				return
			}
		}
	}
}

// Len counts the members of an object or the elements of an array.
func (v Value) Len() int {
	if k := v.Kind(); k != Object && k != Array {
		return 0
	}
	count := 0
	for n := v.t.index.First(v.n); n != 0; n = v.t.index.Next(n) {
		count++
	}
	return count
}

// Item returns the array's element at index i, absent when there is none.
func (v Value) Item(i int) Value {
	for x := range v.Items() {
		if i == 0 {
			return x
		}
		i--
	}
	return Value{}
}

func (v Value) item(token string) Value {
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 {
		return Value{}
	}
	return v.Item(i)
}

// Intrinsic returns the single member of an object that looks like a function
// call: {"Ref": …}, {"Condition": …} or {"Fn::…": …}.
func (v Value) Intrinsic() (name string, arg Value, ok bool) {
	if v.Kind() != Object {
		return "", Value{}, false
	}
	n := v.t.index.First(v.n)
	if n == 0 || v.t.index.Next(n) != 0 {
		return "", Value{}, false
	}
	name = v.t.index.Name(n)
	if name != "Ref" && name != "Condition" && !strings.HasPrefix(name, "Fn::") {
		return "", Value{}, false
	}
	return name, Value{v.t, n}, true
}

// Pointer returns the value's place in the document.
func (v Value) Pointer() jsontext.Pointer {
	if v.n == 0 || v.n == v.t.root {
		return ""
	}
	var up [24]jsonindex.Node
	path := up[:0]
	for n := v.n; n != v.t.root; n = v.t.index.Parent(n) {
		path = append(path, n)
	}
	b := make([]byte, 0, 96)
	for _, n := range slices.Backward(path) {
		b = v.t.appendToken(append(b, '/'), n)
	}
	return jsontext.Pointer(b)
}

// appendToken appends the name or index of a value, escaped as RFC 6901 has it.
func (t *Template) appendToken(b []byte, n jsonindex.Node) []byte {
	if parent := t.index.Parent(n); t.index.Kind(parent) == Array {
		at := 0
		for c := t.index.First(parent); c != n; c = t.index.Next(c) {
			at++
		}
		return strconv.AppendInt(b, int64(at), 10)
	}
	for _, c := range []byte(t.index.Name(n)) {
		switch c {
		case '~':
			b = append(b, "~0"...)
		case '/':
			b = append(b, "~1"...)
		default:
			b = append(b, c)
		}
	}
	return b
}

// Quote returns s as a JSON string. Bytes that are no UTF-8 become U+FFFD.
func Quote(s string) string { return jsonindex.Quote(s) }

// AppendQuote appends s as a JSON string to b.
func AppendQuote(b []byte, s string) []byte { return jsonindex.AppendQuote(b, s) }

// isAttribute reports whether the list in an Fn::GetAtt is a logical id followed by
// what names an attribute, which may be an expression.
func (v Value) isAttribute() bool {
	if _, isText := v.Item(0).Text(); !isText {
		return false
	}
	for i := 1; i < v.Len(); i++ {
		if _, isText := v.Item(i).Scalar(); !isText && !v.Item(i).IsExpression() {
			return false
		}
	}
	return true
}

// IsExpression reports whether a value is a call of a function of CloudFormation: an
// object with Ref or Fn::… as its only member, with as many arguments as that takes.
func (v Value) IsExpression() bool {
	fn, arg, ok := v.Intrinsic()
	text, isText := arg.Text()
	between := func(least, most int) bool { return arg.Kind() == Array && arg.Len() >= least && arg.Len() <= most }
	switch {
	case !ok || fn == "Condition":
		return false
	case fn == "Ref":
		return isText
	case fn == "Fn::GetAtt":
		return isText && strings.Contains(text, ".") || between(2, math.MaxInt) && arg.isAttribute()
	case fn == "Fn::Sub":
		return isText || between(2, 2)
	case fn == "Fn::Join", fn == "Fn::Select", fn == "Fn::Split":
		return between(2, 2)
	case fn == "Fn::FindInMap":
		return between(3, 4)
	case fn == "Fn::If":
		return between(3, 3)
	}
	return true
}
