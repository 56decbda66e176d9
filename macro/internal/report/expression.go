package report

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// readable writes the expressions in a text as a template's author writes
// them: ${{"Fn::ImportValue":"x"}} becomes !ImportValue x where it is all of
// the text, and ${!ImportValue x} where it is a part.
func readable(s string) string {
	const begin = "${{"
	if !strings.Contains(s, begin) {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, begin)
		if at < 0 {
			return b.String() + s
		}
		b.WriteString(s[:at])
		rest := s[at+len(begin)-1:]
		d := jsontext.NewDecoder(strings.NewReader(rest))
		v, err := d.ReadValue()
		end := int(d.InputOffset())
		if err != nil || !strings.HasPrefix(rest[end:], "}") {
			b.WriteString(s[at : at+len(begin)])
			s = rest[1:]
			continue
		}
		word := shortForm(v)
		if s = rest[end+1:]; b.Len() == 0 && s == "" {
			return word
		}
		b.WriteString("${" + word + "}")
	}
}

// shortForm is a JSON value as YAML in one line, with the short tags of
// intrinsic functions.
func shortForm(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		text, _ := jsontext.AppendUnquote(nil, v)
		if len(text) == 0 || strings.ContainsAny(string(text), ",[]{}'\"\n") {
			return "'" + strings.ReplaceAll(string(text), "'", "''") + "'"
		}
		return string(text)
	case '[':
		return "[" + strings.Join(parts(v, func(_ string, item jsontext.Value) string { return shortForm(item) }), ", ") + "]"
	case '{':
		members := parts(v, func(name string, item jsontext.Value) string {
			if fn, ok := strings.CutPrefix(name, "Fn::"); ok {
				return "!" + fn + " " + shortForm(item)
			}
			return name + ": " + shortForm(item)
		})
		if len(members) == 1 && strings.HasPrefix(members[0], "!") {
			return members[0]
		}
		if name, ok := strings.CutPrefix(strings.Join(members, ", "), "Ref: "); ok && len(members) == 1 {
			return "!Ref " + name
		}
		return "{" + strings.Join(members, ", ") + "}"
	}
	return string(v)
}

// parts returns f of each member or element of a valid JSON value.
func parts(v jsontext.Value, f func(name string, item jsontext.Value) string) []string {
	d := jsontext.NewDecoder(strings.NewReader(string(v)))
	d.ReadToken()
	var out []string
	for d.PeekKind() != '}' && d.PeekKind() != ']' {
		name := ""
		if v.Kind() == '{' {
			token, err := d.ReadToken()
			if err != nil {
				return out
			}
			name = token.String()
		}
		item, err := d.ReadValue()
		if err != nil {
			return out
		}
		out = append(out, f(name, item.Clone()))
	}
	return out
}
