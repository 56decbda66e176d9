package emit

import (
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A shape is the JSON of a resource with blanks in it. goformation's types
// build it, so that members are spelled and ordered as CloudFormation has
// them; their fields are Go strings, so expressions are filled in afterwards.
// Every second piece is a blank's name.
type shape []string

const mark = "\x01"

// blank is the string that stands for an expression.
func blank(name string) string { return mark + name + mark }

func ptr(s string) *string { return &s }

func newShape(resource any) shape {
	b, err := json.Marshal(resource)
	if err != nil {
		panic(err) // goformation's structs hold strings and maps of them
	}
	pieces := strings.Split(string(b), `\u0001`)
	for i := 1; i < len(pieces); i += 2 { // the quotes belong to the blank
		pieces[i-1] = strings.TrimSuffix(pieces[i-1], `"`)
		pieces[i+1] = strings.TrimPrefix(pieces[i+1], `"`)
	}
	return pieces
}

// fill returns the resource with what is appended for each blank.
func (s shape) fill(appendBlank func(b []byte, name string) []byte) jsontext.Value {
	return s.append(make([]byte, 0, 512), appendBlank)
}

// append is fill into a buffer.
func (s shape) append(b []byte, appendBlank func(b []byte, name string) []byte) []byte {
	for i, piece := range s {
		if i%2 == 1 {
			b = appendBlank(b, piece)
		} else {
			b = append(b, piece...)
		}
	}
	return b
}
