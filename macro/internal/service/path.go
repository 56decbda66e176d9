package service

import (
	"iter"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// at yields the values at a path of members, in which "[]" follows lists, each with its
// guard: every object, list and element on the way may be an Fn::If. A value itself is
// yielded as it is, with its branches.
func at(v template.Value, path string) iter.Seq2[template.Guard, template.Value] {
	return func(yield func(template.Guard, template.Value) bool) {
		follow(v, path, nil, yield)
	}
}

func follow(v template.Value, path string, when template.Guard, yield func(template.Guard, template.Value) bool) bool {
	name, rest, more := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(name, "[]")
	v = v.Get(name)
	if !more && !isList {
		return !v.Exists() || yield(when, v)
	}
	each := v.Branches
	if isList {
		each = v.Elements
	}
	for inner, next := range each {
		both, possible := when.And(inner)
		switch {
		case !possible:
		case more && !follow(next, rest, both, yield), !more && !yield(both, next):
			return false
		}
	}
	return true
}

// whenWord yields the guards under which a property may be a word; surely is false where
// that isn't known, such as for a parameter whose value is empty.
func whenWord(s *invoke.Finder, v template.Value, word string) iter.Seq2[template.Guard, bool] {
	return func(yield func(when template.Guard, surely bool) bool) {
		for when, x := range v.Branches {
			text, known := s.Known(x)
			if known = known && text != ""; (!known || text == word) && !yield(when, known) {
				return
			}
		}
	}
}

// word is the text of a value, such as an event's name, with references as in Fn::Sub; ""
// where conditions give it several.
func word(v template.Value) string {
	x, _ := v.One()
	return x.String()
}

// words are those of a list, separated by commas.
func words(v template.Value) string {
	var out []string
	for _, x := range v.Elements {
		out = append(out, word(x))
	}
	return strings.Join(out, ", ")
}

// spellID is [invoke.Spells] of resources whose Ref equals one of their attributes.
func spellID(id string) invoke.Spells {
	return func(_ *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
		return template.RefTo(r.ID), attribute == id
	}
}
