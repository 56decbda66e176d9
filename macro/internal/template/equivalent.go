package template

import (
	"cmp"
	"slices"
)

// DefinedAs returns the name of the condition in the template whose definition
// is the given compact JSON.
func (t *Template) DefinedAs(definition string) (string, bool) {
	if t.defined == nil {
		t.defined = map[string]string{}
		for name, v := range t.Section("Conditions").Members() {
			text := v.Compact()
			if first, ok := t.defined[text]; !ok || name < first {
				t.defined[text] = name
			}
		}
	}
	name, ok := t.defined[definition]
	return name, ok
}

// Equivalent returns a condition of the template that is true exactly where one of
// the guards is, as far as definitions by one another tell: the first by name where
// there are several.
func (t *Template) Equivalent(guards []Guard) (string, bool) {
	if len(guards) > maxAtoms || slices.ContainsFunc(guards, func(g Guard) bool { return len(g) > maxAtoms }) {
		return "", false
	}
	found := ""
	for _, name := range t.candidates(guards) {
		own := When(name, false)
		if found != "" && name > found || t.structure().satisfiable(own, guards) {
			continue
		}
		if !slices.ContainsFunc(guards, func(g Guard) bool { return t.structure().satisfiable(g, []Guard{own}) }) {
			found = name
		}
	}
	return found, found != ""
}

// candidates returns the conditions that may be equivalent to guards, sorted: those
// that are made of others, and those that the guards are made of.
func (t *Template) candidates(guards []Guard) []string {
	if t.composed == nil {
		t.composed = []string{}
		for name, v := range t.Section("Conditions").Members() {
			if isComposed(v) {
				t.composed = append(t.composed, name)
			}
		}
	}
	seen := map[string]bool{}
	for _, g := range guards {
		for _, term := range g {
			t.addReachable(term.Cond, seen)
		}
	}
	all := slices.Clone(t.composed)
	for name := range seen {
		all = append(all, name)
	}
	slices.SortFunc(all, cmp.Compare[string])
	return slices.Compact(all)
}

func isComposed(v Value) bool {
	switch fn, _, _ := v.Intrinsic(); fn {
	case "Condition", "Fn::And", "Fn::Or", "Fn::Not":
		return true
	}
	return false
}

// addReachable notes a condition and those that it is made of.
func (t *Template) addReachable(name string, seen map[string]bool) {
	v := t.Section("Conditions").Get(name)
	if seen[name] || !v.Exists() {
		return
	}
	seen[name] = true
	t.addReachableIn(v, seen)
}

func (t *Template) addReachableIn(v Value, seen map[string]bool) {
	if !isComposed(v) {
		return
	}
	fn, arg, _ := v.Intrinsic()
	if name, ok := arg.Text(); ok && fn == "Condition" {
		t.addReachable(name, seen)
	}
	for x := range arg.Items() {
		t.addReachableIn(x, seen)
	}
}
