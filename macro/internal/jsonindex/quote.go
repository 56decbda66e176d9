package jsonindex

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// stringEnd returns the offset after the string that begins at p.
func stringEnd(s string, p int) int {
	for p++; ; p++ {
		switch s[p] {
		case '"':
			return p + 1
		case '\\':
			p++ // the escaped character can't end the string
		}
	}
}

// unquote returns the text of a JSON string.
func unquote(quoted string, escaped bool) string {
	if !escaped {
		return quoted[1 : len(quoted)-1]
	}
	b, err := jsontext.AppendUnquote(nil, quoted)
	if err != nil {
		return quoted[1 : len(quoted)-1] // not reached: the text is valid
	}
	return string(b)
}

// Quote returns s as a JSON string. Bytes that are no UTF-8 become U+FFFD.
func Quote(s string) string { return string(AppendQuote(make([]byte, 0, len(s)+2), s)) }

// AppendQuote appends s as a JSON string to b.
func AppendQuote(b []byte, s string) []byte {
	if IsPlain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	b, _ = jsontext.AppendQuote(b, s) // its error only tells of replaced bytes
	return b
}

// IsPlain reports whether a text needs no escapes in a JSON string: it is ASCII
// without quotes, backslashes and control characters.
func IsPlain(s string) bool {
	src := bytesOf(s)
	if len(src) < 8 {
		const blanks = 0x2020202020202020 // after the end
		return special(loadLast(src, 0)|blanks<<(8*len(src))) == 0
	}
	for p := 0; p+8 < len(src); p += 8 {
		if special(load(src, p)) != 0 {
			return false
		}
	}
	return special(load(src, len(src)-8)) == 0
}

// Compact returns JSON text without the white space between its tokens.
func Compact(raw string) string {
	if !strings.ContainsAny(raw, " \n\r\t") {
		return raw
	}
	var b strings.Builder
	for p := 0; p < len(raw); {
		switch raw[p] {
		case '"':
			end := stringEnd(raw, p)
			b.WriteString(raw[p:end])
			p = end
		case ' ', '\n', '\r', '\t':
			p++
		default:
			b.WriteByte(raw[p])
			p++
		}
	}
	return b.String()
}
