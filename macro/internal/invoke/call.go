package invoke

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Call is one way in which a service comes to invoke a function. It isn't changed
// once it is found; whoever needs another copies it.
type Call struct {
	Kind      *Kind
	Service   *Service // that calls
	Principal string   // its principal: "apigateway.amazonaws.com"
	Access    Access
	Place
	Origin *Origin // shared by its calls
	Source Source
	Target *function.Target // shared by calls of the same function
	When   template.Guard   // when the call exists
	Credential
	Problem *finding.Finding  // why the function, or what may be granted, can't be known; nil where all is known
	Notes   []finding.Finding // further findings, although the call is known
}

// Stages returns the stages of its origin that the template declares, for a call that
// comes from any; nil for a call that comes from one stage, or from none.
func (c *Call) Stages() []Stage {
	if len(c.Source.Stage) > 0 || !c.Source.Staged() {
		return nil
	}
	return c.Origin.Stages
}

// A Place is where the template makes a service call a function.
type Place struct {
	Resource string   // logical id of the resource with the property that names the function
	Via      []string // logical ids of the resources on the way, nearest first, without origin and function

	via      [1]string        // memory for Via, which mostly has one element
	property template.Value   // that names the function
	moved    jsontext.Pointer // where the property is, if that isn't where it was read; else ""
}

// At returns the pointer of the property that names the function.
func (p *Place) At() jsontext.Pointer {
	if p.moved != "" {
		return p.moved
	}
	return p.property.Pointer()
}

// MovedTo is the place for a property that is elsewhere than where it was read.
func (p Place) MovedTo(resource string, at jsontext.Pointer) Place {
	p.Resource, p.moved = resource, at
	return p
}

// Credential says with which identity the call is made.
type Credential struct {
	Identity Identity
	Slot     Slot          // where credentials are, or can be written
	Given    template.Text // the credentials that are there
}

// A Slot is a member of an object into which credentials can be written. It may have
// null, "" or AWS::NoValue already. The zero Slot can't have any.
type Slot struct {
	holder template.Value // the object
	name   string         // of the member
	vacant template.Value // what the member has already
}

// Exists reports whether credentials can be written there.
func (s Slot) Exists() bool { return s.holder.Exists() }

// Vacant reports whether the member is there with a value that is to be replaced.
func (s Slot) Vacant() bool { return s.vacant.Exists() }

// Pointer returns the pointer of the credentials.
func (s Slot) Pointer() jsontext.Pointer {
	if s.Vacant() {
		return s.vacant.Pointer()
	}
	return s.holder.Pointer().AppendToken(s.name)
}

// Identity is who a service is when it calls.
type Identity uint8

// The identities of a call.
const (
	AsService   Identity = iota // the service itself: the function's own policy decides
	Role                        // a role that the template gives: its policy decides
	PassThrough                 // the caller's own identity, arn:…:iam::*:user/*
)

// A Given is a permission that another transform is going to add: SAM, for the
// events and authorizers that it knows; or a statement that a service adds itself.
type Given struct {
	By       string // "SAM, for the event ApiEvent of Fn"
	IDPrefix string // what the logical id of SAM's permission begins with; "" for a service that adds a statement itself
	Service  *Service
	Origin   *Origin       // of a service that has origins; else nil
	Tail     template.Text // what follows the id of the origin in the source ARN
	Source   template.Text // of another service: the whole source ARN; empty: any of the account
	Token    template.Text // the EventSourceToken; empty: none
	Access   Access
	Target   function.Target
	When     template.Guard
}

// PlaceIn is the place of a property of a resource.
func PlaceIn(r template.Resource, property template.Value) Place {
	return Place{Resource: r.ID, Via: []string{r.ID}, property: property}
}
