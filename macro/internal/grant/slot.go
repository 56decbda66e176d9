package grant

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Slot is an [invoke.Slot] into which the ARN of a role may be written. Several calls
// may share one: one integration serves several routes, and may name one of several
// functions.
type Slot struct {
	At      jsontext.Pointer // of the credentials
	Vacant  bool             // a value is there already, which is replaced
	Origin  *invoke.Origin
	Options option.Options
	Calls   []int            // indexes of the decisions
	wants   bool             // one of the calls is to be allowed by a role, so that all are
	When    []template.Guard // when each of the calls is made
	Role    string           // logical id of the role made for it; "" where one is given
}

// Slots are the slots of a template's calls, in the order of the calls.
type Slots struct {
	byPlace map[invoke.Slot]*Slot
	list    []*Slot
}

// Wanting returns the slots that get a role.
func (all Slots) Wanting() []*Slot {
	return slices.DeleteFunc(slices.Clone(all.list), func(s *Slot) bool { return !s.wants })
}

// offer notes that a call may be allowed by a role in its slot, and whether it wants
// to be.
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

// roles is the largest number of roles to add: one for each origin.
func (all Slots) roles() int {
	origins := map[string]bool{}
	for _, s := range all.Wanting() {
		if s.Options.RoleArn == "" {
			origins[s.Origin.Key] = true
		}
	}
	return len(origins)
}
