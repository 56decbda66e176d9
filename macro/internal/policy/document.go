package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Document is a resource policy
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
type Document struct{ Statements []Statement }

// A Statement is one of a policy, as it is written. [Statement.Matches] says what it
// is about.
type Statement struct {
	ID         string // Sid
	Effect     Effect
	Principals []Principal
	Actions    []string // patterns
	Resources  []string // patterns; none: the function that the policy is attached to
	Conditions []Condition
	Unclear    []string // the names of the elements that aren't understood here, sorted
}

// Effect is Allow or Deny; of a statement that isn't understood, neither.
type Effect string

// The effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// A Principal is who may call: of kind Service "s3.amazonaws.com", of kind AWS
// an account or its identities. Everybody is {"AWS", "*"}, however it is written.
type Principal struct{ Kind, Name string }

// Everybody is the principal *.
var Everybody = Principal{"AWS", "*"}

// A Condition is one key under one operator; its values are alternatives.
type Condition struct {
	Operator, Key string
	Values        []string
}

// Read reads a policy document: JSON, in which texts may have symbols (their
// control characters as \u0001 and \u0002). What isn't understood in a statement is
// in its Unclear; an error is returned for text that is no policy document.
func Read(src []byte) (Document, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(src, &top); err != nil || top == nil {
		return Document{}, errors.New("the policy document is no JSON object")
	}
	list, ok := elements(top["Statement"])
	if !ok {
		return Document{}, errors.New("the policy document has no Statement")
	}
	d := Document{Statements: make([]Statement, 0, len(list))}
	for _, raw := range list {
		d.Statements = append(d.Statements, ReadStatement(raw))
	}
	return d, nil
}

// ReadStatement reads one statement of a document.
func ReadStatement(src []byte) Statement {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(src, &members); err != nil || members == nil {
		return Statement{Unclear: []string{"Statement"}}
	}
	s := Statement{}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if raw := members[name]; !s.element(name, raw) {
			s.Unclear = append(s.Unclear, name)
		}
	}
	for name, is := range map[string]bool{"Effect": s.Effect != "", "Principal": len(s.Principals) > 0, "Action": len(s.Actions) > 0} {
		if !is && !slices.Contains(s.Unclear, name) && members["Not"+name] == nil {
			s.Unclear = append(s.Unclear, name)
		}
	}
	slices.Sort(s.Unclear)
	return s
}

// element reads one member of a statement. It returns false where that isn't
// understood.
func (s *Statement) element(name string, raw json.RawMessage) (ok bool) {
	switch name {
	case "Sid":
		ok = json.Unmarshal(raw, &s.ID) == nil
	case "Effect":
		var effect Effect
		if ok = json.Unmarshal(raw, &effect) == nil && (effect == Allow || effect == Deny); ok {
			s.Effect = effect
		}
	case "Principal":
		s.Principals, ok = principals(raw)
	case "Action":
		s.Actions, ok = texts(raw)
	case "Resource":
		s.Resources, ok = texts(raw)
	case "Condition":
		s.Conditions, ok = conditions(raw)
	}
	return ok
}

// principals reads * or {kind: name or names}.
func principals(raw json.RawMessage) (out []Principal, ok bool) {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []Principal{Everybody}, one == "*"
	}
	var kinds map[string]json.RawMessage
	if json.Unmarshal(raw, &kinds) != nil {
		return nil, false
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		names, isList := texts(kinds[kind])
		if !isList {
			return nil, false
		}
		for _, name := range names {
			out = append(out, Principal{kind, name})
		}
	}
	return out, len(out) > 0
}

// conditions reads {operator: {key: value or values}}.
func conditions(raw json.RawMessage) (out []Condition, ok bool) {
	var operators map[string]map[string]json.RawMessage
	if json.Unmarshal(raw, &operators) != nil {
		return nil, false
	}
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		keys := operators[operator]
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			values, isList := texts(keys[key])
			if !isList {
				return out, false
			}
			out = append(out, Condition{operator, key, values})
		}
		if len(keys) == 0 {
			return out, false
		}
	}
	return out, true
}

// texts reads a text or a list of texts, one at least; numbers and booleans count
// as their text.
func texts(raw json.RawMessage) (out []string, ok bool) {
	list, _ := elements(raw)
	for _, x := range list {
		var v any
		if json.Unmarshal(x, &v) != nil {
			return nil, false
		}
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case float64, bool:
			out = append(out, strings.TrimSpace(string(x)))
		default:
			return nil, false
		}
	}
	return out, len(out) > 0
}

// elements returns the elements of a list, or the value itself; ok is false for no
// value and for null.
func elements(raw json.RawMessage) (list []json.RawMessage, ok bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, false
	}
	if json.Unmarshal(raw, &list) == nil {
		return list, true
	}
	return []json.RawMessage{raw}, true
}

// Name is the statement's Sid, or else its number in the policy, counted from 1.
func (s Statement) Name(number int) string {
	if s.ID != "" {
		return s.ID
	}
	return fmt.Sprintf("statement %d", number)
}
