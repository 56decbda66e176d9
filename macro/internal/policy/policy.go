// Package policy is what a statement of a function's resource policy allows:
// which sources its pattern matches, how many bytes it takes, and which of the
// wider patterns that a service offers are taken when there are too many; and
// whether a whole policy document allows a call. Its values are plain text and
// numbers; it knows no template and no service.
//
// A pattern is the last component of a source ARN: text in which * stands for
// any text, slashes included (IAM's ArnLike compares the six components of an
// ARN and looks into the last one as a whole,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
// What is known only at deployment is one symbol, enclosed in U+0001 and
// U+0002; a symbol equals itself alone.
package policy

import "strings"

// Symbol returns the symbol of a name.
func Symbol(name string) string { return "\x01" + name + "\x02" }

// Covers reports whether everything that need stands for is matched by
// pattern. A * in need stands for text that isn't known, so that only a * of
// the pattern covers it.
func Covers(pattern, need string) bool {
	head, rest, wild := cutStar(pattern)
	if strings.IndexByte(pattern, '?') >= 0 {
		return coversEach(pattern, need)
	}
	if !wild {
		return pattern == need && strings.IndexByte(need, '*') < 0
	}
	need, ok := strings.CutPrefix(need, head)
	for ok {
		piece, more, wild := cutStar(rest)
		if !wild {
			return hasSuffix(need, piece)
		}
		need, ok = after(need, piece) // its first occurrence: a * follows, which matches any text up to a later one
		rest = more
	}
	return false
}

// cutStar slices a pattern around its first * that isn't in a symbol.
func cutStar(pattern string) (before, after string, found bool) {
	for i := 0; i < len(pattern); {
		at := strings.IndexAny(pattern[i:], "*\x01")
		if at < 0 {
			break
		}
		if i += at; pattern[i] == '*' {
			return pattern[:i], pattern[i+1:], true
		}
		i = tokenEnd(pattern, i)
	}
	return pattern, "", false
}

// after returns the text behind the first occurrence of a piece that is outside of
// symbols.
func after(text, piece string) (rest string, found bool) {
	for {
		at := strings.Index(text, piece)
		if at < 0 {
			return "", false
		}
		symbol := strings.IndexByte(text[:at], '\x01')
		if symbol < 0 {
			return text[at+len(piece):], true
		}
		text = text[tokenEnd(text, symbol):] // the occurrence may be in the symbol: search again behind it
	}
}

// hasSuffix reports whether a text ends in a piece that doesn't begin in a symbol.
func hasSuffix(text, piece string) bool {
	before, ok := strings.CutSuffix(text, piece)
	return ok && strings.LastIndexByte(before, '\x01') <= strings.LastIndexByte(before, '\x02')
}

// coversEach is Covers for patterns with a ?. It compares character by character;
// where they differ it goes back to the last * of the pattern, which then matches
// one more.
func coversEach(pattern, need string) bool {
	p, n := 0, 0
	star, starEnd := -1, 0 // the last *, and the end of what it matches in need
	for n < len(need) {
		pe, ne := tokenEnd(pattern, p), tokenEnd(need, n)
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, starEnd = p, n
			p++
		case p < len(pattern) && (pattern[p:pe] == need[n:ne] || pattern[p] == '?' && ne == n+1 && need[n] != '*'):
			p, n = pe, ne
		case star >= 0:
			starEnd = tokenEnd(need, starEnd)
			p, n = star+1, starEnd
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// tokenEnd returns the end of the character or symbol at i.
func tokenEnd(s string, i int) int {
	if i < len(s) && s[i] == '\x01' {
		if end := strings.IndexByte(s[i:], '\x02'); end >= 0 {
			return i + end + 1
		}
		return len(s)
	}
	return min(i+1, len(s))
}
