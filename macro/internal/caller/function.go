package caller

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Target is the function that is called. Each qualifier of a function has a
// policy of its own, so function and qualifier together are what is granted
// (https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html).
type Target struct {
	Function  string         // logical id, "" where the function isn't in the template
	Key       string         // equal for all spellings of the same function; of the template's own one a symbol, which no text equals
	Qualifier string         // key of the version or alias; "" is the unqualified function
	Name      template.Text  // the FunctionName of a permission for it
	ARN       template.Text  // the ARN as the caller's URI spells it, for a role's policy
	DependsOn []string       // resources that must exist first and that Name doesn't refer to
	When      template.Guard // when function and alias exist
	Region    string         // of a function elsewhere, where that is another than the stack's
	Account   string         // the same of its account
	Partition string         // the same of its partition
	Alike     string         // what ID is once all that is known has been filled in; "" where that is nothing more
	Bare      bool           // the text is a name by the value that it has now, where it could be an ARN
	Place     string         // the account and Region that were taken for the stack's own in Alike, since that isn't known

	among []Target // what it can be, where that depends on conditions
}

// ID returns the key of function and qualifier together.
func (t Target) ID() string {
	if t.Qualifier == "" {
		return t.Key
	}
	return t.Key + ":" + t.Qualifier
}

// Mark is what the ids of grants have of the function: its logical id, or else
// its key.
func (t Target) Mark() string {
	if t.Function != "" {
		return t.Function
	}
	return t.Key
}

// Each returns the functions that the target can be, each under its condition:
// several where a name depends on one, or functions share it.
func (t Target) Each() []Target {
	if len(t.among) == 0 {
		return []Target{t}
	}
	return t.among
}

// Elsewhere reports whether the function is in another account, Region or partition.
func (t Target) Elsewhere() bool { return t.Region != "" || t.Account != "" || t.Partition != "" }

// IsFunction reports whether the resource type is a Lambda function's.
func IsFunction(typ string) bool {
	return typ == "AWS::Lambda::Function" || typ == "AWS::Serverless::Function"
}

// versionKey is the qualifier of the version that an AWS::Lambda::Version makes.
func versionKey(id string) string { return "@" + id }

// Function resolves the text of a function: an ARN, a partial ARN or a name,
// each with or without qualifier, or a reference to a function, alias or
// version. The problem tells why nothing can be granted on it.
func (s *Scope) Function(x template.Text) (Target, *finding.Finding) { return s.function(x, 0) }

func (s *Scope) function(x template.Text, depth int) (Target, *finding.Finding) {
	if id, lost := s.dangling(x); lost {
		if id == "stageVariables" {
			return Target{}, &finding.Finding{Reason: Unescaped}
		}
		return Target{}, &finding.Finding{Reason: Dangling, Detail: id + " is not in the template", Hint: s.meant(id, isFunctionType)}
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
	when, possible := s.conditionOf(x)
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
func (s *Scope) named(x template.Text, depth int) (Target, *finding.Finding) {
	if p, ok := x.Single(); ok && p.Kind != template.Opaque {
		id, attribute, _ := strings.Cut(p.Text, ".")
		r, found := s.t.Resource(id)
		switch {
		case !found:
		case IsFunction(r.Type) && (attribute == "" || attribute == "Arn"):
			if p.Kind == template.Att {
				return targetOf(r, x), nil // the reference itself says it
			}
			return s.ownFunction(r), nil
		case r.Type == "AWS::Serverless::Function" && (attribute == "Alias" || attribute == "Version"):
			return s.samQualified(r, attribute), nil
		case r.Type == "AWS::Lambda::Alias" && (attribute == "" || attribute == "AliasArn"):
			return s.alias(r, depth), nil
		case r.Type == "AWS::Lambda::Version" && (attribute == "" || attribute == "FunctionArn"):
			return s.version(r, depth), nil
		}
	}
	return s.ofName(x), nil
}

// ofName is the function of the template that has the name, or else one beside it.
func (s *Scope) ofName(x template.Text) Target {
	var all []Target
	for _, b := range s.functionNames()[x.Key()] {
		r, _ := s.t.Resource(b.id)
		t := s.ownFunction(r)
		when, ok := t.When.And(b.when)
		if t.When = when; ok {
			all = append(all, t)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return Target{Key: x.Key(), Name: x, among: all}
}

func (s *Scope) ownFunction(r template.Resource) Target {
	return targetOf(r, template.AttOf(r.ID, "Arn"))
}

func targetOf(r template.Resource, name template.Text) Target {
	return Target{Function: r.ID, Key: ownKey(r.ID), Name: name, When: r.Condition()}
}

// A bearer is a resource that has a name under a condition.
type bearer struct {
	id   string
	when template.Guard
}

// functionNames maps the text of every FunctionName to the functions that have it.
func (s *Scope) functionNames() map[string][]bearer {
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
func (s *Scope) settle(all []bearer) []bearer {
	if len(all) == 1 {
		return all
	}
	slices.SortStableFunc(all, func(a, b bearer) int { return compare(a.id, b.id) })
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
