package invoke

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Definitions is what a service reads beside the properties of resources: documents
// of its own, which may be outside of the template, or all that the macro is given. A
// service sets all of its members, or none.
type Definitions struct {
	Locations   func(t *template.Template, env Environment) []definition.Location // of those outside of the template, each once, in template order
	Interrupted func(t *template.Template, env Environment) error                 // of the first that could not be read because of a temporary error; nil where there is none
	Part        func(v template.Value) (p Part, ok bool)                          // the part that a value looks like
}

// A Part is a part of a resource, as the macro gets it from an Fn::Transform within
// the resource. Which part it is shows its shape.
type Part struct {
	Name          string // for people: "components"
	Type          string // a type of resources that have such a part among their properties
	Before, After string // what is around it in the properties, as JSON
}

// Definitions returns the locations of the services' documents outside of the
// template.
func (c *Catalog) Definitions(t *template.Template, env Environment) (all []definition.Location) {
	for _, s := range c.Services {
		if s.Definitions.Locations != nil {
			all = append(all, s.Definitions.Locations(t, env)...)
		}
	}
	return all
}

// Interrupted is the error of the first document that could not be read because of a
// temporary error, so that trying again helps; nil where there is none.
func (c *Catalog) Interrupted(t *template.Template, env Environment) error {
	for _, s := range c.Services {
		if s.Definitions.Interrupted == nil {
			continue
		}
		if err := s.Definitions.Interrupted(t, env); err != nil {
			return err
		}
	}
	return nil
}

// Part returns the part of a resource that a value looks like; ok is false where no
// service knows it.
func (c *Catalog) Part(v template.Value) (p Part, ok bool) {
	for _, s := range c.Services {
		if s.Definitions.Part == nil {
			continue
		}
		if p, ok = s.Definitions.Part(v); ok {
			return p, true
		}
	}
	return Part{}, false
}
