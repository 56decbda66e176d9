package invoke

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

// An Origin is what makes calls: an API, or the resource of another service.
type Origin struct {
	ID     string        // its logical id, "" where it isn't in the template
	Name   template.Text // how its id is written
	Key    string        // equal for all spellings of the same one; of the template's own one a symbol, which no text equals
	Kind   string        // which of the service's kinds it is, such as "REST"; "" where there is one alone, or it isn't known
	When   template.Guard
	Stages []Stage // that the template declares, one for each name and condition of it, sorted by the name
	Trial  string  // the stage from which people try a call that no stage makes; "" where they can't
}

// A Stage is one from which an origin calls.
type Stage struct {
	Name template.Text
	When template.Guard // when it has that name; a condition of its own isn't among it
}

// Mark is what the ids of grants have of the origin: its logical id, or else its key.
func (o *Origin) Mark() string {
	if o.ID != "" {
		return o.ID
	}
	return o.Key
}
