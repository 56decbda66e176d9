package source

import (
	"fmt"
	"strings"
	"unicode"
)

// scalar writes text as a YAML scalar: plain where every YAML reader takes it for
// the same text, else in the author's kind of quotes. flow tells that it is inside of
// brackets.
func (s style) scalar(v string, flow bool) string {
	switch {
	case s.json:
		return doubleQuoted(v)
	case plainText(v, flow):
		return v
	}
	return quoted(v, s.double)
}

// quoted writes text in quotes: double ones where these are preferred, or where the
// text needs escapes.
func quoted(v string, double bool) string {
	escapes := strings.ContainsFunc(v, func(r rune) bool { return !showable(r) })
	if escapes || double && !strings.ContainsAny(v, `"\`) {
		return doubleQuoted(v)
	}
	return "'" + strings.ReplaceAll(v, "'", "''") + "'"
}

func doubleQuoted(v string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range v {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case showable(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// showable reports whether a character needs no escape in quotes.
func showable(r rune) bool {
	return r == ' ' || printable(r) && unicode.IsGraphic(r) && !isSpace(r)
}

// plainText reports whether text needs no quotes. It asks for more than YAML
// does, so that readers of YAML 1.1 and 1.2 agree.
func plainText(v string, flow bool) bool {
	if v == "" || !plainStart(rune(v[0])) || v[len(v)-1] == ' ' || v[len(v)-1] == ':' {
		return false
	}
	if strings.Contains(v, ": ") || strings.Contains(v, " #") || strings.ContainsAny(v, "{}[]") {
		return false
	}
	for _, r := range v {
		if !showable(r) || r > unicode.MaxASCII && !unicode.IsLetter(r) {
			return false
		}
		if flow && (r == ',' || r == '?') {
			return false
		}
	}
	switch strings.ToLower(v) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return true
}

// plainStart reports whether plain text may begin with a character: none of YAML's
// indicators, and nothing that begins a number or a date.
func plainStart(r rune) bool {
	return r == '_' || r == '/' || r == '$' || r == '(' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// yamlNumber writes a JSON number so that YAML 1.1 takes it for one: an
// exponent wants a dot before it and a sign.
func yamlNumber(raw string) string {
	i := strings.IndexAny(raw, "eE")
	if i < 0 {
		return raw
	}
	mantissa, exponent := raw[:i], raw[i+1:]
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if exponent[0] != '-' && exponent[0] != '+' {
		exponent = "+" + exponent
	}
	return mantissa + "e" + exponent
}
