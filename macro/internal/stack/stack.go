// Package stack is a template as the stack that it will be, as far as that is known
// before the deployment: what expressions are worth, which resources there are, and
// which names lead nowhere.
package stack

import (
	"cmp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Stack is a template with what is known besides it. It is for one goroutine: it
// remembers what it has looked up.
type Stack struct {
	Facts
	t       *template.Template
	types   []*resourceType          // of each resource that is read, in the template's order; nil for others
	byType  map[string]*resourceType // by name
	loops   int8                     // whether there are Fn::ForEach loops: 1 yes, -1 no, 0 not looked yet
	guesses int                      // how many references were compared with all names
}

// A resourceType is a resource type that occurs in the template.
type resourceType struct {
	name      string
	read      bool                // its resources are read, all of them
	count     int                 // how many of its resources are read
	resources []template.Resource // those, once they were asked for
}

// New returns the stack of a template. Of its resources only those are read whose
// type the function reads reports, and those with SAM connectors.
func New(t *template.Template, known Facts, reads func(typ string) bool) *Stack {
	known.Partition = cmp.Or(known.Partition, template.Partition(known.Region))
	s := &Stack{t: t, Facts: known, byType: map[string]*resourceType{}, types: make([]*resourceType, len(t.Resources()))}
	t.Know(template.Deployed{Region: known.Region, Account: known.Account, Partition: known.Partition})
	connectors := t.MayHave("Connectors")
	few := make([]resourceType, 0, 8) // one allocation for the types of most templates
	var last *resourceType
	for i, r := range t.Resources() {
		if last == nil || r.Type != last.name { // neighbours often have the same
			if last = s.byType[r.Type]; last == nil {
				if len(few) == cap(few) {
					few = make([]resourceType, 0, 2*cap(few))
				}
				few = append(few, resourceType{name: r.Type, read: reads(r.Type)})
				last = &few[len(few)-1]
				s.byType[r.Type] = last
			}
		}
		if last.read || connectors && r.Mentions("Connectors") && r.Get("Connectors").Exists() {
			s.types[i] = last
			last.count++
		}
	}
	return s
}

// Template returns the template that the stack is made of.
func (s *Stack) Template() *template.Template { return s.t }

// Each ranges over the resources that are read, in the template's order.
func (s *Stack) Each(yield func(template.Resource) bool) {
	all := s.t.Resources()
	for i, typ := range s.types {
		if typ != nil && !yield(all[i]) {
			return
		}
	}
}

// Resources returns those resources of a type that are read. The slice is shared:
// callers don't change it.
func (s *Stack) Resources(typ string) []template.Resource {
	k := s.byType[typ]
	if k == nil {
		return nil
	}
	if len(k.resources) < k.count {
		k.resources = make([]template.Resource, 0, k.count)
		all := s.t.Resources()
		for i, of := range s.types {
			if of == k {
				k.resources = append(k.resources, all[i])
			}
		}
	}
	return k.resources
}

// Count returns how many resources of a type are read.
func (s *Stack) Count(typ string) int {
	if k := s.byType[typ]; k != nil {
		return k.count
	}
	return 0
}

// TypeOf returns the type of the resource with the logical id, "" where there is
// none.
func (s *Stack) TypeOf(id string) string {
	r, _ := s.t.Resource(id)
	return r.Type
}

// ConditionOf returns when all resources exist that a text refers to; ok is false
// where they never exist together.
func (s *Stack) ConditionOf(x template.Text) (g template.Guard, ok bool) {
	ok = true
	for name := range x.Names {
		id, _, _ := strings.Cut(name, ".")
		if r, found := s.t.Resource(id); found && ok {
			g, ok = g.And(r.Condition())
		}
	}
	return g, ok
}

// SAMProperty returns a property of a SAM resource, or a member of one, or else what
// Globals has for it.
func (s *Stack) SAMProperty(r template.Resource, path ...string) template.Value {
	return sam.Property(s.t, r, path...)
}

// Key returns the key of a resource of the template: the one that
// [template.Text.Key] gives a Ref to it. A literal text that equals the logical id
// is no reference, and has another key.
func Key(id string) string { return "\x01" + id + "\x02" }

// Named is the logical id or parameter that a key is the symbol of; any other key
// is its own name.
func Named(key string) string {
	if inner, ok := strings.CutPrefix(key, "\x01"); ok {
		if name, behind, _ := strings.Cut(inner, "\x02"); behind == "" {
			return name
		}
	}
	return key
}
