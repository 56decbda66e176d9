package policy

import (
	"slices"
	"strings"
)

// An operator compares a value of a condition with the request's text for the key.
type operator func(value, text string) Answer

// operators are those that are understood, in lower case
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
// ArnEquals and ArnLike are the same there.
var operators = map[string]operator{
	"stringequals":           exactly,
	"stringequalsignorecase": func(value, text string) Answer { return exactly(strings.ToLower(value), strings.ToLower(text)) },
	"stringlike":             compare,
	"arnequals":              compareARN,
	"arnlike":                compareARN,
	"bool":                   func(value, text string) Answer { return exactly(strings.ToLower(value), text) },
}

// negated are the operators that hold where none of the values matches, each with
// the one that it negates.
var negated = map[string]string{
	"stringnotequals":           "stringequals",
	"stringnotequalsignorecase": "stringequalsignorecase",
	"stringnotlike":             "stringlike",
	"arnnotequals":              "arnequals",
	"arnnotlike":                "arnlike",
}

// holds reports whether the condition is true for the request. A key that the
// request doesn't have makes it false, but for the negated operators, …IfExists
// and Null.
func (c Condition) holds(r Request) Answer {
	name, key := strings.ToLower(c.Operator), strings.ToLower(c.Key)
	text, there := r.Keys[key]
	absent := slices.Contains(r.Absent, key)
	if name == "null" {
		return c.null(there, absent)
	}
	name, ifExists := strings.CutSuffix(name, "ifexists")
	positive, not := negated[name]
	if !not {
		positive = name
	}
	compares, known := operators[positive]
	switch {
	case !known || !there && !absent:
		return Perhaps
	case absent && (ifExists || not):
		return Yes
	case absent:
		return No
	}
	answer := best(c.Values, func(value string) Answer { return compares(value, text) })
	if not {
		return answer.not()
	}
	return answer
}

// null evaluates the operator Null: whether the key is absent, for the value "true",
// or there, for "false".
func (c Condition) null(there, absent bool) Answer {
	if there == absent || len(c.Values) != 1 {
		return Perhaps
	}
	return exactly(strings.ToLower(c.Values[0]), map[bool]string{true: "true", false: "false"}[absent])
}

// exactly compares without wildcards: a * of the value is that character,
// which no ARN, account or name has.
func exactly(value, text string) Answer {
	if hasWildcard(value) {
		return No
	}
	return compare(value, text)
}

func hasWildcard(s string) bool {
	for i := 0; i < len(s); i = tokenEnd(s, i) {
		if s[i] == '*' || s[i] == '?' {
			return true
		}
	}
	return false
}

// arnParts is how many parts an ARN has between its colons; further colons belong
// to the last.
const arnParts = 6

// compareARN compares each of the six parts of an ARN by itself, so that a * doesn't
// match beyond the next colon, except in the last part.
func compareARN(value, text string) Answer {
	if value == "*" || value == text && !hasWildcard(text) {
		return Yes
	}
	pattern, parts := SplitARN(value), SplitARN(text)
	if len(pattern) < arnParts || len(parts) < arnParts {
		return Perhaps
	}
	answer := Yes
	for i := range pattern {
		answer = min(answer, compare(pattern[i], parts[i]))
	}
	return answer
}

// SplitARN splits an ARN at its first five colons that aren't in a symbol.
func SplitARN(s string) []string {
	parts, start := make([]string, 0, arnParts), 0
	for i := 0; i < len(s) && len(parts) < arnParts-1; i = tokenEnd(s, i) {
		if s[i] == ':' {
			parts, start = append(parts, s[start:i]), i+1
		}
	}
	return append(parts, s[start:])
}
