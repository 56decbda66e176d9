package source

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// replace writes a value over another. A comment after the old value, in its last
// line, stays.
func (e *editor) replace(on, v *node) error {
	if err := e.shared(on, true); err != nil {
		return err
	}
	n, key := on.from.value, on.from.key
	from, to := e.start(n), e.end(n)
	colon := from
	if key != nil {
		colon = e.colon(key)
		if isEmpty(n) {
			from, to = colon, colon
		}
	}
	switch {
	case on.from.flow:
		e.replaceFlow(on, v, from, to)
	case key == nil:
		lead := ""
		if from == to {
			lead = " " // after a dash alone
		}
		e.overwrite(on, e.style.value(v), span{from, to}, lead)
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
	own := old.from < old.to && e.opensLine(old.from) && e.column(old.from) > column
	switch {
	case own && (len(w.block) > 0 || !bare):
		e.overwrite(on, w, old, "")
		return
	case bare:
		e.put(colon, old.to, head)
	default: // comments are between the key and a list in the key's own column
		e.put(colon, colon, head)
		e.put(colon+len(strings.TrimRight(gap, " \t\r\n")), old.to, "")
	}
	if len(w.block) > 0 {
		e.below(e.lineEnd(old.to), e.indented(w, column), on.depth())
	}
}

// overwrite writes a value where the old one was: its first line there, after lead,
// and the others below, in the same column.
func (e *editor) overwrite(on *node, w written, old span, lead string) {
	lines := w.block
	if w.head != "" {
		lines = append([]string{w.head}, lines...)
	}
	e.put(old.from, old.to, lead+lines[0])
	if len(lines) > 1 {
		e.below(e.lineEnd(old.to), shift(lines[1:], e.column(old.from)+len(lead)), on.depth())
	}
}

// indented returns the block lines of a value whose key is in the column.
func (e *editor) indented(w written, column int) []string {
	if w.list {
		return shift(w.block, column+e.style.list)
	}
	return shift(w.block, column+e.style.step)
}

// put replaces a span of the text. Its rank puts it before lines that are inserted at
// its end.
func (e *editor) put(from, to int, text string) {
	e.all = append(e.all, splice{span: span{from, to}, text: text, rank: 1 << 20})
}

// rename writes a new key over another, in the same kind of quotes.
func (e *editor) rename(on *node, name string) error {
	if on.from.merged != nil {
		return e.shared(on, true)
	}
	if err := e.shared(on.up, false); err != nil {
		return err
	}
	key := on.from.key
	if e.aliased[key] {
		return e.failAt(on, "an alias repeats this key, so a change would show in other places too", "write the key out where the alias stands")
	}
	if isPlain(key) && key.Value == "" && key.Kind == yaml.ScalarNode {
		return e.failAt(on, "the key is empty and cannot be renamed", "write it as \"\":")
	}
	text := e.style.scalar(name, on.from.flow)
	switch {
	case key.Style&(yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		text = doubleQuoted(name)
	case key.Style&yaml.SingleQuotedStyle != 0:
		text = quoted(name, false)
	}
	e.put(e.start(key), e.end(key), text)
	return nil
}
