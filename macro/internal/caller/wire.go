package caller

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Wire is a property by which a service other than API Gateway comes to invoke
// a function: it holds the function's ARN.
type Wire struct {
	Resource    template.Resource
	Function    template.Value // the property, or what is read of it
	At          template.Value // the property, where Function isn't it
	When        template.Guard // of the Fn::If branches around it
	Always      bool           // it names a function and nothing else, so that an expression is taken for one's ARN
	Label       string         // what calls, for people: "rule Nightly"
	Event       string         // what happens then, see Source
	Source      SourceARN
	Principal   string // the service's own where it is empty
	Access      Access
	Holder      template.Value // the object that takes a role; absent where none is taken
	Credentials string         // the name of that member
	Notes       []finding.Finding
}

// Wire turns a property into calls: one for each function and kind of
// credentials that the conditions allow. An expression that may as well name
// something else is told, and no call.
func (s *Scope) Wire(w Wire) {
	if s.found.Full {
		return
	}
	if !w.At.Exists() {
		w.At = w.Function
	}
	origin := s.originOf(w.Resource)
	if x, ok := w.Function.One(); ok {
		if _, _, isURI := x.Cut(":lambda:path/"); isURI {
			w.Notes = append(slices.Clip(w.Notes), finding.Finding{Reason: NotARN, Detail: "an invocation URI"})
		}
	}
	credentials := s.credentials(nil, &wiring{holder: w.Holder, credentials: w.Credentials})
	for _, y := range s.Names.Read(w.Function, function.Accepts{Bare: true, Opaque: w.Always, Named: w.Always}, nil) {
		if y.Problem != nil && y.Problem.Name == function.OpaqueURI.Name && !w.Always {
			s.problem(MaybeFunction, w.At.Pointer(), "")
			continue
		}
		for _, c := range credentials {
			when, ok := template.All(w.When, w.Resource.Condition(), y.When, c.when)
			if !ok {
				continue
			}
			target, source := y.Target, w.Source
			if wrong, is := s.notARN(target.ARN); is && !s.kind.Watched && (y.Problem == nil || y.Problem.Name != function.Malformed.Name) {
				y.Notes = append(slices.Clip(y.Notes), finding.Finding{Reason: NotARN, At: w.At.Pointer(), Detail: wrong})
			}
			call := &Call{Resource: w.Resource.ID, Via: []string{w.Resource.ID}, place: w.At, API: origin, Target: &target, When: when,
				Credential: c.Credential, Problem: w.problem(y.Problem), Notes: slices.Concat(w.Notes, y.Notes), Principal: w.Principal, Access: w.Access,
				Source: Source{Form: Full, Label: w.Label, Event: w.Event, ARN: &source}}
			for i := range call.Notes {
				if call.Notes[i].At == "" {
					call.Notes[i].At = call.At()
				}
			}
			s.add(call)
			if s.kind.Itself {
				s.found.Given = append(s.found.Given, Given{By: s.kind.service.Title + " itself", API: &API{}, Service: s.kind.service, Source: source.Exact, Target: target, When: when})
			}
		}
	}
}

// problem is what is wrong with the function's name, in the words of a place that
// takes its ARN and no invocation URI.
func (w Wire) problem(p *finding.Finding) *finding.Finding {
	if p == nil {
		return nil
	}
	said := *p
	if said.At == "" {
		said.At = w.At.Pointer()
	}
	switch {
	case said.Hint != "":
	case said.Name == function.Malformed.Name:
		said.Hint = NotARN.Hint
	case said.Name == function.OpaqueURI.Name:
		said.Hint = "name the function by Ref or Fn::GetAtt, or give the parameter a value that is a function's ARN"
	case said.Name == function.Latest.Name && !w.Holder.Exists():
		said.Hint = "name the function without a qualifier, or name an alias"
	}
	return &said
}

// notARN tells how a text that names a function isn't its ARN, which services other
// than API Gateway want.
func (s *Scope) notARN(x template.Text) (wrong string, is bool) {
	p, single := x.Single()
	if !single || p.Kind == template.Att || p.Kind == template.Opaque {
		plain, literal := x.Plain()
		return plain, literal && plain != "" && !strings.Contains(plain, ":")
	}
	r, own := s.t.Resource(p.Text)
	if value, given := s.Names.ParameterOf(s.t, p.Text); !own && given && value != "" && !strings.Contains(value, ":") {
		return "!Ref " + p.Text + " has a name as its value", true
	}
	return "!Ref " + p.Text + " is its name", own && function.Is(r.Type)
}

// originOf is the resource that makes calls, in the place of an API.
func (s *Scope) originOf(r template.Resource) *API {
	if a, ok := s.own[r.ID]; ok {
		return a
	}
	a := &API{ID: r.ID, Name: template.RefTo(r.ID), Key: stack.Key(r.ID), When: r.Condition()}
	if s.own == nil {
		s.own = map[string]*API{}
	}
	s.own[r.ID] = a
	return a
}

// Environment is what is known beside the template.
func (s *Scope) Environment() Environment { return s.env }

// Tell records what concerns no single call.
func (s *Scope) Tell(r finding.Reason, at jsontext.Pointer, detail string) { s.problem(r, at, detail) }
