package function

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// versionKey is the qualifier of the version that an AWS::Lambda::Version makes.
func versionKey(id string) string { return "@" + id }

// Function resolves the text of a function: an ARN, a partial ARN or a name,
// each with or without qualifier, or a reference to a function, alias or
// version. The problem tells why nothing can be granted on it.
func (s *Names) Function(x template.Text) (Target, *finding.Finding) { return s.function(x, 0) }

func (s *Names) function(x template.Text, depth int) (Target, *finding.Finding) {
	if id, lost := s.Dangling(x); lost {
		if id == "stageVariables" {
			return Target{}, &finding.Finding{Reason: Unescaped}
		}
		return Target{}, &finding.Finding{Reason: Dangling, Detail: id + " is not in the template", Hint: s.Meant(id, IsNamed)}
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
		before := one.Alike
		s.place(&one, p)
		placed := one.Alike != before
		one, problem := s.qualify(one, p.qualifier)
		if placed && one.Qualifier != "" {
			one.Alike += ":" + one.Qualifier
		}
		if problem == nil {
			problem = s.fill(&one, x, depth)
		}
		return one, problem
	}
	for i := range t.among {
		if t.among[i], problem = finish(t.among[i]); problem != nil {
			return t.among[i], problem
		}
	}
	if len(t.among) > 0 {
		t.ARN = x
		return t, nil
	}
	return finish(t)
}

// An arnText is the text of a function, taken apart.
type arnText struct {
	arn, partition, region, account, name, qualifier template.Text

	prefixed bool // "function:" stands before the name
}

// splitARN takes arn:P:lambda:R:A:function:N[:Q], R:A:function:N[:Q],
// A:function:N[:Q], function:N[:Q] and N[:Q] apart.
func splitARN(x template.Text) arnText {
	if _, single := x.Single(); single {
		return arnText{name: x}
	}
	p := x.SplitN(":", 8) // what is behind the qualifier is a part of it
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

// named resolves the name of a function, or what stands for its ARN.
func (s *Names) named(x template.Text, depth int) (Target, *finding.Finding) {
	if p, ok := x.Single(); ok && p.Kind != template.Opaque {
		id, attribute, _ := strings.Cut(p.Text, ".")
		r, found := s.t.Resource(id)
		switch {
		case !found:
		case Is(r.Type) && (attribute == "Arn" || attribute == "" && p.Kind == template.Ref):
			if p.Kind == template.Att {
				return targetOf(r, x), nil // the reference itself says it
			}
			return s.Own(r), nil
		case r.Type == "AWS::Serverless::Function" && (attribute == "Alias" || attribute == "Version"):
			return s.samQualified(r, attribute), nil
		case r.Type == "AWS::Lambda::Alias" && (attribute == "" || attribute == "AliasArn"):
			return s.alias(r, depth), nil
		case r.Type == "AWS::Lambda::Version" && (attribute == "" || attribute == "FunctionArn"):
			return s.version(r, depth), nil
		case arnAttribute[r.Type] != "":
			return Target{}, &finding.Finding{Reason: Dangling, Detail: p.Text + " is no ARN of a function", Hint: "write " + id + "." + arnAttribute[r.Type]}
		case !isOpen(r.Type):
			return Target{}, &finding.Finding{Reason: Malformed, Detail: id + " is an " + r.Type, Hint: "name a function, an alias or a version"}
		}
	}
	return s.ofName(x), nil
}

// arnAttribute is the attribute that has a function's ARN, by resource type.
var arnAttribute = map[string]string{"AWS::Lambda::Function": "Arn", "AWS::Serverless::Function": "Arn",
	"AWS::Lambda::Alias": "AliasArn", "AWS::Lambda::Version": "FunctionArn"}

// ofName is the function of the template that has the name, or else one beside it.
func (s *Names) ofName(x template.Text) Target {
	var all []Target
	var guards []template.Guard
	for _, b := range s.functionNames()[x.Key()] {
		r, _ := s.t.Resource(b.id)
		t := s.Own(r)
		when, ok := t.When.And(b.when)
		if t.When = when; ok {
			all, guards = append(all, t), append(guards, when)
		}
	}
	out := Target{Key: x.Key(), Name: x, among: all}
	if len(all) == 1 {
		out = all[0]
	}
	if len(guards) > 0 {
		key := x.Key()
		if _, known := s.nobody[key]; !known {
			s.nobody[key] = s.otherwise(guards)
		}
		out.nobody = s.nobody[key]
	}
	return out
}

// maxOtherwise bounds the cases in which none of several conditions holds.
const maxOtherwise = 16

// otherwise returns when none of the guards is true; nil where one always is, or
// there are none.
func (s *Names) otherwise(guards []template.Guard) []template.Guard {
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
		if rest = next; len(rest) > maxOtherwise {
			return nil
		}
	}
	return rest
}

// Own is a function of the template.
func (s *Names) Own(r template.Resource) Target {
	return targetOf(r, template.AttOf(r.ID, "Arn"))
}

func targetOf(r template.Resource, name template.Text) Target {
	return Target{Function: r.ID, Key: stack.Key(r.ID), Name: name, When: r.Condition()}
}

// A bearer is a resource that has a name under a condition.
type bearer struct {
	id   string
	when template.Guard
}

// functionNames maps the text of every FunctionName to the functions that have it.
func (s *Names) functionNames() map[string][]bearer {
	if s.names != nil {
		return s.names
	}
	s.names = map[string][]bearer{}
	for _, typ := range []string{"AWS::Lambda::Function", "AWS::Serverless::Function"} {
		for _, r := range s.Resources(typ) {
			for _, v := range r.Properties().Get("FunctionName").Variants() {
				if key := v.Text.Key(); !v.Absent && key != "" {
					s.names[key] = append(s.names[key], bearer{r.ID, v.When})
					if value, ok := s.Value(v.Text); ok && value != key && value != "" {
						s.names[value] = append(s.names[value], bearer{r.ID, v.When})
					}
				}
			}
		}
	}
	for key, all := range s.names {
		s.names[key] = s.settle(all)
	}
	return s.names
}

// settle sorts the bearers of a name; one that has it in every case has it
// without a condition.
func (s *Names) settle(all []bearer) []bearer {
	if len(all) == 1 {
		return all
	}
	slices.SortStableFunc(all, func(a, b bearer) int { return strings.Compare(a.id, b.id) })
	var out []bearer
	for start := 0; start < len(all); {
		end := start
		var guards []template.Guard
		for ; end < len(all) && all[end].id == all[start].id; end++ {
			guards = append(guards, all[end].when)
		}
		if s.t.Covered(nil, guards) {
			out = append(out, bearer{id: all[start].id})
		} else {
			out = append(out, all[start:end]...)
		}
		start = end
	}
	return out
}
