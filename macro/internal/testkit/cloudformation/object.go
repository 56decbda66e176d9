package cloudformation

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A field is one member of a JSON object. Objects are taken apart one level at
// a time and put together again, so that order and number text survive as they
// do on AWS.
type field struct {
	name  string
	value jsontext.Value
}

// members returns the members of v, or nil if v isn't an object. v is valid JSON.
func members(v jsontext.Value) []field {
	if v.Kind() != '{' {
		return nil
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(v))
	d.ReadToken()
	var fields []field
	for d.PeekKind() != '}' {
		name, _ := d.ReadToken()
		f := field{name: name.String()}
		value, err := d.ReadValue()
		if err != nil {
			break
		}
		f.value = value.Clone()
		fields = append(fields, f)
	}
	return fields
}

// items returns the elements of v, or nil if v isn't an array.
func items(v jsontext.Value) []jsontext.Value {
	if v.Kind() != '[' {
		return nil
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(v))
	d.ReadToken()
	var elements []jsontext.Value
	for d.PeekKind() != ']' {
		value, err := d.ReadValue()
		if err != nil {
			break
		}
		elements = append(elements, value.Clone())
	}
	return elements
}

// member returns the value of a member, or nil.
func member(fields []field, name string) jsontext.Value {
	for _, f := range fields {
		if f.name == name {
			return f.value
		}
	}
	return nil
}

func without(fields []field, name string) []field {
	return slices.DeleteFunc(fields, func(f field) bool { return f.name == name })
}

func object(fields []field) jsontext.Value {
	v := jsontext.Value("{")
	for i, f := range fields {
		if i > 0 {
			v = append(v, ',')
		}
		v = append(append(v, quote(f.name)...), ':')
		v = append(v, f.value...)
	}
	return append(v, '}')
}

func array(elements []jsontext.Value) jsontext.Value {
	v := jsontext.Value("[")
	for i, e := range elements {
		if i > 0 {
			v = append(v, ',')
		}
		v = append(v, e...)
	}
	return append(v, ']')
}

func quote(s string) jsontext.Value {
	q, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		panic(err) // invalid UTF-8: not from a template, so from the test itself
	}
	return q
}

// text returns the value of a JSON string.
func text(v jsontext.Value) (string, bool) {
	if v.Kind() != '"' {
		return "", false
	}
	s, err := jsontext.AppendUnquote(nil, v)
	return string(s), err == nil
}

// same says whether two values, either of which may be absent, are equal but
// for the order of members.
func same(a, b jsontext.Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	a, b = a.Clone(), b.Clone()
	return a.Canonicalize() == nil && b.Canonicalize() == nil && bytes.Equal(a, b)
}
