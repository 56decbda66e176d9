package statement

import (
	"bytes"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// statements reads the statements of a policy with their conditions. One that can't be
// read is returned as unread.
func (r Speller) statements(p template.Resource) []ruled {
	var out []ruled
	number, documents := 0, 0
	for when, doc := range p.Properties().Get("PolicyDocument").Embedded {
		documents++
		list := doc.Get("Statement")
		if !list.Exists() {
			out = append(out, unread(p, when, "the document can't be read"))
			continue
		}
		for both, v := range listItems(when, list) {
			number++
			alternatives, ok := r.alternatives(v, false)
			if !ok {
				out = append(out, unread(p, both, policy.Statement{}.Name(number)+" has branches that can't be told apart"))
				continue
			}
			for _, a := range alternatives {
				if g, possible := both.And(a.when); possible && a.json != nil {
					st := policy.ReadStatement(a.json)
					out = append(out, ruled{Statement: st, By: p.ID, Name: st.Name(number), When: g})
				}
			}
		}
	}
	if documents == 0 {
		out = append(out, unread(p, nil, "there is no document"))
	}
	return out
}

// listItems yields the elements of a list, with those of lists and of branches of Fn::If
// within it; a value that is no list is its only element.
func listItems(when template.Guard, v template.Value) func(func(template.Guard, template.Value) bool) {
	return func(yield func(template.Guard, template.Value) bool) {
		for g, x := range v.Branches {
			both, ok := when.And(g)
			if !ok {
				continue
			}
			if x.Kind() != template.Array {
				if !yield(both, x) {
					return
				}
				continue
			}
			for item := range x.Items() {
				for inner, y := range listItems(both, item) {
					if !yield(inner, y) {
						return
					}
				}
			}
		}
	}
}

// An alternative is one of the JSON values that a part of a policy can have; nil is
// AWS::NoValue.
type alternative struct {
	json []byte
	when template.Guard
}

// alternatives returns what a value can be. A list, of whose elements IAM takes any, has
// an alternative for each condition of its elements. exact says that IAM doesn't, since
// an operator around is negated: then only one alternative is allowed. ok is false where
// there are too many.
func (r Speller) alternatives(v template.Value, exact bool) (out []alternative, ok bool) {
	fn, arg, isCall := v.Intrinsic()
	switch {
	case isCall && fn == "Fn::If" && arg.Len() == 3:
		cond, isText := arg.Item(0).Text()
		if !isText || exact {
			return nil, false
		}
		for i, not := range []bool{false, true} {
			branch, ok := r.alternatives(arg.Item(i+1), exact)
			if !ok {
				return nil, false
			}
			for _, a := range branch {
				if when, possible := a.when.And(template.When(cond, not)); possible {
					out = append(out, alternative{a.json, when})
				}
			}
		}
	case isCall:
		return r.expression(v, exact)
	case v.Kind() == template.Object:
		return r.object(v, exact)
	case v.Kind() == template.Array:
		return r.list(v, exact)
	case v.Kind() == template.Null || !v.Exists():
		return []alternative{{}}, true
	default:
		return r.expression(v, exact)
	}
	return out, len(out) <= maxValues
}

// expression is alternatives of a scalar or an expression.
func (r Speller) expression(v template.Value, exact bool) (out []alternative, ok bool) {
	if k := v.Kind(); k == template.Bool || k == template.Number {
		return []alternative{{json: []byte(v.Raw())}}, true
	}
	for _, x := range v.Variants() {
		if x.Absent {
			out = append(out, alternative{when: x.When})
		} else {
			out = append(out, alternative{template.AppendQuote(nil, r.Text(x.Text)), x.When})
		}
	}
	return out, !exact || len(out) == 1
}

// object is alternatives of an object: all combinations of those of its members.
func (r Speller) object(v template.Value, exact bool) ([]alternative, bool) {
	out := []alternative{{json: []byte{'{'}}}
	for name, m := range v.Members() {
		members, ok := r.alternatives(m, exact || strings.Contains(strings.ToLower(name), "not"))
		if !ok || len(out)*len(members) > maxValues {
			return nil, false
		}
		var next []alternative
		for _, a := range out {
			for _, b := range members {
				when, possible := a.when.And(b.when)
				if !possible {
					continue
				}
				json := bytes.Clone(a.json)
				if b.json != nil {
					if len(json) > 1 {
						json = append(json, ',')
					}
					json = append(append(template.AppendQuote(json, name), ':'), b.json...)
				}
				next = append(next, alternative{json, when})
			}
		}
		out = next
	}
	for i := range out {
		out[i].json = append(out[i].json, '}')
	}
	return out, true
}

// list is alternatives of a list: for each condition, a list of its elements.
func (r Speller) list(v template.Value, exact bool) ([]alternative, bool) {
	out := []alternative{{json: []byte{'['}}}
	places := map[string]int{"": 0} // in out, by condition
	for item := range v.Items() {
		elements, ok := r.alternatives(item, exact)
		if !ok || len(out) > maxValues {
			return nil, false
		}
		for _, e := range elements {
			if e.json == nil {
				continue
			}
			i, known := places[e.when.Key()]
			if !known {
				i = len(out)
				places[e.when.Key()], out = i, append(out, alternative{[]byte{'['}, e.when})
			}
			if len(out[i].json) > 1 {
				out[i].json = append(out[i].json, ',')
			}
			out[i].json = append(out[i].json, e.json...)
		}
	}
	if len(out) > 1 && len(out[0].json) == 1 {
		out = out[1:] // every element has a condition
	}
	for i := range out {
		out[i].json = append(out[i].json, ']')
	}
	return out, true
}
