package invoke

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Property is a property that names a function.
type Property struct {
	Resource template.Resource // that has it
	Value    template.Value    // what is read of it
	At       template.Value    // the property, where that isn't Value
	Base     jsontext.Pointer  // of the text or document that At is in; "": the template itself
	Via      []string          // logical ids of the resources on the way to the origin
}

// place is the property, or, of one in a text or document, the resource.
func (p *Property) place() template.Value {
	switch {
	case p.Base != "":
		return p.Resource.Value // Connect sets where the property really is
	case p.At.Exists():
		return p.At
	}
	return p.Value
}

// Takes says where a service takes credentials.
type Takes struct {
	Holder template.Value // the object that they go into
	Name   string         // of its member; "" where the service takes none
	None   string         // the value that says that there are none
	Fixed  bool           // they can't be written: Holder isn't in the template itself
}

// A Connection is a property by which a service invokes functions, and all else that
// its calls have.
type Connection struct {
	Property
	Takes     Takes
	Accepts   function.Accepts
	Origin    *Origin // nil: the resource that has the property
	Source    Source
	When      template.Guard // of the Fn::If branches around the property; the resource's condition is added
	Principal string         // "": the service's
	Access    Access
	Notes     []finding.Finding
}

// Hooks are what a service does by itself while a property is connected; each may
// be nil. They aren't in Connection, so that they take no memory of their own.
type Hooks struct {
	PerStage function.PerStage
	Skip     func(*function.Reading) bool   // whether a reading is no call
	Finish   func(*Call, *function.Reading) // completes a call before it is recorded
}

// Connect makes calls of a connection: one for each function and kind of
// credentials that the conditions allow.
func (f *Finder) Connect(x *Connection, by Hooks) {
	if f.found.Full {
		return
	}
	var one [1]CredentialWhen // nearly always
	credentials := f.CredentialsOf(one[:0], &x.Takes)
	f.t.Budget().Spend(len(credentials))
	readings := f.Read(x.Value, x.Accepts, by.PerStage)
	for i := range readings {
		y := &readings[i]
		if by.Skip != nil && by.Skip(y) {
			continue
		}
		for _, c := range credentials {
			f.t.Budget().Spend(1 + len(c.When) + len(y.When))
			when, ok := template.All(x.When, x.Resource.Condition(), y.When, c.When)
			if !ok {
				continue
			}
			origin := x.Origin
			if origin == nil {
				origin = f.itself(x.Resource)
			}
			call := &Call{Principal: x.Principal, Access: x.Access, Origin: origin, Source: x.Source, Target: &y.Target, When: when,
				Credential: c.Credential, Problem: y.Problem}
			call.Place = Place{Resource: x.Resource.ID, property: x.place()}
			if x.Base != "" {
				call.moved = x.Base + x.At.Pointer()
			}
			call.Via = append(append(call.via[:0], x.Via...), x.Resource.ID)
			if n := len(x.Notes) + len(y.Notes); n > 0 {
				call.Notes = append(append(make([]finding.Finding, 0, n), x.Notes...), y.Notes...)
			}
			for i := range call.Notes {
				if call.Notes[i].At == "" {
					call.Notes[i].At = call.At()
				}
			}
			if call.Problem != nil && call.Problem.At == "" {
				p := *call.Problem
				p.At = call.At()
				call.Problem = &p
			}
			if by.Finish != nil {
				by.Finish(call, y)
			}
			f.Add(call)
		}
	}
}

// A CredentialWhen is the credential of a property under a condition.
type CredentialWhen struct {
	Credential
	When template.Guard
}

// CredentialsOf appends what a property has as credentials: one for each Fn::If branch.
func (f *Finder) CredentialsOf(out []CredentialWhen, x *Takes) []CredentialWhen {
	v := x.Holder.Get(x.Name)
	switch {
	case x.Name == "" || x.Fixed && !v.Exists():
		return append(out, CredentialWhen{})
	case !v.Exists():
		return append(out, CredentialWhen{Credential: Credential{Slot: Slot{holder: x.Holder, name: x.Name}}})
	}
	for _, leaf := range leaves(v, nil) {
		for _, text := range leaf.value.Variants() {
			when, ok := leaf.when.And(text.When)
			if !ok {
				continue
			}
			c := Credential{Slot: Slot{x.Holder, x.Name, leaf.value}, Given: text.Text}
			word := text.Text.String()
			if k := f.Evaluate(text.Text); k.OK {
				word = k.Text
			}
			switch {
			case !text.Absent && word == "" && len(text.Text) > 0: // an expression, whose value may change with an update
				c = Credential{}
			case text.Absent || word == "" || word == x.None:
				c.Given = nil
			case isPassThrough(word):
				c.Identity = PassThrough
			default:
				c.Identity = Role
			}
			if x.Fixed {
				c.Slot = Slot{}
			}
			out = append(out, CredentialWhen{c, when})
		}
	}
	return out
}

// A leaf is one of the values among which nested Fn::If choose, AWS::NoValue included.
type leaf struct {
	value template.Value
	when  template.Guard
}

// leaves returns the leaves of a value, each with its condition.
func leaves(v template.Value, when template.Guard) []leaf {
	fn, arg, ok := v.Intrinsic()
	cond, isText := arg.Item(0).Text()
	if !ok || fn != "Fn::If" || arg.Len() != 3 || !isText {
		return []leaf{{v, when}}
	}
	var out []leaf
	for i, not := range []bool{false, true} {
		if inner, ok := when.And(template.When(cond, not)); ok {
			out = append(out, leaves(arg.Item(i+1), inner)...)
		}
	}
	return out
}

// isPassThrough reports whether credentials are arn:P:iam::*:user/*: the service then
// calls with the identity of its own caller. The documentation prints it with
// backslashes, which some templates have copied
// (https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html).
func isPassThrough(text string) bool {
	text = strings.ReplaceAll(text, `\`, "")
	return strings.HasPrefix(text, "arn:") && strings.HasSuffix(text, ":iam::*:user/*")
}
