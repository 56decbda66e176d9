package function

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// qualified resolves an alias or version that a property names, once for all properties.
func (s *Names) qualified(r template.Resource, depth int, resolve func(template.Resource, int) Target) Target {
	if depth > 0 { // where a circular reference is cut off depends on where it began
		return resolve(r, depth)
	}
	t, known := s.resolved[r.ID]
	if !known {
		if s.resolved == nil {
			s.resolved = map[string]Target{}
		}
		t = resolve(r, depth)
		s.resolved[r.ID] = t
	}
	t.alternatives = slices.Clone(t.alternatives) // function completes them in place, for each reference anew
	return t
}

// alias resolves an AWS::Lambda::Alias: to one target, or to alternatives where
// its name or its function depends on conditions.
func (s *Names) alias(r template.Resource, depth int) Target {
	var all []Target
	for _, t := range s.functionsOf(r, depth) {
		for _, name := range r.Properties().Get("Name").Variants() {
			when, ok := t.When.And(name.When)
			if !ok || name.Absent {
				continue
			}
			one := t
			one.When, one.Qualifier = when, name.Text.Key()
			if t.Function != "" {
				s.fillQualifier(&one, name.Text)
			}
			if plain, ok := name.Text.Plain(); ok && t.Function != "" {
				one.Name, one.DependsOn = nameAndQualifier(t.Function, plain), s.aliasesOf(t.Key+":"+plain)
			}
			all = append(all, one)
		}
	}
	return s.either(r, all)
}

// version resolves an AWS::Lambda::Version.
func (s *Names) version(r template.Resource, depth int) Target {
	all := s.functionsOf(r, depth)
	for i := range all {
		all[i].Qualifier = versionKey(r.ID)
	}
	return s.either(r, all)
}

// functionsOf resolves the function of an alias or version resource: a target for
// each function that it may have, with a reference to the resource as its Name.
func (s *Names) functionsOf(r template.Resource, depth int) []Target {
	self := Target{Key: stack.Key(r.ID), Name: template.RefTo(r.ID), When: r.Condition()}
	var all []Target
	for _, fn := range r.Properties().Get("FunctionName").Variants() {
		inner := Target{Key: self.Key}
		if t, problem := s.function(fn.Text, depth+1); problem == nil && !fn.Absent {
			inner = t
		}
		for _, t := range inner.Each() {
			if t.Qualifier != "" {
				t = Target{Key: self.Key}
			}
			when, ok := template.All(t.When, fn.When, self.When)
			if ok {
				all = append(all, Target{Function: t.Function, Key: t.Key, Name: self.Name, ARN: t.ARN, When: when, Filled: Filled{KnownID: t.KnownID, Assumed: t.Assumed}})
			}
		}
	}
	return all
}

// either makes one target of those that a resource may stand for: they become its
// alternatives where there are several. Equal ones are united.
func (s *Names) either(r template.Resource, all []Target) Target {
	var out []Target
	for i, t := range all {
		same := func(x Target) bool { return x.ID() == t.ID() }
		if slices.ContainsFunc(all[:i], same) {
			continue
		}
		var guards []template.Guard
		for _, x := range all[i:] {
			if same(x) {
				guards = append(guards, x.When)
			}
		}
		if len(guards) > 1 && s.t.Covered(r.Condition(), guards) {
			guards = []template.Guard{r.Condition()}
		}
		for _, t.When = range guards {
			out = append(out, t)
		}
	}
	switch len(out) {
	case 0:
		return Target{Key: stack.Key(r.ID), Name: template.RefTo(r.ID), When: r.Condition()}
	case 1:
		return out[0]
	}
	return Target{Key: stack.Key(r.ID), Name: template.RefTo(r.ID), alternatives: out}
}

// nameAndQualifier returns the FunctionName name:qualifier. It is used in place of
// an alias's ARN, which may exceed the 140 characters that
// AWS::Lambda::Permission takes.
func nameAndQualifier(function, qualifier string) template.Text {
	return template.Join(template.RefTo(function), template.Literal(":"+qualifier))
}

