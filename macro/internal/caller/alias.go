package caller

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

func (s *Scope) alias(r template.Resource, depth int) (Target, *Problem) {
	t, q := s.qualifiedResource(r, depth)
	if when, ok := t.When.And(r.Condition()); ok {
		t.When = when
	}
	if plain, ok := q.Plain(); ok && t.Function != "" {
		t.Name, t.DependsOn = nameAndQualifier(t.Function, plain), s.aliasesOf(t.Key+":"+plain)
	}
	t.Qualifier = q.Key()
	return t, nil
}

func (s *Scope) version(r template.Resource, depth int) (Target, *Problem) {
	t, _ := s.qualifiedResource(r, depth)
	if when, ok := t.When.And(r.Condition()); ok {
		t.When = when
	}
	t.Qualifier = versionKey(r.ID)
	return t, nil
}

// qualifiedResource resolves the function of an alias or version resource,
// named by a reference to that resource.
func (s *Scope) qualifiedResource(r template.Resource, depth int) (Target, template.Text) {
	q, _ := r.Properties().Get("Name").One()
	fn, ok := r.Properties().Get("FunctionName").One()
	t := Target{Key: template.RefTo(r.ID).Key()}
	if ok {
		if inner, problem := s.function(fn, depth+1); problem == nil && inner.Qualifier == "" {
			t = inner
		}
	}
	t.Name, t.DependsOn, t.Region, t.Account = template.RefTo(r.ID), nil, "", ""
	return t, q
}

// nameAndQualifier is the FunctionName name:qualifier. The ARN of an alias may
// exceed the 140 characters that AWS::Lambda::Permission takes.
func nameAndQualifier(function, qualifier string) template.Text {
	return template.Join(template.RefTo(function), template.Literal(":"+qualifier))
}

// samQualified is Fn.Alias or Fn.Version, which SAM replaces by the alias or
// version that it makes for AutoPublishAlias.
func (s *Scope) samQualified(r template.Resource, attribute string) Target {
	t := s.ownFunction(r)
	t.Name = template.RefTo(r.ID + "." + attribute)
	t.Qualifier = versionKey(r.ID + ".Version")
	if name, ok := s.samProperty(r, "AutoPublishAlias").One(); ok && attribute == "Alias" {
		t.Qualifier = name.Key()
	}
	return t
}

// aliasesOf returns the alias resources of function:name.
func (s *Scope) aliasesOf(key string) []string {
	if s.aliases == nil {
		s.aliases = map[string][]string{}
		for _, r := range s.Resources("AWS::Lambda::Alias") {
			t, q := s.qualifiedResource(r, 1)
			k := t.Key + ":" + q.Key()
			s.aliases[k] = append(s.aliases[k], r.ID)
		}
		for _, ids := range s.aliases {
			slices.Sort(ids)
		}
	}
	return s.aliases[key]
}

// qualify adds a textual qualifier to a target.
func (s *Scope) qualify(t Target, q template.Text) (Target, *Problem) {
	plain, isPlain := q.Plain()
	switch {
	case isPlain && plain == "":
		return t, nil
	case isPlain && plain == "$LATEST":
		return t, &Problem{Reason: Latest}
	case t.Qualifier != "":
		return t, &Problem{Reason: Dangling, Detail: "a qualifier behind an alias or version"}
	}
	if p, ok := q.Single(); ok && p.Kind == template.Att {
		if id, ok := strings.CutSuffix(p.Text, ".Version"); ok && s.typeOf(id) == "AWS::Lambda::Version" {
			t.Qualifier = versionKey(id)
			if t.Function != "" {
				t.Name = template.RefTo(id)
			} else {
				t.Name = template.Join(t.Name, template.Literal(":"), q)
			}
			return t, nil
		}
	}
	t.Qualifier = q.Key()
	t.DependsOn = append(slices.Clone(t.DependsOn), s.aliasesOf(t.ID())...)
	if len(t.DependsOn) == 1 {
		r, _ := s.t.Resource(t.DependsOn[0])
		if when, ok := t.When.And(r.Condition()); ok {
			t.When = when
		}
	}
	base := t.Name
	if t.Function != "" {
		base = template.RefTo(t.Function)
		if r, _ := s.t.Resource(t.Function); s.autoPublishes(r, q) {
			t.Name = template.RefTo(t.Function + ".Alias")
			return t, nil
		}
	}
	t.Name = template.Join(base, template.Literal(":"), q)
	if s.nameLength(base, t.Function)+1+len(plain) > maxName {
		return t, &Problem{Reason: NameTooLong}
	}
	return t, nil
}

// maxName is the longest FunctionName of an AWS::Lambda::Permission
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html).
const maxName = 140

// nameLength is how long the name of a function is at least.
func (s *Scope) nameLength(name template.Text, function string) int {
	if plain, ok := name.Plain(); ok {
		return len(plain)
	}
	r, _ := s.t.Resource(function)
	x, _ := r.Properties().Get("FunctionName").One()
	plain, _ := x.Plain()
	return max(1, len(plain))
}

func (s *Scope) autoPublishes(r template.Resource, q template.Text) bool {
	if r.Type != "AWS::Serverless::Function" {
		return false
	}
	name, ok := s.samProperty(r, "AutoPublishAlias").One()
	return ok && name.Key() == q.Key()
}
