package audit

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// meets reports whether a source of a statement can be that of a route, for
// some values of its parameters. A parameter has no slash in it, other than
// {proxy+}; the statement's * may have.
func meets(source, literal string) bool {
	s, l := strings.SplitN(source, ":", 6), strings.SplitN(literal, ":", 6)
	if len(s) < 6 || len(l) < 6 || strings.Contains(source, "${") {
		return true
	}
	for i := range 5 {
		if !policy.Overlaps(s[i], l[i]) {
			return false
		}
	}
	return meet(s[5], tokens(l[5]))
}

// A token is a character of a route, or a parameter of its path.
type token struct {
	char         byte
	param, slash bool // slash: the parameter's value may have slashes
}

// tokens divides a route into tokens. "*" is taken for a parameter.
func tokens(route string) []token {
	var out []token
	for i := 0; i < len(route); i++ {
		if route[i] == '*' {
			out = append(out, token{param: true, slash: true})
			continue
		}
		if end := strings.IndexByte(route[i:], '}'); route[i] == '{' && end > 0 {
			out = append(out, token{param: true, slash: strings.HasSuffix(route[:i+end], "+")})
			i += end
			continue
		}
		out = append(out, token{char: route[i]})
	}
	return out
}

// meet reports whether some text matches both a pattern and a route, a parameter
// being one character or more. It works from the end: row[j] tells whether
// pattern[i:] and route[j:] have a text in common, next[j] the same of
// pattern[i+1:].
func meet(pattern string, route []token) bool {
	next := make([]bool, len(route)+1)
	for i := len(pattern); i >= 0; i-- {
		row := make([]bool, len(route)+1)
		for j := len(route); j >= 0; j-- {
			switch {
			case i == len(pattern):
				row[j] = j == len(route)
			case pattern[i] == '*':
				row[j] = next[j] || j < len(route) && row[j+1]
			case j < len(route) && pattern[i] == '?':
				row[j] = next[j+1] || route[j].param && next[j]
			case j < len(route) && route[j].param:
				row[j] = (route[j].slash || pattern[i] != '/') && (next[j+1] || next[j])
			case j < len(route):
				row[j] = pattern[i] == route[j].char && next[j+1]
			}
		}
		next = row
	}
	return next[0]
}
