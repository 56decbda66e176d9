package invoke

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// Advice is what a service tells authors beside its calls.
type Advice struct {
	Reasons []finding.Reason // of its calls and definitions, that no other service has
	ByHand  string           // what a permission that the author writes must have, where nothing is granted; "": principal and source of the call
	Checks  []Check
	Without Trouble // what happens without the permission; the zero value: nothing is ever granted, or the local tool has it in a table of its own

	// Of a service with origins: the slips in its source ARNs, in the order in which
	// they are looked for; and the namespaces whose ARNs authors mistake for source
	// ARNs of an origin, each with what is wrong then.
	Slips    []Slip
	Mistaken map[string]string
}

// A Trouble is what people notice of a call that isn't allowed: an error of AWS, or that
// nothing happens.
type Trouble struct {
	Text  string   // as AWS writes it, or in short
	Match []string // regular expressions that find it in a text, in any case of letters; none: it is found only by the service's name
	Means string   // what it means, and why it happens
	See   string   // how to look closer
	Do    []string // what to do, without a full stop
}

// A Slip is a common mistake in the tail of a source ARN: in what follows the origin's
// id.
type Slip struct {
	What string                                             // what is wrong, for people; %s: the label of the call, or what Show says
	Mend func(tail, need string, s *Source) (mended string) // the tail, from its slash on, without the slip; "" or the tail itself where it has none. need is the tail of the call, see policy.AnySegment
	Show func(tail string) string                           // the part of the tail that is wrong; nil: What has the label
}

// A Check looks for one mistake in the resources of a service that has nothing to do
// with permissions. Nothing is decided by it: the local tool runs it, the macro
// doesn't.
type Check struct {
	Reason finding.Reason
	Find   func(n *Names, calls []*Call, tell Tell) // calls are the service's; some may be in documents outside of the template
}

// Tell records a finding at a pointer into the template, with details.
type Tell func(at jsontext.Pointer, detail string)

// NoSource is the hint for a permission without a source that the macro wouldn't replace,
// since it grants nothing to the service; "" where it would, and for no service.
func (s *Service) NoSource() string {
	switch {
	case s == nil || s.Granted():
		return ""
	case s.Token:
		return "add an EventSourceToken; the macro grants nothing to this service"
	}
	return "add a SourceArn or SourceAccount; the macro grants nothing to this service"
}

// Reasons returns the services' own reasons, for the documentation.
func (c *Catalog) Reasons() (all []finding.Reason) {
	for _, s := range c.Services {
		all = append(all, s.Advice.Reasons...)
		for _, x := range s.Advice.Checks {
			all = append(all, x.Reason)
		}
	}
	return all
}
