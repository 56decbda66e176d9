package emit

import (
	"encoding/json"
	"strings"
)

// A shape is the JSON of a resource with blanks in it, in their order. goformation's types
// build it, so that members are spelled and ordered as CloudFormation has them; since
// their fields are Go strings, expressions are filled in afterwards. The last element
// is the end, and has no blank.
type shape []piece

// A piece is a blank with the JSON before it.
type piece struct {
	before string // what precedes the member
	member string // the comma and the member's name
	blank  string // the name of the blank
}

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
	texts := strings.Split(string(b), `\u0001`)
	var s shape
	for i := 1; i < len(texts); i += 2 { // quotes and brackets belong to the blank
		before, inList := strings.CutSuffix(texts[i-1], `["`)
		before, after := strings.TrimSuffix(before, `"`), strings.TrimPrefix(texts[i+1], `"`)
		if inList {
			after = strings.TrimPrefix(after, "]")
		}
		comma := max(0, strings.LastIndexByte(before, ','))
		s, texts[i+1] = append(s, piece{before[:comma], before[comma:], texts[i]}), after
	}
	return append(s, piece{before: texts[len(texts)-1]})
}

// append appends the resource. fill appends the value of a blank as JSON; has is false
// where the resource doesn't have the member, which can't be the first of its object.
func (s shape) append(b []byte, fill func(b []byte, name string) (filled []byte, has bool)) []byte {
	last := len(s) - 1
	for i := range s[:last] {
		p := &s[i]
		b = append(b, p.before...)
		if filled, has := fill(append(b, p.member...), p.blank); has {
			b = filled
		}
	}
	return append(b, s[last].before...)
}