// samQualified resolves Fn.Alias or Fn.Version, which SAM replaces by the alias or
// version that it makes for AutoPublishAlias.
func (s *Names) samQualified(r template.Resource, attribute string) Target {
	t := s.Own(r)
	t.Name = template.RefTo(r.ID + "." + attribute)
	t.Qualifier = versionKey(r.ID + ".Version")
	if name, ok := s.SAMProperty(r, "AutoPublishAlias").One(); ok && attribute == "Alias" {
		t.Qualifier = name.Key()
	}
	return t
}

// EventTarget returns what SAM lets the events of a function call: the alias, where
// AutoPublishAlias makes one, or else the function.
func (s *Names) EventTarget(r template.Resource) Target {
	if alias := s.SAMProperty(r, "AutoPublishAlias"); alias.Exists() && alias.Kind() != template.Null { // which replaces that of Globals
		return s.samQualified(r, "Alias")
	}
	return s.Own(r)
}

// aliasesOf returns the logical ids of the aliases with the key, see aliasNames.
func (s *Names) aliasesOf(key string) []string {
	var ids []string
	for _, c := range s.aliasNames()[key] {
		ids = append(ids, c.id)
	}
	return slices.Compact(ids)
}

// aliasNames maps "<function's key>:<alias's name>" to the aliases that have it.
func (s *Names) aliasNames() map[string][]candidate {
	if s.aliases != nil {
		return s.aliases
	}
	s.aliases = map[string][]candidate{}
	for _, r := range s.Resources("AWS::Lambda::Alias") {
		names := r.Properties().Get("Name").Variants()
		for _, t := range s.functionsOf(r, 1) {
			for _, name := range names {
				if when, ok := t.When.And(name.When); ok && !name.Absent {
					key := t.Key + ":" + name.Text.Key()
					s.aliases[key] = append(s.aliases[key], candidate{r.ID, when})
				}
			}
		}
	}
	for key, all := range s.aliases {
		slices.SortStableFunc(all, func(a, b candidate) int { return strings.Compare(a.id, b.id) })
		s.aliases[key] = all
	}
	return s.aliases
}

// qualify adds a textual qualifier to a target.
func (s *Names) qualify(t Target, q template.Text) (Target, *finding.Finding) {
	plain, isPlain := q.Plain()
	switch {
	case isPlain && plain == "":
		return t, nil
	case isPlain && plain == latest:
		return t, &finding.Finding{Reason: Latest}
	case t.Qualifier != "":
		return t, &finding.Finding{Reason: Dangling, Detail: "a qualifier behind an alias or version"}
	}
	if p, ok := q.Single(); ok && p.Kind == template.Att {
		if id, ok := strings.CutSuffix(p.Text, ".Version"); ok && s.TypeOf(id) == "AWS::Lambda::Version" {
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
	if all := s.aliasNames()[t.ID()]; len(all) == 1 {
		if when, ok := t.When.And(all[0].when); ok {
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
		return t, &finding.Finding{Reason: NameTooLong}
	}
	return t, nil
}

// latest is the qualifier of the unpublished version.
const latest = "$LATEST"

// maxName is the longest FunctionName of an AWS::Lambda::Permission
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html).
const maxName = 140

// nameLength returns how long the name of a function is at least.
func (s *Names) nameLength(name template.Text, function string) int {
	if plain, ok := name.Plain(); ok {
		return len(plain)
	}
	r, _ := s.t.Resource(function)
	x, _ := r.Properties().Get("FunctionName").One()
	plain, _ := x.Plain()
	return max(1, len(plain))
}

// autoPublishes reports whether q is the alias of a SAM function's AutoPublishAlias.
func (s *Names) autoPublishes(r template.Resource, q template.Text) bool {
	if r.Type != "AWS::Serverless::Function" {
		return false
	}
	name, ok := s.SAMProperty(r, "AutoPublishAlias").One()
	return ok && name.Key() == q.Key()
}
