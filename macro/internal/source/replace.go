package source

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// replace writes a value over another. What stands behind the old value in its
// last line, a comment, stays.
func (e *editor) replace(on, v *node) error {
	if err := e.shared(on, true); err != nil {
		return err
	}
	n, key := on.from.value, on.from.key
	from, to := e.start(n), e.end(n)
	colon := from
	if key != nil {
		colon = e.colon(key)
		if isVoid(n) {
			from, to = colon, colon
		}
	}
	switch {
	case on.from.flow:
		e.replaceFlow(on, v, from, to)
	case key == nil:
		e.replaceItem(on, v, from, to)
	case e.src[colon-1] != ':':
		return e.failAt(on, "the key has no colon to put a value behind", "write it as \"key:\"")
	default:
		e.replaceValue(on, v, colon, span{from, to})
	}
	return nil
}

func (e *editor) replaceFlow(on, v *node, from, to int) {
	s := e.style
	if key := on.from.key; key != nil {
		s.json = key.Style&yaml.DoubleQuotedStyle != 0
	} else {
		s.json = on.from.value.Style&yaml.DoubleQuotedStyle != 0
	}
	s.short = s.short && !s.json
	text := s.flow(v)
	switch {
	case from < to:
	case e.src[from-1] == ':':
		text = " " + text
	default:
		text = ": " + text
	}
	e.put(from, to, text)
}

// replaceItem writes over an element of a block list: its first line where the
// old one was, the others below, in the same column.
func (e *editor) replaceItem(on, v *node, from, to int) {
	w := e.style.value(v)
	lines := w.block
	if w.head != "" {
		lines = append([]string{w.head}, lines...)
	}
	first, column := lines[0], e.column(from)
	if from == to {
		first, column = " "+first, column+1
	}
	e.put(from, to, first)
	if len(lines) > 1 {
		e.below(e.lineEnd(to), shift(lines[1:], column), on.depth())
	}
}

// replaceValue writes over the value of an entry in a block mapping.
func (e *editor) replaceValue(on, v *node, colon int, old span) {
	w := e.style.value(v)
	column := e.column(e.start(on.from.key))
	if up := on.up.from.value; up.Kind == yaml.MappingNode {
		column = e.entryColumn(up)
	}
	gap := string(e.src[colon:old.from])
	bare := strings.Trim(gap, " \t\r\n") == ""
	head := w.head
	if head != "" {
		head = " " + head
	}
	switch {
	case len(w.block) == 0 && bare:
		e.put(colon, old.to, head)
	case len(w.block) == 0:
		e.put(old.from, old.to, w.head)
	case old.from < old.to && e.opensLine(old.from) && e.column(old.from) > column:
		e.replaceBlock(on, w, old)
	case bare:
		e.put(colon, old.to, head)
		e.below(e.lineEnd(old.to), e.indented(w, column), on.depth())
	default: // a comment stands between the key and a list in the key's own column
		e.put(colon, colon, head)
		e.put(e.lineEnd(colon), old.to, "")
		e.below(old.to, e.indented(w, column), on.depth())
	}
}

// replaceBlock writes a block over a value that has its own lines, in its column.
func (e *editor) replaceBlock(on *node, w written, old span) {
	lines := w.block
	if w.head != "" {
		lines = append([]string{w.head}, lines...)
	}
	e.put(old.from, old.to, lines[0])
	if len(lines) > 1 {
		e.below(e.lineEnd(old.to), shift(lines[1:], e.column(old.from)), on.depth())
	}
}

// indented returns the block lines of a value whose key stands in the column.
func (e *editor) indented(w written, column int) []string {
	if w.list {
		return shift(w.block, column+e.style.list)
	}
	return shift(w.block, column+e.style.step)
}

// put replaces a span of the text. It comes before lines inserted at its end.
func (e *editor) put(from, to int, text string) {
	e.all = append(e.all, splice{span: span{from, to}, text: text, rank: 1 << 20})
}

// rename writes a new key over another, in the same kind of quotes.
func (e *editor) rename(on *node, name string) error {
	if on.from.merged {
		return e.shared(on, true)
	}
	if err := e.shared(on.up, false); err != nil {
		return err
	}
	key := on.from.key
	if e.aliased[key] {
		return e.failAt(on, "an alias repeats this key, so a change would show in other places too", "write the key out where the alias stands")
	}
	text := e.style.scalar(name, on.from.flow)
	switch {
	case key.Style&(yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		text = doubleQuoted(name)
	case key.Style&yaml.SingleQuotedStyle != 0:
		text = quoted(name, false)
	}
	e.put(e.contentOf(key), e.end(key), text)
	return nil
}
