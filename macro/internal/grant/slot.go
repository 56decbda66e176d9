package grant

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A slot is a place for credentials that a role goes into. Several calls may
// share one: the routes of an integration, the functions of a stage variable.
type slot struct {
	at      jsontext.Pointer
	vacant  bool
	api     *invoke.Origin
	options option.Options
	calls   []int            // indexes of the decisions
	wants   bool             // one of the calls is to be allowed by a role
	when    []template.Guard // when the URI leads to a function
	role    string           // logical id of the role made for it; "" where one is given
}

// slots are those of a template, in the order in which calls were offered them.
type slots struct {
	byPlace map[invoke.Slot]*slot
	list    []*slot
}

// wanting are those that get a role.
func (all slots) wanting() []*slot {
	return slices.DeleteFunc(slices.Clone(all.list), func(s *slot) bool { return !s.wants })
}

// offer notes that a call may be allowed by the role in its slot.
func (all *slots) offer(index int, c *invoke.Call, o *option.Options, wants bool) {
	s := all.byPlace[c.Slot]
	if s == nil {
		s = &slot{at: c.Slot.Pointer(), vacant: c.Slot.Vacant(), api: c.Origin, options: *o}
		if all.byPlace == nil {
			all.byPlace = map[invoke.Slot]*slot{}
		}
		all.byPlace[c.Slot] = s
		all.list = append(all.list, s)
	}
	if wants && !s.wants {
		s.wants, s.options = true, *o
	}
	s.calls = append(s.calls, index)
	s.when = append(s.when, c.When)
}

// roles is how many roles there will be at most: one for each API.
func (all slots) roles() int {
	apis := map[string]bool{}
	for _, s := range all.wanting() {
		if s.options.RoleArn == "" {
			apis[s.api.Key] = true
		}
	}
	return len(apis)
}
