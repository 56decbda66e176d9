package cloudformation

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// request returns the id of the next request: a UUID in form, the same in every
// run of the same test.
func (d *deployment) request() string {
	d.requests++
	return fmt.Sprintf("c0f0a710-0000-4000-8000-%012d", d.requests)
}

// event builds the event of one macro call: exactly the seven fields, in the
// order of an event recorded on AWS in 2023. It does not say where in the
// template the call stands, nor the stack's name.
func (d *deployment) event(id, request string, parameters, fragment jsontext.Value) []byte {
	return object([]field{
		{"accountId", quote(d.account)},
		{"fragment", fragment},
		{"transformId", quote(id)},
		{"requestId", quote(request)},
		{"region", quote(d.region)},
		{"params", parameters},
		{"templateParameterValues", object(d.values)},
	})
}
