package emit

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A shape is the JSON of a resource with blanks in it: every second element is the name
// of a blank. goformation's types build it, so that members are spelled and ordered as
// CloudFormation has them; since their fields are Go strings, expressions are filled in
// afterwards.
type shape []string

const mark = "\x01"

// blank is the string that stands for an expression.
func blank(name string) string { return mark + name + mark }

func ptr(s string) *string { return &s }

// newShape returns the shape of a goformation resource with blanks in its fields.
func newShape(resource any) shape {
	b, err := json.Marshal(resource)
	if err != nil {
		panic(err) // impossible: goformation's structs are of strings, lists and maps
	}
	pieces := strings.Split(string(b), `\u0001`)
	for i := 1; i < len(pieces); i += 2 { // quotes and brackets belong to the blank
		before, inList := strings.CutSuffix(pieces[i-1], `["`)
		pieces[i-1], pieces[i+1] = strings.TrimSuffix(before, `"`), strings.TrimPrefix(pieces[i+1], `"`)
		if inList {
			pieces[i+1] = strings.TrimPrefix(pieces[i+1], "]")
		}
	}
	return pieces
}

// append appends the resource. fill appends the value of a blank as JSON; has is false
// where the resource doesn't have the member, which can't be the first of its object.
func (s shape) append(b []byte, fill func(b []byte, name string) (filled []byte, has bool)) []byte {
	for i := 0; i < len(s); i += 2 {
		b = append(b, s[i]...)
		if i+1 == len(s) {
			break
		}
		filled, has := fill(b, s[i+1])
		if has {
			b = filled
		} else {
			b = b[:bytes.LastIndexByte(b, ',')] // the member's name goes too
		}
	}
	return b
}
