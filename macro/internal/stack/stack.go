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

// A Stack is a template with what is known beside it. It is for one goroutine,
// since it looks things up when they are asked for and keeps them.
type Stack struct {
	Facts
	t       *template.Template
	kinds   []*kind          // of the resources that are read; nil for others
	byType  map[string]*kind // what is known of the types of resources
	loops   int8             // whether there are Fn::ForEach loops: 1 yes, -1 no, 0 nobody has looked
	guesses int              // how many references were held against all names
}

// A kind is a type of resources, as the template has it.
type kind struct {
	name      string
	read      bool // somebody reads them
	count     int  // of those that are read
	resources []template.Resource
}

// New looks through the resources of a template for those that somebody reads:
// those of a type that reads tells, and those that have connectors of SAM's.
func New(t *template.Template, known Facts, reads func(typ string) bool) *Stack {
	known.Partition = cmp.Or(known.Partition, template.Partition(known.Region))
	s := &Stack{t: t, Facts: known, byType: map[string]*kind{}, kinds: make([]*kind, len(t.Resources()))}
	t.Know(known.pseudo())
	connectors := t.MayHave("Connectors")
	few := make([]kind, 0, 8) // as many types as most templates have, at once
	var last *kind
	for i, r := range t.Resources() {
		if last == nil || r.Type != last.name { // neighbours often have the same
			if last = s.byType[r.Type]; last == nil {
				if len(few) == cap(few) {
					few = make([]kind, 0, 2*cap(few))
				}
				few = append(few, kind{name: r.Type, read: reads(r.Type)})
				last = &few[len(few)-1]
				s.byType[r.Type] = last
			}
		}
		if last.read || connectors && r.Mentions("Connectors") && r.Get("Connectors").Exists() {
			s.kinds[i] = last
			last.count++
		}
	}
	return s
}

// Template returns the template that the stack is made of.
func (s *Stack) Template() *template.Template { return s.t }

// Each ranges over the resources that somebody reads, in their order.
func (s *Stack) Each(yield func(template.Resource) bool) {
	all := s.t.Resources()
	for i, k := range s.kinds {
		if k != nil && !yield(all[i]) {
			return
		}
	}
}

// Resources returns the resources of a type, of those that somebody reads.
func (s *Stack) Resources(typ string) []template.Resource {
	k := s.byType[typ]
	if k == nil {
		return nil
	}
	if len(k.resources) < k.count {
		k.resources = make([]template.Resource, 0, k.count)
		all := s.t.Resources()
		for i, of := range s.kinds {
			if of == k {
				k.resources = append(k.resources, all[i])
			}
		}
	}
	return k.resources
}

// TypeOf returns the type of a resource, "" where there is none with the id.
func (s *Stack) TypeOf(id string) string {
	r, _ := s.t.Resource(id)
	return r.Type
}

// ConditionOf returns the guard of the resources that a text names; ok is
// false where they can't exist together.
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

// SAMProperty is a property of a SAM resource, or else what Globals has for it.
func (s *Stack) SAMProperty(r template.Resource, name string) template.Value {
	return sam.Property(s.t, r, name)
}

// Key is the key of a resource of the template: the symbol that
// [template.Text.Key] makes of a Ref to it. A text that is the same as the logical
// id is no reference and has another key.
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
