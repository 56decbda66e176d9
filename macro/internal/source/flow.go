package source

import "strings"

// flow writes a value in one line, for a place inside brackets.
func (s style) flow(v *node) string {
	tag, arg := s.tag(v)
	if arg == nil {
		arg = v
	} else {
		tag += " "
		if att := attribute(v); att != "" {
			return tag + s.scalar(att, true)
		}
	}
	if !isContainer(arg.kind) {
		return tag + s.leaf(arg, true)
	}
	parts := make([]string, len(arg.children))
	for i, child := range arg.children {
		parts[i] = s.flowKey(arg, child.name) + s.flow(child)
	}
	return tag + string(rune(arg.kind)) + strings.Join(parts, ", ") + string(rune(closing(arg.kind)))
}

// flowKey writes the key of an entry in brackets; an element of a list has none.
func (s style) flowKey(in *node, name string) string {
	if in.kind == array {
		return ""
	}
	return s.scalar(name, true) + ": "
}

// spread writes a value in brackets in several lines, as JSON is laid out.
func (s style) spread(v *node, indent, unit string) string {
	if len(v.children) == 0 {
		return s.flow(v)
	}
	var b strings.Builder
	b.WriteByte(byte(v.kind))
	for i, child := range v.children {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s.eol + indent + unit + s.flowKey(v, child.name) + s.spread(child, indent+unit, unit))
	}
	b.WriteString(s.eol + indent)
	b.WriteByte(closing(v.kind))
	return b.String()
}
