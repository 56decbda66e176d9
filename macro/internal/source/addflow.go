package source

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// addFlow puts new entries before a closing bracket, in lines of their own where the
// entries before are.
func (e *editor) addFlow(on *node, changes []change) error {
	n := on.from.value
	open := e.contentOf(n)
	if !e.bracketed(open) {
		return e.failAt(on, "it is written without brackets", "put { and } around it")
	}
	s := e.style
	s.json = isJSONStyle(n)
	s.short = s.short && !s.json
	if len(n.Content) == 0 {
		e.put(open+1, open+1, s.flowEntries(on, changes))
		return nil
	}
	last := e.lastEnd(n, open+1)
	comma := e.gap(last)
	if e.src[comma] != ',' {
		comma = -1
	}
	first := e.start(lastEntry(n))
	if e.opensLine(first) && e.opensLine(e.end(n)-1) && e.line(first) > e.line(open) {
		e.addFlowLines(on, s, changes, last, comma)
		return nil
	}
	at, text := last, ", "+s.flowEntries(on, changes)
	if comma >= 0 {
		at, text = comma+1, text[1:]
	}
	e.all = append(e.all, splice{span: span{at, at}, text: text, rank: on.depth()})
	return nil
}

// addFlowLines puts new entries below the last one, which ends at last. The commas
// are between them, and after the last too where the author has one there.
func (e *editor) addFlowLines(on *node, s style, changes []change, last, comma int) {
	n := on.from.value
	indent := e.lead(e.start(lastEntry(n)))
	lead := e.lead(e.contentOf(n))
	unit, deeper := strings.CutPrefix(indent, lead[:len(lead)-len(strings.TrimLeft(lead, " \t"))])
	if !deeper {
		unit = ""
	}
	var b strings.Builder
	for i, c := range changes {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s.eol + indent)
		if s.json {
			b.WriteString(s.flowKey(on, c.name) + s.spread(c.value, indent, unit))
		} else {
			b.WriteString(s.flowKey(on, c.name) + s.flow(c.value))
		}
	}
	if comma < 0 {
		e.all = append(e.all, splice{span: span{last, last}, text: ",", rank: on.depth()})
	} else {
		b.WriteByte(',')
	}
	at := e.lineEnd(max(last, comma))
	e.all = append(e.all, splice{span: span{at, at}, text: b.String(), rank: on.depth()})
}

// flowEntries writes new entries in one line.
func (s style) flowEntries(on *node, changes []change) string {
	entries := make([]string, len(changes))
	for i, c := range changes {
		entries[i] = s.flowKey(on, c.name) + s.flow(c.value)
	}
	return strings.Join(entries, ", ")
}

// isJSONStyle reports whether a collection in brackets is written as JSON would be.
func isJSONStyle(n *yaml.Node) bool {
	return len(n.Content) > 0 && lastEntry(n).Style&yaml.DoubleQuotedStyle != 0
}
