package source

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// properties returns where the node's anchor and tag end, and where its
// content starts. Both are the node's start where it has neither.
func (m *marks) properties(n *yaml.Node) (end, content int) {
	at := m.start(n)
	end = at
	count := 0
	if n.Anchor != "" {
		count++
	}
	if tagged(n) || n.Tag == "!" {
		count++
	}
	for ; count > 0 && at < len(m.src); count-- {
		end = m.property(at)
		at = m.gap(end)
	}
	if n.Kind == yaml.ScalarNode && isPlain(n) && n.Value == "" {
		return end, end // what follows the gap belongs to somebody else
	}
	return end, at
}

// property returns the end of the anchor or tag that starts at at.
func (m *marks) property(at int) int {
	if strings.HasPrefix(string(m.src[at:min(at+2, len(m.src))]), "!<") {
		for at < len(m.src) && m.src[at] != '>' {
			at++
		}
		return min(at+1, len(m.src))
	}
	for at < len(m.src) && !isBlank(m.src[at]) && lineBreak(m.src[at:]) == 0 && !strings.ContainsRune(",[]{}", rune(m.src[at])) {
		at++
	}
	return at
}

// end returns where the node ends: after its last character, which for a
// block collection is that of its last entry, and for a block scalar the end
// of its last line.
func (m *marks) end(n *yaml.Node) int {
	end, at := m.properties(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return min(at+1+len(n.Value), len(m.src))
	case n.Kind == yaml.ScalarNode:
		return m.scalarEnd(n, end, at)
	case n.Style&yaml.FlowStyle != 0:
		return m.flowEnd(n, at)
	}
	return m.lastEnd(n, at)
}

// lastEnd returns where the last entry of a collection ends, or empty where
// there is none.
func (m *marks) lastEnd(n *yaml.Node, empty int) int {
	c := n.Content
	switch {
	case len(c) == 0:
		return empty
	case n.Kind == yaml.SequenceNode:
		return m.end(c[len(c)-1])
	}
	key, value := c[len(c)-2], c[len(c)-1]
	if isVoid(value) {
		return m.colon(key)
	}
	return m.end(value)
}

// colon returns where the colon after a key ends. A key without one, in
// "{key}" or "? key", has its own end instead.
func (m *marks) colon(key *yaml.Node) int {
	end := m.end(key)
	at := m.gap(end)
	if at == len(m.src) || m.src[at] != ':' {
		return end
	}
	at++
	if isPlain(key) && at < len(m.src) && !isBlank(m.src[at]) && lineBreak(m.src[at:]) == 0 && !strings.ContainsRune(",[]{}", rune(m.src[at])) {
		return end // the next key, which starts with a colon
	}
	return at
}

func (m *marks) scalarEnd(n *yaml.Node, end, at int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return m.quotedEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return m.quotedEnd(at, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return m.blockEnd(n, at)
	case n.Value == "":
		return end
	}
	return m.plainEnd(at, n.Value)
}

func (m *marks) quotedEnd(at int, q byte) int {
	for at++; at < len(m.src); at++ {
		switch {
		case m.src[at] == '\\' && q == '"':
			at++
		case m.src[at] == q && q == '\'' && at+1 < len(m.src) && m.src[at+1] == q:
			at++
		case m.src[at] == q:
			return at + 1
		}
	}
	return len(m.src)
}

// plainEnd follows the value through the text: only space and line breaks
// may differ between the two.
func (m *marks) plainEnd(at int, value string) int {
	end := at
	for _, r := range value {
		if isSpace(r) {
			continue
		}
		for at < len(m.src) {
			got, size := utf8.DecodeRune(m.src[at:])
			at += size
			if got == r {
				end = at
				break
			}
			if !isSpace(got) {
				return end
			}
		}
	}
	return end
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// flowEnd returns the place after the closing bracket. A pair in a flow
// sequence, "[a: b]", is a mapping without brackets and ends with its value.
func (m *marks) flowEnd(n *yaml.Node, at int) int {
	if !m.bracketed(at) {
		return m.lastEnd(n, at)
	}
	at = m.lastEnd(n, at+1)
	for at < len(m.src) {
		at = m.gap(at)
		if at < len(m.src) {
			at++
			if c := m.src[at-1]; c == ']' || c == '}' {
				break
			}
		}
	}
	return at
}

func (m *marks) bracketed(at int) bool {
	return at < len(m.src) && (m.src[at] == '[' || m.src[at] == '{')
}

// blockEnd returns the end of a block scalar's last line. The blank lines that
// follow its text belong to it where they count: under "keep", and where there
// is no text.
func (m *marks) blockEnd(n *yaml.Node, at int) int {
	header := m.lineEnd(at)
	if n.Value == "" {
		return header
	}
	indent := m.blockIndent(n, at)
	last := m.line(at)
	blanks := last // the last of the blank lines that follow
	for i := last + 1; i < len(m.lines); i++ {
		line := m.lineText(i)
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if i == len(m.lines)-1 && line == "" {
			break // no line, but the end of the one before
		}
		blanks = i
		if spaces == len(line) && (indent < 0 || spaces <= indent) {
			continue
		}
		if indent < 0 || spaces < indent {
			blanks = i - 1
			break
		}
		last = i
	}
	if indent < 0 || m.keeps(at) {
		last = max(last, blanks)
	}
	return m.lineEnd(m.lines[last])
}

// blockIndent returns the number of spaces before each line of a block scalar,
// or -1 where it has no text: the first line that has some shows it.
func (m *marks) blockIndent(n *yaml.Node, at int) int {
	for _, line := range strings.FieldsFunc(n.Value, func(r rune) bool { return isSpace(r) && r != ' ' && r != '\t' }) {
		text := strings.TrimLeft(line, " ")
		if text == "" {
			continue
		}
		for i := m.line(at) + 1; i < len(m.lines); i++ {
			got := m.lineText(i)
			if rest := strings.TrimLeft(got, " "); rest != "" {
				return len(got) - len(rest) - (len(line) - len(text))
			}
		}
	}
	return -1
}

// keeps reports whether the header of a block scalar, as in "|+", keeps all
// the line breaks at its end.
func (m *marks) keeps(at int) bool {
	end := at + 1
	for end < len(m.src) && strings.ContainsRune("+-0123456789", rune(m.src[end])) {
		end++
	}
	return strings.Contains(string(m.src[at:end]), "+")
}

func tagged(n *yaml.Node) bool { return n.Style&yaml.TaggedStyle != 0 }

// isPlain reports whether a scalar is written without quotes and not as a block.
func isPlain(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// isVoid reports whether nothing at all is written for the node.
func isVoid(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && isPlain(n) && n.Value == "" && n.Anchor == "" && !tagged(n) && n.Tag != "!"
}
