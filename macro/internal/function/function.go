package function

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// versionKey returns the qualifier's key of an AWS::Lambda::Version: no name of an
// alias begins with "@".
func versionKey(id string) string { return "@" + id }

// Function resolves a text that names a function: an ARN, a partial ARN or a name,
// each with or without a qualifier, or a reference to a function, alias or
// version. A finding tells why nothing can be granted on it; nil if there is no
// problem.
func (s *Names) Function(x template.Text) (Target, *finding.Finding) { return s.function(x, 0) }

func (s *Names) function(x template.Text, depth int) (Target, *finding.Finding) {
	if t, ok := s.ofARN(x); ok { // nearly always
		return t, nil
	}
	if id, lost := s.Dangling(x); lost {
		if id == "stageVariables" {
			return Target{}, &finding.Finding{Reason: Unescaped}
		}
		return Target{}, &finding.Finding{Reason: Dangling, Detail: id + " is not in the template", Hint: s.Meant(id, IsNamed), About: id}
	}
	if depth > 8 || len(x) == 0 {
		return Target{}, &finding.Finding{Reason: OpaqueURI}
	}
	p := splitARN(x)
	if len(p.name) == 0 {
		return Target{}, &finding.Finding{Reason: Dangling, Detail: "the name is empty"}
	}
	if problem := s.malformed(x, p); problem != nil {
		return Target{}, problem
	}
	t, problem := s.named(p.name, depth)
	if problem != nil {
		return t, problem
	}
	when, possible := s.ConditionOf(x)
	finish := func(one Target) (Target, *finding.Finding) {
		one.ARN = x
		if possible {
			one.When, _ = one.When.And(when)
		}
		before := one.KnownID
		s.locate(&one, p)
		placed := one.KnownID != before
		one, problem := s.qualify(one, p.qualifier)
		if placed && one.Qualifier != "" {
			one.KnownID += ":" + one.Qualifier
		}
		if problem == nil {
			problem = s.fill(&one, x, depth)
		}
		return one, problem
	}
	for i := range t.alternatives {
		if t.alternatives[i], problem = finish(t.alternatives[i]); problem != nil {
			return t.alternatives[i], problem
		}
	}
	if len(t.alternatives) > 0 {
		t.ARN = x
		return t, nil
	}
	return finish(t)
}

// ofARN returns the function of the template whose attribute Arn a text is; ok is false
// for any other text.
func (s *Names) ofARN(x template.Text) (t Target, ok bool) {
	if len(x) != 1 || x[0].Kind != template.Att {
		return t, false
	}
	id, isARN := strings.CutSuffix(x[0].Text, ".Arn")
	r, found := s.t.Resource(id)
	if !isARN || !found || !Is(r.Type) {
		return t, false
	}
	t = targetOf(r, x)
	t.ARN = x
	return t, true
}

// An arnText is the text of a function, split into parts. Parts that it doesn't have are
// empty.
type arnText struct {
	arn, partition, region, account, name, qualifier template.Text

	prefixed bool // "function:" precedes the name
}

// splitARN takes the text of a function apart. It reads the forms
// arn:P:lambda:R:A:function:N[:Q], R:A:function:N[:Q], A:function:N[:Q],
// function:N[:Q] and N[:Q], for partition, Region, account, name and qualifier.
func splitARN(x template.Text) arnText {
	if _, single := x.Single(); single {
		return arnText{name: x}
	}
	p := x.SplitN(":", 8) // what follows the qualifier counts as part of it
	is := func(i int, word string) bool {
		s, ok := p[i].Plain()
		return ok && s == word
	}
	rest := func(i int) template.Text {
		var q template.Text
		for n, part := range p[i:] {
			if n > 0 {
				q = template.Join(q, template.Literal(":"))
			}
			q = template.Join(q, part)
		}
		return q
	}
	switch {
	case len(p) >= 7 && is(0, "arn") && is(2, "lambda") && is(5, "function"):
		a := arnText{arn: rest(0), partition: p[1], region: p[3], account: p[4], name: p[6], qualifier: rest(7), prefixed: true}
		if len(p) > 7 {
			a.arn, _, _ = x.CutLast(":")
		}
		return a
	case len(p) >= 4 && is(2, "function"):
		return arnText{region: p[0], account: p[1], name: p[3], qualifier: rest(4), prefixed: true}
	case len(p) >= 3 && is(1, "function"):
		return arnText{account: p[0], name: p[2], qualifier: rest(3), prefixed: true}
	case len(p) >= 2 && is(0, "function"):
		return arnText{name: p[1], qualifier: rest(2), prefixed: true}
	}
	return arnText{name: p[0], qualifier: rest(1)}
}

