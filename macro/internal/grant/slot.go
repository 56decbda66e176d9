package grant

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Slot is a place for credentials that a role goes into. Several calls may
// share one: what one integration serves, the functions that a name may mean.
type Slot struct {
	At      jsontext.Pointer
	Vacant  bool
	Origin  *invoke.Origin
	Options option.Options
	Calls   []int            // indexes of the decisions
	wants   bool             // one of the calls is to be allowed by a role
	When    []template.Guard // when each of the calls is made
	Role    string           // logical id of the role made for it; "" where one is given
}

// Slots are those of a template, in the order in which calls were offered them.
type Slots struct {
	byPlace map[invoke.Slot]*Slot
	list    []*Slot
}

// Wanting are those that get a role.
func (all Slots) Wanting() []*Slot {
	return slices.DeleteFunc(slices.Clone(all.list), func(s *Slot) bool { return !s.wants })
}

// offer notes that a call may be allowed by the role in its slot.
func (all *Slots) offer(index int, c *invoke.Call, o *option.Options, wants bool) {
	s := all.byPlace[c.Slot]
	if s == nil {
		s = &Slot{At: c.Slot.Pointer(), Vacant: c.Slot.Vacant(), Origin: c.Origin, Options: *o}
		if all.byPlace == nil {
			all.byPlace = map[invoke.Slot]*Slot{}
		}
		all.byPlace[c.Slot] = s
		all.list = append(all.list, s)
	}
	if wants && !s.wants {
		s.wants, s.Options = true, *o
	}
	s.Calls = append(s.Calls, index)
	s.When = append(s.When, c.When)
}

// roles is how many roles there will be at most: one for each origin.
func (all Slots) roles() int {
	origins := map[string]bool{}
	for _, s := range all.Wanting() {
		if s.Options.RoleArn == "" {
			origins[s.Origin.Key] = true
		}
	}
	return len(origins)
}
