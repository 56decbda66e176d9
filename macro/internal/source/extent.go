package source

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// properties returns where the node's anchor and tag end, and where its
// content starts. Both are the node's start where it has neither.
func (l *locator) properties(n *yaml.Node) (end, content int) {
	at := l.start(n)
	end = at
	count := 0
	if n.Anchor != "" {
		count++
	}
	if tagged(n) || n.Tag == "!" {
		count++
	}
	for ; count > 0 && at < len(l.src); count-- {
		end = l.property(at)
		at = l.gap(end)
	}
	if n.Kind == yaml.ScalarNode && isPlain(n) && n.Value == "" {
		return end, end // what follows the gap belongs to another node
	}
	return end, at
}

// property returns the end of the anchor or tag that starts at at.
func (l *locator) property(at int) int {
	if strings.HasPrefix(string(l.src[at:min(at+2, len(l.src))]), "!<") {
		for at < len(l.src) && l.src[at] != '>' {
			at++
		}
		return min(at+1, len(l.src))
	}
	for at < len(l.src) && !isBlank(l.src[at]) && lineBreak(l.src[at:]) == 0 && !strings.ContainsRune(",[]{}", rune(l.src[at])) {
		at++
	}
	return at
}

// end returns where the node ends: after its last character. For a block collection
// that is the end of its last entry, for a block scalar the end of its last line.
func (l *locator) end(n *yaml.Node) int {
	end, at := l.properties(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return min(at+1+len(n.Value), len(l.src))
	case n.Kind == yaml.ScalarNode:
		return l.scalarEnd(n, end, at)
	case n.Style&yaml.FlowStyle != 0:
		return l.flowEnd(n, at)
	}
	return l.lastEnd(n, at)
}

// lastEnd returns where the last entry of a collection ends, or empty where
// there is none.
func (l *locator) lastEnd(n *yaml.Node, empty int) int {
	c := n.Content
	switch {
	case len(c) == 0:
		return empty
	case n.Kind == yaml.SequenceNode:
		return l.end(c[len(c)-1])
	}
	key, value := c[len(c)-2], c[len(c)-1]
	if isEmpty(value) {
		return l.colon(key)
	}
	return l.end(value)
}

// colon returns where the colon after a key ends. A key without one, in
// "{key}" or "? key", has its own end instead.
func (l *locator) colon(key *yaml.Node) int {
	end := l.end(key)
	at := l.gap(end)
	if at == len(l.src) || l.src[at] != ':' {
		return end
	}
	at++
	if isPlain(key) && at < len(l.src) && !isBlank(l.src[at]) && lineBreak(l.src[at:]) == 0 && !strings.ContainsRune(",[]{}", rune(l.src[at])) {
		return end // the next key, which starts with a colon
	}
	return at
}

func (l *locator) scalarEnd(n *yaml.Node, end, at int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return l.quotedEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return l.quotedEnd(at, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return l.blockEnd(n, at)
	case n.Value == "":
		return end
	}
	return l.plainEnd(at, n.Value)
}

func (l *locator) quotedEnd(at int, q byte) int {
	for at++; at < len(l.src); at++ {
		switch {
		case l.src[at] == '\\' && q == '"':
			at++
		case l.src[at] == q && q == '\'' && at+1 < len(l.src) && l.src[at+1] == q:
			at++
		case l.src[at] == q:
			return at + 1
		}
	}
	return len(l.src)
}

// plainEnd returns where a plain scalar of several lines ends: it compares the value
// with the text, which may have other spaces and line breaks.
func (l *locator) plainEnd(at int, value string) int {
	end := at
	for _, r := range value {
		if isSpace(r) {
			continue
		}
		for at < len(l.src) {
			got, size := utf8.DecodeRune(l.src[at:])
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

// flowEnd returns where a collection in brackets ends: after the closing one. A pair
// in a flow sequence, "[a: b]", is a mapping without brackets and ends with its value.
func (l *locator) flowEnd(n *yaml.Node, at int) int {
	if !l.bracketed(at) {
		return l.lastEnd(n, at)
	}
	at = l.lastEnd(n, at+1)
	for at < len(l.src) {
		at = l.gap(at)
		if at < len(l.src) {
			at++
			if c := l.src[at-1]; c == ']' || c == '}' {
				break
			}
		}
	}
	return at
}

func (l *locator) bracketed(at int) bool {
	return at < len(l.src) && (l.src[at] == '[' || l.src[at] == '{')
}

// blockEnd returns the end of a block scalar's last line. Blank lines after its text
// belong to it only where they count: with "+" in its header, and where it has no
// text.
func (l *locator) blockEnd(n *yaml.Node, at int) int {
	header := l.lineEnd(at)
	if n.Value == "" {
		return header
	}
	indent := l.blockIndent(n, at)
	last := l.line(at)
	blanks := last // the last of the blank lines that follow
	for i := last + 1; i < len(l.lines); i++ {
		line := l.lineText(i)
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if i == len(l.lines)-1 && line == "" {
			break // the end of the last line, not a line of its own
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
	if indent < 0 || l.keeps(at) {
		last = max(last, blanks)
	}
	return l.lineEnd(l.lines[last])
}

// blockIndent returns the number of spaces before each line of a block scalar,
// or -1 where it has no text: the first line that has some shows it.
func (l *locator) blockIndent(n *yaml.Node, at int) int {
	for _, line := range strings.FieldsFunc(n.Value, func(r rune) bool { return isSpace(r) && r != ' ' && r != '\t' }) {
		text := strings.TrimLeft(line, " ")
		if text == "" {
			continue
		}
		for i := l.line(at) + 1; i < len(l.lines); i++ {
			got := l.lineText(i)
			if rest := strings.TrimLeft(got, " "); rest != "" {
				return len(got) - len(rest) - (len(line) - len(text))
			}
		}
	}
	return -1
}

// keeps reports whether the header of a block scalar, as in "|+", keeps all
// the line breaks at its end.
func (l *locator) keeps(at int) bool {
	end := at + 1
	for end < len(l.src) && strings.ContainsRune("+-0123456789", rune(l.src[end])) {
		end++
	}
	return strings.Contains(string(l.src[at:end]), "+")
}

func tagged(n *yaml.Node) bool { return n.Style&yaml.TaggedStyle != 0 }

// isPlain reports whether a scalar is written without quotes and not as a block.
func isPlain(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// isEmpty reports whether nothing at all is written for the node.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && isPlain(n) && n.Value == "" && n.Anchor == "" && !tagged(n) && n.Tag != "!"
}
