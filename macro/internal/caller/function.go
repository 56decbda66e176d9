package caller

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Target is the function that is called. Each qualifier of a function has a
// policy of its own, so function and qualifier together are what is granted
// (https://docs.aws.amazon.com/lambda/latest/dg/versioning-aliases-permissions.html).
type Target struct {
	Function  string         // logical id, "" where the function isn't in the template
	Key       string         // equal for all spellings of the same function
	Qualifier string         // key of the version or alias; "" is the unqualified function
	Name      template.Text  // the FunctionName of a permission for it
	ARN       template.Text  // the ARN as the caller's URI spells it, for a role's policy
	DependsOn []string       // resources that must exist first and that Name doesn't refer to
	When      template.Guard // when function and alias exist
	Region    string         // the literal Region of a function elsewhere
	Account   string         // the literal account of a function elsewhere

	among []string // functions that have the name under different conditions
}

// ID returns the key of function and qualifier together.
func (t Target) ID() string {
	if t.Qualifier == "" {
		return t.Key
	}
	return t.Key + ":" + t.Qualifier
}

// IDs returns the keys of all functions that the target can be: several where
// functions share a name under different conditions.
func (t Target) IDs() []string {
	if len(t.among) == 0 || t.Qualifier != "" {
		return []string{t.ID()}
	}
	return t.among
}

// Elsewhere reports whether the function is in another account or Region.
func (t Target) Elsewhere() bool { return t.Region != "" || t.Account != "" }

// IsFunction reports whether the resource type is a Lambda function's.
func IsFunction(typ string) bool {
	return typ == "AWS::Lambda::Function" || typ == "AWS::Serverless::Function"
}

// versionKey is the qualifier of the version that an AWS::Lambda::Version makes.
func versionKey(id string) string { return "@" + id }

// Function resolves the text of a function: an ARN, a partial ARN or a name,
// each with or without qualifier, or a reference to a function, alias or
// version. The problem tells why nothing can be granted on it.
func (s *Scope) Function(x template.Text) (Target, *Problem) { return s.function(x, 0) }

func (s *Scope) function(x template.Text, depth int) (Target, *Problem) {
	if id, lost := s.dangling(x); lost {
		if id == "stageVariables" {
			return Target{}, &Problem{Reason: Unescaped}
		}
		return Target{}, &Problem{Reason: Dangling, Detail: id + " is not in the template"}
	}
	if depth > 8 || len(x) == 0 {
		return Target{}, &Problem{Reason: OpaqueURI}
	}
	p := splitARN(x)
	if len(p.name) == 0 {
		return Target{}, &Problem{Reason: Dangling, Detail: "the name is empty"}
	}
	t, problem := s.named(p.name, depth)
	if problem != nil {
		return t, problem
	}
	t.ARN = x
	if p.opaque {
		t.Key, t.Name = p.arn.Key(), p.arn
	}
	if when, ok := s.conditionOf(x); ok {
		t.When, _ = t.When.And(when)
	}
	s.place(&t, p)
	return s.qualify(t, p.qualifier)
}

// An arnText is the text of a function, taken apart.
type arnText struct {
	arn, region, account, name, qualifier template.Text
	opaque                                bool // a full ARN whose place can't be compared with the stack's
}

// splitARN takes arn:P:lambda:R:A:function:N[:Q], A:function:N[:Q],
// function:N[:Q] and N[:Q] apart.
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
		a := arnText{arn: rest(0), region: p[3], account: p[4], name: p[6], qualifier: rest(7)}
		if len(p) > 7 {
			a.arn, _, _ = x.CutLast(":")
		}
		return a
	case len(p) >= 3 && is(1, "function"):
		return arnText{account: p[0], name: p[2], qualifier: rest(3)}
	case len(p) >= 2 && is(0, "function"):
		return arnText{name: p[1], qualifier: rest(2)}
	}
	return arnText{name: p[0], qualifier: rest(1)}
}

// named resolves the name of a function, or what stands for its ARN.
func (s *Scope) named(x template.Text, depth int) (Target, *Problem) {
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
			return s.alias(r, depth)
		case r.Type == "AWS::Lambda::Version" && (attribute == "" || attribute == "FunctionArn"):
			return s.version(r, depth)
		}
	}
	if ids := s.functionNames()[x.Key()]; len(ids) == 1 {
		r, _ := s.t.Resource(ids[0])
		return s.ownFunction(r), nil
	} else if len(ids) > 1 {
		return Target{Key: x.Key(), Name: x, among: ids}, nil
	}
	return Target{Key: x.Key(), Name: x}, nil
}

func (s *Scope) ownFunction(r template.Resource) Target {
	return targetOf(r, template.AttOf(r.ID, "Arn"))
}

func targetOf(r template.Resource, name template.Text) Target {
	return Target{Function: r.ID, Key: r.ID, Name: name, When: r.Condition()}
}

// functionNames maps the text of every FunctionName to the functions that have it.
func (s *Scope) functionNames() map[string][]string {
	if s.names != nil {
		return s.names
	}
	s.names = map[string][]string{}
	for _, typ := range []string{"AWS::Lambda::Function", "AWS::Serverless::Function"} {
		for _, r := range s.Resources(typ) {
			for _, v := range r.Properties().Get("FunctionName").Variants() {
				if key := v.Text.Key(); !v.Absent && key != "" && !slices.Contains(s.names[key], r.ID) {
					s.names[key] = append(s.names[key], r.ID)
				}
			}
		}
	}
	for _, ids := range s.names {
		slices.Sort(ids)
	}
	return s.names
}

var (
	accountPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{12}$`) })
	regionPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`) })
)

// place notes the account and Region of a function elsewhere.
func (s *Scope) place(t *Target, p arnText) {
	if s.env.Account != "" && len(p.account) > 0 {
		if a := s.value(p.account); accountPattern().MatchString(a) && a != s.env.Account {
			t.Account = a
		}
	}
	if s.env.Region != "" && len(p.region) > 0 {
		if r := s.value(p.region); regionPattern().MatchString(r) && r != s.env.Region {
			t.Region = r
		}
	}
	if t.Elsewhere() && t.Function != "" && len(p.arn) > 0 {
		// The name is that of a function here, but the ARN is another's.
		*t = Target{Key: p.arn.Key(), Name: p.arn, ARN: t.ARN, Region: t.Region, Account: t.Account}
	} else if len(p.arn) > 0 && (t.Elsewhere() || t.Function == "" && s.unplaced(p)) {
		t.Key, t.Name = p.arn.Key(), p.arn
	}
}

// unplaced reports whether an ARN names an account or Region and the stack's
// own isn't known, so that its function can't be taken for one beside the API.
func (s *Scope) unplaced(p arnText) bool {
	return s.env.Account == "" && accountPattern().MatchString(s.value(p.account)) ||
		s.env.Region == "" && regionPattern().MatchString(s.value(p.region))
}

// value is the text where it is literal or a parameter whose value is known.
func (s *Scope) value(x template.Text) string {
	if v, ok := x.Plain(); ok {
		return v
	}
	if p, ok := x.Single(); ok && p.Kind == template.Ref {
		return s.env.Parameters[p.Text]
	}
	return ""
}
