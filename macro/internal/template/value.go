package template

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is the JSON kind of a value.
type Kind uint8

// The kinds; the zero Kind is that of a value that isn't there.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// A Value is one JSON value of a template. The zero Value is absent; reading
// from an absent value gives absent values, so a path can be followed without
// a check at every step.
type Value struct {
	t *Template
	i int32
}

// Exists reports whether the value is in the document.
func (v Value) Exists() bool { return v.i != 0 }

// Template returns the document that the value is part of.
func (v Value) Template() *Template { return v.t }

// Kind returns the JSON kind, Absent for the zero Value.
func (v Value) Kind() Kind {
	if v.i == 0 {
		return Absent
	}
	return v.t.node(v.i).kind
}

// Text returns the text of a JSON string.
func (v Value) Text() (string, bool) {
	if v.Kind() != String {
		return "", false
	}
	n := v.t.node(v.i)
	return unquote(v.t.text[n.start:n.end], n.marks&escaped != 0), true
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
	if v.i == 0 {
		return ""
	}
	n := v.t.node(v.i)
	return v.t.text[n.start:n.end]
}

// Mentions reports whether one of the words may stand in the value, without
// reading it.
func (v Value) Mentions(words ...string) bool {
	text := v.Raw()
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return v.Exists() && v.t.spelled // a \u can be a part of any word
}

// Compact returns the value's JSON without the white space between tokens.
func (v Value) Compact() string { return compact(v.Raw()) }

// Get returns the member of an object, absent when there is none.
func (v Value) Get(name string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	if i := v.t.member(v.i, name); i != 0 {
		return Value{v.t, i}
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
		for i := v.t.firstChild(v.i); i != 0; i = v.t.node(i).next {
			if !yield(v.t.name(i), Value{v.t, i}) {
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
		for i := v.t.firstChild(v.i); i != 0; i = v.t.node(i).next {
			if !yield(Value{v.t, i}) {
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
	n := 0
	for i := v.t.firstChild(v.i); i != 0; i = v.t.node(i).next {
		n++
	}
	return n
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
	i := v.t.firstChild(v.i)
	if i == 0 || v.t.node(i).next != 0 {
		return "", Value{}, false
	}
	name = v.t.name(i)
	if name != "Ref" && name != "Condition" && !strings.HasPrefix(name, "Fn::") {
		return "", Value{}, false
	}
	return name, Value{v.t, i}, true
}

// Pointer returns the value's place in the document.
func (v Value) Pointer() jsontext.Pointer {
	if v.i == 0 || v.i == v.t.root {
		return ""
	}
	var up [24]int32
	path := up[:0]
	for i := v.i; i != v.t.root; i = v.t.node(i).parent {
		path = append(path, i)
	}
	b := make([]byte, 0, 96)
	for _, i := range slices.Backward(path) {
		b = v.t.appendToken(append(b, '/'), i)
	}
	return jsontext.Pointer(b)
}

// appendToken appends the name or index of node i, escaped as RFC 6901 has it.
func (t *Template) appendToken(b []byte, i int32) []byte {
	n := t.node(i)
	if n.key == 0 {
		at := 0
		for c := n.parent + 1; c != i; c = t.node(c).next {
			at++
		}
		return strconv.AppendInt(b, int64(at), 10)
	}
	for _, c := range []byte(t.name(i)) {
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
