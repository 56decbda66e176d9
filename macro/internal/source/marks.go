package source

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Marks finds where YAML nodes begin and end in their text. The parser names
// the line and column at which a node starts and nothing more; the end follows
// from the text and from what the node is.
type marks struct {
	src   []byte
	lines []int  // where each line starts, by YAML's line breaks
	wide  []bool // whether a line holds more bytes than characters
}

func newMarks(src []byte) *marks {
	m := &marks{src: src, lines: []int{0}, wide: []bool{false}}
	for i := 0; i < len(src); {
		n := lineBreak(src[i:])
		if n > 0 {
			m.lines, m.wide = append(m.lines, i+n), append(m.wide, false)
		} else if src[i] >= utf8.RuneSelf {
			m.wide[len(m.wide)-1] = true
		}
		i += max(n, 1)
	}
	return m
}

// lineBreak returns the length of the line break that b starts with, or 0.
// YAML 1.1 breaks lines at NEL, LS and PS too.
func lineBreak(b []byte) int {
	switch {
	case len(b) == 0:
	case b[0] == '\n':
		return 1
	case b[0] == '\r' && len(b) > 1 && b[1] == '\n':
		return 2
	case b[0] == '\r':
		return 1
	case b[0] == 0xc2 && bytes.HasPrefix(b, []byte("\u0085")):
		return 2
	case b[0] == 0xe2 && (bytes.HasPrefix(b, []byte("\u2028")) || bytes.HasPrefix(b, []byte("\u2029"))):
		return 3
	}
	return 0
}

// offset returns the byte at the parser's line and column.
func (m *marks) offset(line, column int) int {
	if line < 1 || line > len(m.lines) {
		return len(m.src)
	}
	at := m.lines[line-1]
	if !m.wide[line-1] {
		return min(at+column-1, len(m.src))
	}
	for ; column > 1 && at < len(m.src); column-- {
		_, size := utf8.DecodeRune(m.src[at:])
		at += size
	}
	return at
}

// start returns where the node starts: its anchor or tag where it has one.
func (m *marks) start(n *yaml.Node) int { return m.offset(n.Line, n.Column) }

// line returns the index into lines of the line that holds at.
func (m *marks) line(at int) int { return sort.SearchInts(m.lines, at+1) - 1 }

// column returns the number of characters before at in its line.
func (m *marks) column(at int) int {
	i := m.line(at)
	if !m.wide[i] {
		return at - m.lines[i]
	}
	return utf8.RuneCount(m.src[m.lines[i]:at])
}

// lineEnd returns the end of the line that holds at, before its break.
func (m *marks) lineEnd(at int) int {
	for at < len(m.src) && lineBreak(m.src[at:]) == 0 {
		at++
	}
	return at
}

// lineText returns line i without its break.
func (m *marks) lineText(i int) string { return string(m.src[m.lines[i]:m.lineEnd(m.lines[i])]) }

// lead returns what stands before at in its line.
func (m *marks) lead(at int) string { return string(m.src[m.lines[m.line(at)]:at]) }

// opensLine reports whether nothing but space stands before at in its line.
func (m *marks) opensLine(at int) bool {
	start := m.lines[m.line(at)]
	for at > start && isBlank(m.src[at-1]) {
		at--
	}
	return at == start
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// blanks moves over spaces and tabs.
func (m *marks) blanks(at int) int {
	for at < len(m.src) && isBlank(m.src[at]) {
		at++
	}
	return at
}

// gap moves over space, line breaks and comments.
func (m *marks) gap(at int) int {
	for at < len(m.src) {
		n := lineBreak(m.src[at:])
		switch {
		case n > 0:
			at += n
		case isBlank(m.src[at]):
			at++
		case m.src[at] == '#':
			at = m.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

// printable reports whether every YAML reader allows the character as it is;
// line breaks and tabs are left out.
func printable(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0 && r != 0x85, r == 0xfeff, r == 0xfffe, r == 0xffff:
		return false
	}
	return r < 0xd800 || r >= 0xe000
}