// named resolves the name of a function, or a reference that may be its name or
// its ARN.
func (s *Names) named(x template.Text, depth int) (Target, *finding.Finding) {
	if p, ok := x.Single(); ok && p.Kind != template.Opaque {
		id, attribute, _ := strings.Cut(p.Text, ".")
		r, found := s.t.Resource(id)
		switch {
		case !found:
		case Is(r.Type) && (attribute == "Arn" || attribute == "" && p.Kind == template.Ref):
			if p.Kind == template.Att {
				return targetOf(r, x), nil // its Name is the reference as it stands
			}
			return s.Own(r), nil
		case r.Type == "AWS::Serverless::Function" && (attribute == "Alias" || attribute == "Version"):
			return s.samQualified(r, attribute), nil
		case r.Type == "AWS::Lambda::Alias" && (attribute == "" || attribute == "AliasArn"):
			return s.qualified(r, depth, s.alias), nil
		case r.Type == "AWS::Lambda::Version" && (attribute == "" || attribute == "FunctionArn"):
			return s.qualified(r, depth, s.version), nil
		case arnAttribute[r.Type] != "":
			return Target{}, &finding.Finding{Reason: Dangling, Detail: p.Text + " is no ARN of a function", Hint: "write " + id + "." + arnAttribute[r.Type]}
		case !holdsAnything(r.Type):
			return Target{}, &finding.Finding{Reason: Malformed, Detail: id + " is an " + r.Type, Hint: "name a function, an alias or a version"}
		}
	}
	return s.ofName(x), nil
}

// arnAttribute maps a resource type to the attribute that is a function's ARN.
var arnAttribute = map[string]string{"AWS::Lambda::Function": "Arn", "AWS::Serverless::Function": "Arn",
	"AWS::Lambda::Alias": "AliasArn", "AWS::Lambda::Version": "FunctionArn"}

// ofName returns the function of the template that has the name, alternatives where
// several may have it, or else a function outside of the template.
func (s *Names) ofName(x template.Text) Target {
	var all []Target
	var guards []template.Guard
	for _, c := range s.functionNames()[x.Key()] {
		r, _ := s.t.Resource(c.id)
		t := s.Own(r)
		when, ok := t.When.And(c.when)
		if t.When = when; ok {
			all, guards = append(all, t), append(guards, when)
		}
	}
	out := Target{Key: x.Key(), Name: x, alternatives: all}
	if len(all) == 1 {
		out = all[0]
	}
	if len(guards) > 0 {
		key := x.Key()
		if _, known := s.absentWhen[key]; !known {
			if s.absentWhen == nil {
				s.absentWhen = map[string][]template.Guard{}
			}
			s.absentWhen[key] = s.noneHolds(guards)
		}
		out.absentWhen = s.absentWhen[key]
	}
	return out
}

// maxAbsentCases is how many guards noneHolds may return.
const maxAbsentCases = 16

// noneHolds returns when none of the guards is true; nil where one always is, or
// there are none.
func (s *Names) noneHolds(guards []template.Guard) []template.Guard {
	if len(guards) == 0 || s.t.Covered(nil, guards) {
		return nil
	}
	rest := []template.Guard{nil}
	for _, g := range guards {
		var next []template.Guard
		for _, before := range rest {
			for i, term := range g {
				both, ok := template.All(before, g[:i], template.When(term.Cond, !term.Not))
				if ok && s.t.Possible(both) {
					next = append(next, both)
				}
			}
		}
		if rest = next; len(rest) > maxAbsentCases {
			return nil
		}
	}
	return rest
}

// Own returns the target of a function of the template, named by its ARN.
func (s *Names) Own(r template.Resource) Target {
	return targetOf(r, template.AttOf(r.ID, "Arn"))
}

func targetOf(r template.Resource, name template.Text) Target {
	return Target{Function: r.ID, Key: stack.Key(r.ID), Name: name, When: r.Condition()}
}

// A candidate is a resource that has a name, at least under the condition when.
type candidate struct {
	id   string
	when template.Guard
}

// functionNames maps the key of every FunctionName, and the value it has as far as
// that is known, to the functions that have it.
func (s *Names) functionNames() map[string][]candidate {
	if s.names != nil {
		return s.names
	}
	s.names = map[string][]candidate{}
	for _, typ := range []string{"AWS::Lambda::Function", "AWS::Serverless::Function"} {
		for _, r := range s.Resources(typ) {
			for _, v := range r.Properties().Get("FunctionName").Variants() {
				if key := v.Text.Key(); !v.Absent && key != "" {
					s.names[key] = append(s.names[key], candidate{r.ID, v.When})
					if value, ok := s.Value(v.Text); ok && value != key && value != "" {
						s.names[value] = append(s.names[value], candidate{r.ID, v.When})
					}
				}
			}
		}
	}
	for key, all := range s.names {
		s.names[key] = s.withoutNeedless(all)
	}
	return s.names
}

// withoutNeedless sorts the candidates of a name by their ids. One that has the
// name in every case loses its conditions.
func (s *Names) withoutNeedless(all []candidate) []candidate {
	if len(all) == 1 {
		return all
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return strings.Compare(a.id, b.id) })
	var out []candidate
	for start := 0; start < len(all); {
		end := start
		var guards []template.Guard
		for ; end < len(all) && all[end].id == all[start].id; end++ {
			guards = append(guards, all[end].when)
		}
		if s.t.Covered(nil, guards) {
			out = append(out, candidate{id: all[start].id})
		} else {
			out = append(out, all[start:end]...)
		}
		start = end
	}
	return out
}
