package invoke

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// Advice is what a service has to say to authors beside its calls.
type Advice struct {
	Reasons []finding.Reason // of its calls and definitions, that no other service has
	ByHand  string           // what a permission that its author writes must have, where nothing is granted; "": as the call says
	Checks  []Check

	// Of a service with origins: the slips in its source ARNs, in the order in which
	// they are looked for, and other namespaces whose ARNs of an origin are taken for
	// source ARNs, each with what is wrong then.
	Slips    []Slip
	Mistaken map[string]string
}

// A Slip is a way in which authors write wrong what stands behind an origin's id in
// a source ARN.
type Slip struct {
	What string                                             // what is wrong, for people; %s: the label of the call, or what Show says
	Mend func(tail, need string, s *Source) (mended string) // tail from its slash on without the slip; "" or tail itself where it has none. need is that of the call, see policy.AnySegment
	Show func(tail string) string                           // the part of tail that is wrong; nil: What has the label
}

// A Check looks for one mistake in the resources of a service that has nothing to do
// with permissions. Nothing is decided by it, so that only who asks pays for it.
type Check struct {
	Reason finding.Reason
	Find   func(n *Names, calls []*Call, tell Tell) // calls are the service's, of which some may have no place in the template itself
}

// Tell records a finding at a place, with the particulars of the case.
type Tell func(at jsontext.Pointer, detail string)

// Reasons returns all that the services have to tell and no other room has, for the
// documentation.
func (c *Catalog) Reasons() (all []finding.Reason) {
	for _, s := range c.Services {
		all = append(all, s.Advice.Reasons...)
		for _, x := range s.Advice.Checks {
			all = append(all, x.Reason)
		}
	}
	return all
}
