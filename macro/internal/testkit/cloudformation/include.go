package cloudformation

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Include returns the hosted transform AWS::Include over the given source of snippets: the
// members of the snippet (JSON) at the Location parameter are added to the object with the
// call. A member of the snippet replaces the author's member of that name, as recorded on
// AWS.
func Include(snippet func(location string) ([]byte, error)) Macro {
	return func(event []byte) ([]byte, error) {
		e := members(event)
		location, ok := text(member(members(member(e, "params")), "Location"))
		if !ok {
			return failure(e, "the Location parameter is missing"), nil
		}
		content, err := snippet(location)
		if err != nil {
			return failure(e, err.Error()), nil
		}
		included := jsontext.Value(content)
		if !included.IsValid() || included.Kind() != '{' {
			return failure(e, fmt.Sprintf("the snippet at %s is not a JSON object", location)), nil
		}
		fragment := members(member(e, "fragment"))
		for _, f := range members(included) {
			fragment = append(without(fragment, f.name), f)
		}
		return object([]field{
			{"requestId", member(e, "requestId")},
			{"status", quote("success")},
			{"fragment", object(fragment)},
		}), nil
	}
}

func failure(event []field, message string) []byte {
	return object([]field{
		{"requestId", member(event, "requestId")},
		{"status", quote("failure")},
		{"errorMessage", quote(message)},
	})
}
