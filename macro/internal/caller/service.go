package caller

import (
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Service invokes functions by their resource policies. Whatever is peculiar
// to it is told by its value, so that nothing behind the finders knows one.
type Service struct {
	Name      string            // stable: the option Services and reports have it, "events"
	Title     string            // for people: "Amazon EventBridge"
	Word      string            // in logical ids, where a permission is for no one resource: "Events"
	Principal string            // in every partition: "events.amazonaws.com"
	Kinds     []Finder          // the places where a template wires it
	Spells    map[string]Spells // by resource type: what references to its resources stand for

	// Speaks tells which of its principals another spelling stands for; nil
	// where Principal has no other.
	Speaks func(principal string, env Environment) (as string, ok bool)

	Public bool // it lets everybody in: granted only where the option Services names it
	Token  bool // its statements may have an EventSourceToken in the place of a source
}

// Granted reports whether calls of the service are ever granted: only then it is
// a value of the option Services.
func (s *Service) Granted() bool {
	for _, k := range s.Kinds {
		if !k.Watched && !k.Itself {
			return true
		}
	}
	return false
}

// Spells tells what Ref (an empty attribute) or Fn::GetAtt of a resource stands
// for, as far as the template knows it: names as they are written, ARNs in the
// stack's own partition, Region and account. So source ARNs can be compared
// however they are spelled. ok is false where nothing more is known than the
// reference itself.
type Spells func(s *Scope, r template.Resource, attribute string) (x template.Text, ok bool)

// A SourceARN is where a call of a service other than API Gateway comes from.
type SourceARN struct {
	Exact     template.Text // what a statement names; empty: none can be written, SourceAccount alone confines it
	Presented template.Text // what the service presents, if that is more than Exact tells; else empty
	Wide      template.Text // what is named instead where exact sources don't fit the policy; empty: they can't be widened
	AnySource bool          // it is widened by naming no source, only the account
	Mistaken  template.Text // what people write for it, and what matches nothing; empty: nothing that is known
	Account   Account
}

// Presents is the ARN with which the service calls.
func (a *SourceARN) Presents() template.Text { return a.Presented.Or(a.Exact) }

// Account says whether a statement has SourceAccount: it is needed where the
// source ARN holds no account, and may be added where the service is known to
// fill the key aws:SourceAccount.
type Account uint8

// The rules for SourceAccount.
const (
	AccountOptional Account = iota // only where the option SourceAccount asks for it
	AccountAlways
	AccountNever // the service isn't known to send it: a statement with it might match nothing
)

// Access is what a statement allows beside lambda:InvokeFunction. The zero
// value is the plain call of a service.
type Access uint8

// The ways to be called.
const (
	Invoke       Access = iota // lambda:InvokeFunction
	InvokeURL                  // lambda:InvokeFunctionUrl: the function's URL is asked
	InvokePublic               // the same of a URL with AuthType NONE
	InvokeViaURL               // lambda:InvokeFunction, where the call came by the URL
)

// A Catalog is a list of services, looked up by what they are known by.
type Catalog struct {
	Services    []*Service
	Silent      []Silent // principals that never call by a function's policy
	byType      map[string][]wiredKind
	spells      map[string]Spells
	byPrincipal map[string]*Service
}

// A wiredKind is a kind of place and the service whose it is.
type wiredKind struct {
	*Finder
	service *Service
}

// A Silent principal is one that people let in although it never calls by a
// function's policy.
type Silent struct{ Principal, Because string }

// IsSilent tells why a principal never calls; ok is false of all others.
func (c *Catalog) IsSilent(principal string) (because string, ok bool) {
	for _, x := range c.Silent {
		if x.Principal == principal {
			return x.Because, true
		}
	}
	return "", false
}

// Nearly returns the service for whose principal another is a wrong spelling: one
// with a Region, or with the suffix of China's addresses.
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

// NewCatalog makes a catalog of services, in the order of the documentation.
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
		for typ, f := range s.Spells {
			c.spells[typ] = f
		}
	}
	return c
}

// Reads reports whether finders read resources of the type, or what allows
// their calls.
func (c *Catalog) Reads(typ string) bool { return len(c.byType[typ]) > 0 || isWired(typ) }

// Named returns the service of that name, of those that are ever granted.
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
	return v.Mentions("AWS::ApiGateway")
}

// Speaker returns the service that a principal stands for in an environment,
// and the principal as its calls have it; nil where it is none of these.
func (c *Catalog) Speaker(principal string, env Environment) (s *Service, as string) {
	if s, ok := c.byPrincipal[principal]; ok {
		return s, principal
	}
	for _, s := range c.Services {
		if s.Speaks != nil {
			if as, ok := s.Speaks(principal, env); ok {
				return s, as
			}
		}
	}
	return nil, ""
}

// APIGateway is the service whose routes and authorizers call.
var APIGateway = Service{Name: "apigateway", Title: "Amazon API Gateway", Word: "Api", Principal: ServicePrincipal, Kinds: Finders()}

// alone is the catalog of API Gateway and nothing else.
var alone = sync.OnceValue(func() *Catalog { return NewCatalog(&APIGateway) })

// Catalog returns the services of an environment: API Gateway where it names none.
func (e Environment) Catalog() *Catalog {
	if e.Services == nil {
		return alone()
	}
	return e.Services
}

// OwnARN is the ARN of a resource of the stack's own account and Region.
func OwnARN(service string, resource ...template.Text) template.Text {
	x := template.Text{{Kind: template.Lit, Text: "arn:"}, {Kind: template.Ref, Text: "AWS::Partition"}, {Kind: template.Lit, Text: ":" + service + ":"},
		{Kind: template.Ref, Text: "AWS::Region"}, {Kind: template.Lit, Text: ":"}, {Kind: template.Ref, Text: "AWS::AccountId"}, {Kind: template.Lit, Text: ":"}}
	return template.Join(append([]template.Text{x}, resource...)...)
}

// NamesOf are the names of a resource by its property, each under its condition;
// Absent is the one that CloudFormation makes.
func (s *Scope) NamesOf(r template.Resource, property string) []template.Variant {
	names := r.Properties().Get(property).Variants()
	for i, x := range names {
		names[i].Absent = len(x.Text) == 0
	}
	return names
}

// NameOf is the name of a resource by its property, where it has one under all
// conditions; else the reference to the resource, which stands for the name that
// CloudFormation makes.
func (s *Scope) NameOf(r template.Resource, property string) (name template.Text, given bool) {
	if x, ok := r.Properties().Get(property).One(); ok && len(x) > 0 {
		return x, true
	}
	return template.RefTo(r.ID), false
}
