package invoke

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Catalog is a list of services that can be looked up by name, by principal and by
// the resource types that they read.
type Catalog struct {
	Services    []*Service
	Silent      []Silent // principals that never call by a function's policy
	byType      map[string][]wiredKind
	spells      map[string]Spells
	byPrincipal map[string]*Service
	origins     []*Service // those with origins
	reads       []string   // what the types of resources begin with that those look up by themselves
}

// A wiredKind is a kind and its service.
type wiredKind struct {
	*Kind
	service *Service
}

// A Silent principal is one that authors grant something to although it never calls
// by a function's policy.
type Silent struct{ Principal, Because string }

// IsSilent returns why a principal never calls; ok is false for all others.
func (c *Catalog) IsSilent(principal string) (because string, ok bool) {
	for _, x := range c.Silent {
		if x.Principal == principal {
			return x.Because, true
		}
	}
	return "", false
}

// Nearly returns the service whose principal is misspelled so: with a Region, or with
// the suffix of China's addresses; nil where there is none.
func (c *Catalog) Nearly(principal string) *Service {
	name, _, _ := strings.Cut(principal, ".")
	for _, s := range c.Services {
		own, suffix, _ := strings.Cut(s.Principal, ".")
		if own == name && suffix == "amazonaws.com" && s.Principal != principal &&
			(strings.HasSuffix(principal, ".amazonaws.com") || strings.HasSuffix(principal, ".amazonaws.com.cn")) {
			return s
		}
	}
	return nil
}

// NewCatalog returns the catalog of services, which are in the order of the
// documentation.
func NewCatalog(services ...*Service) *Catalog {
	c := &Catalog{Services: services, byType: map[string][]wiredKind{}, spells: map[string]Spells{}, byPrincipal: map[string]*Service{}}
	for _, s := range services {
		if c.byPrincipal[s.Principal] == nil {
			c.byPrincipal[s.Principal] = s
		}
		for i := range s.Kinds {
			for _, typ := range s.Kinds[i].Types {
				c.byType[typ] = append(c.byType[typ], wiredKind{&s.Kinds[i], s})
			}
		}
		if s.HasOrigins() {
			c.origins, c.reads = append(c.origins, s), append(c.reads, s.Origins.Reads...)
		}
		for typ, f := range s.Spells {
			c.spells[typ] = f
		}
	}
	return c
}

// WithOrigins returns the services with origins.
func (c *Catalog) WithOrigins() []*Service { return c.origins }

// IsPart reports whether resources of a type belong to an origin: a service with
// origins looks them up.
func (c *Catalog) IsPart(typ string) bool {
	for _, begin := range c.reads {
		if strings.HasPrefix(typ, begin) {
			return true
		}
	}
	return false
}

// Reads reports whether services read resources of the type, or what allows
// their calls.
func (c *Catalog) Reads(typ string) bool {
	return len(c.byType[typ]) > 0 || strings.HasPrefix(typ, "AWS::Lambda::") || sam.Is(typ) || c.IsPart(typ)
}

// Named returns the service of that name, if calls of it are ever granted.
func (c *Catalog) Named(name string) (*Service, bool) {
	for _, s := range c.Services {
		if s.Name == name && s.Granted() {
			return s, true
		}
	}
	return nil, false
}

// Loops reports whether the template has loops that aren't expanded and may hold
// a resource that a service reads.
func (c *Catalog) Loops(t *template.Template) bool {
	for name, v := range t.Section("Resources").Members() {
		if strings.HasPrefix(name, "Fn::ForEach::") && (c.Mentioned(v) || v.Mentions("AWS::Lambda::Permission", "AWS::Lambda::ResourcePolicy")) {
			return true
		}
	}
	return false
}

// Mentioned reports whether the value may hold a resource that a service reads.
func (c *Catalog) Mentioned(v template.Value) bool {
	for typ := range c.byType {
		if v.Mentions(typ) {
			return true
		}
	}
	return v.Mentions(c.reads...)
}

// ServiceOf returns the service that calls as a principal where the stack is, and the
// principal as the service itself spells it; nil where it is none of these.
func (c *Catalog) ServiceOf(principal string, known stack.Facts) (s *Service, as string) {
	if s, ok := c.byPrincipal[principal]; ok {
		return s, principal
	}
	for _, s := range c.Services {
		if s.OtherPrincipal != nil {
			if as, ok := s.OtherPrincipal(principal, known); ok {
				return s, as
			}
		}
	}
	return nil, ""
}

// Catalog returns the services of an environment.
func (e Environment) Catalog() *Catalog {
	if e.Services == nil {
		return none
	}
	return e.Services
}

var none = NewCatalog()
