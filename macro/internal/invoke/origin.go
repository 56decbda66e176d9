package invoke

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

// An Origin is what makes calls: an API, or the resource of another service.
type Origin struct {
	ID     string         // its logical id; "" where it isn't in the template
	Name   template.Text  // its id as the source ARN has it
	Key    string         // equal for all spellings of the same origin; of one in the template a symbol, which no text equals
	Kind   string         // which kind of API it is, such as "REST"; "" for other services, or where it isn't known
	When   template.Guard // the resource's condition
	Stages []Stage        // that the template declares, one for each name and condition of it, sorted by the name
	Trial  string         // the stage of calls that people make by hand, outside of any stage: "test-invoke-stage"; "" where there is none
}

// A Stage is one from which an origin calls.
type Stage struct {
	Name template.Text
	When template.Guard // when it has that name, without the condition of its resource
}

// Mark is what the logical ids of grants are made of: the origin's logical id, or
// else its key.
func (o *Origin) Mark() string {
	if o.ID != "" {
		return o.ID
	}
	return o.Key
}
