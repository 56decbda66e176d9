package source

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// A locator finds where YAML nodes begin and end in their text. The parser gives only
// the line and column at which a node starts; the end follows from the text and the
// kind of node. Offsets are bytes of the text.
type locator struct {
	src   []byte
	lines []int  // where each line starts, by YAML's line breaks
	wide  []bool // whether a line holds more bytes than characters
}

func newLocator(src []byte) *locator {
	l := &locator{src: src, lines: []int{0}, wide: []bool{false}}
	for i := 0; i < len(src); {
		n := lineBreak(src[i:])
		if n > 0 {
			l.lines, l.wide = append(l.lines, i+n), append(l.wide, false)
		} else if src[i] >= utf8.RuneSelf {
			l.wide[len(l.wide)-1] = true
		}
		i += max(n, 1)
	}
	return l
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

// offset returns the offset of the parser's line and column.
func (l *locator) offset(line, column int) int {
	if line < 1 || line > len(l.lines) {
		return len(l.src)
	}
	at := l.lines[line-1]
	if !l.wide[line-1] {
		return min(at+column-1, len(l.src))
	}
	for ; column > 1 && at < len(l.src); column-- {
		_, size := utf8.DecodeRune(l.src[at:])
		at += size
	}
	return at
}

// start returns where the node starts: its anchor or tag where it has one.
func (l *locator) start(n *yaml.Node) int { return l.offset(n.Line, n.Column) }

// line returns the index into lines of the line that holds at.
func (l *locator) line(at int) int { return sort.SearchInts(l.lines, at+1) - 1 }

// column returns the number of characters before at in its line.
func (l *locator) column(at int) int {
	i := l.line(at)
	if !l.wide[i] {
		return at - l.lines[i]
	}
	return utf8.RuneCount(l.src[l.lines[i]:at])
}

// lineEnd returns the end of the line that holds at, before its break.
func (l *locator) lineEnd(at int) int {
	for at < len(l.src) && lineBreak(l.src[at:]) == 0 {
		at++
	}
	return at
}

// lineText returns line i without its break.
func (l *locator) lineText(i int) string { return string(l.src[l.lines[i]:l.lineEnd(l.lines[i])]) }

// lead returns what precedes at in its line.
func (l *locator) lead(at int) string { return string(l.src[l.lines[l.line(at)]:at]) }

// opensLine reports whether only blanks precede at in its line.
func (l *locator) opensLine(at int) bool {
	start := l.lines[l.line(at)]
	for at > start && isBlank(l.src[at-1]) {
		at--
	}
	return at == start
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// blanks returns the next offset that is no space or tab.
func (l *locator) blanks(at int) int {
	for at < len(l.src) && isBlank(l.src[at]) {
		at++
	}
	return at
}

// gap returns the next offset that is no space, tab, line break or comment.
func (l *locator) gap(at int) int {
	for at < len(l.src) {
		n := lineBreak(l.src[at:])
		switch {
		case n > 0:
			at += n
		case isBlank(l.src[at]):
			at++
		case l.src[at] == '#':
			at = l.lineEnd(at)
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
