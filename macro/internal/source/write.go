package source

import (
	"strings"
)

// A written is a value as YAML text in block style.
type written struct {
	head  string   // what follows its key or dash in the same line
	block []string // the lines below, not indented
	list  bool     // these begin with "- "
}

// member writes an entry of a block mapping at column 0.
func (s style) member(name string, v *node) []string {
	return s.below(s.scalar(name, false)+":", s.value(v))
}

// below joins a key, with its colon, and its value.
func (s style) below(key string, w written) []string {
	if w.head != "" {
		key += " " + w.head
	}
	by := s.step
	if w.list {
		by = s.list
	}
	return append([]string{key}, shift(w.block, by)...)
}

// item writes an element of a block list at column 0.
func (s style) item(v *node) []string {
	w := s.value(v)
	if w.head != "" {
		return append([]string{"- " + w.head}, shift(w.block, 2)...)
	}
	lines := shift(w.block, 2)
	lines[0] = "- " + w.block[0]
	return lines
}

func (s style) value(v *node) written {
	if tag, arg := s.tag(v); arg != nil {
		if arg.kind == str {
			return written{head: tag + " " + s.scalar(arg.string(), false)}
		}
		if att := attribute(v); att != "" {
			return written{head: tag + " " + s.scalar(att, false)}
		}
		w := s.collection(arg)
		w.head = strings.TrimSpace(tag + " " + w.head)
		return w
	}
	return s.collection(v)
}

// collection writes a value without a short tag of its own.
func (s style) collection(v *node) written {
	switch {
	case !isContainer(v.kind):
		return written{head: s.leaf(v, false)}
	case len(v.children) == 0:
		return written{head: string(rune(v.kind)) + string(rune(closing(v.kind)))}
	}
	w := written{list: v.kind == array}
	for _, child := range v.children {
		if w.list {
			w.block = append(w.block, s.item(child)...)
		} else {
			w.block = append(w.block, s.member(child.name, child)...)
		}
	}
	return w
}

func (s style) leaf(v *node, flow bool) string {
	switch v.kind {
	case str:
		return s.scalar(v.string(), flow)
	case number:
		return yamlNumber(v.raw)
	}
	return v.raw
}

// tag returns the short tag of an intrinsic function, and its argument. The argument
// is nil where the function can't be written in the short form: where its argument
// has a short tag itself (a value has only one), where it isn't text and a tag would
// make it text, and for Fn::GetAtt of a single text (the tag would split it).
func (s style) tag(v *node) (string, *node) {
	if !s.short || v.kind != object || len(v.children) != 1 {
		return "", nil
	}
	arg := v.children[0]
	name, fn := strings.CutPrefix(arg.name, "Fn::")
	if fn == (name == "Ref" || name == "Condition") || !isWord(name) {
		return "", nil
	}
	switch {
	case !fn && arg.kind != str, name == "GetAtt" && arg.kind == str:
		return "", nil
	case arg.kind == str:
	case !isContainer(arg.kind):
		return "", nil
	case name == "GetAtt" && !allText(arg):
		return "", nil
	default:
		if _, nested := s.tag(arg); nested != nil {
			return "", nil
		}
	}
	return "!" + name, arg
}

// attribute returns "Logical.Attribute" for an Fn::GetAtt of two texts that the short
// tag splits at the same dot; "" for any other value.
func attribute(v *node) string {
	arg := v.children[0]
	if arg.name != "Fn::GetAtt" || arg.kind != array || len(arg.children) != 2 || !allText(arg) {
		return ""
	}
	id, name := arg.children[0].string(), arg.children[1].string()
	if strings.Contains(id, ".") {
		return ""
	}
	return id + "." + name
}

func allText(list *node) bool {
	for _, child := range list.children {
		if child.kind != str {
			return false
		}
	}
	return list.kind == array
}

func isWord(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// shift indents lines.
func shift(lines []string, by int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.Repeat(" ", by) + line
	}
	return out
}
