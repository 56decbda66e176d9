package source

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// add puts new entries after the last one of a mapping or list.
func (e *editor) add(on *node, changes []change) error {
	if err := e.shared(on, false); err != nil {
		return err
	}
	n := on.from.value
	if n.Style&yaml.FlowStyle != 0 {
		return e.addFlow(on, changes)
	}
	var lines []string
	spaced := e.spaced(n)
	for _, c := range changes {
		if spaced {
			lines = append(lines, "")
		}
		if on.kind == array {
			lines = append(lines, e.style.item(c.value)...)
		} else {
			lines = append(lines, e.style.member(c.name, c.value)...)
		}
	}
	at := e.tail(n)
	e.below(at, shift(lines, e.entryColumn(n)), on.depth())
	if leaf := lastLeaf(n); at == len(e.src) && at == e.end(leaf) {
		e.cut = leaf
	}
	return nil
}

// below inserts lines under the line that ends at at.
func (e *editor) below(at int, lines []string, rank int) {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(e.style.eol)
		b.WriteString(strings.TrimRight(line, " "))
	}
	e.all = append(e.all, splice{span: span{at, at}, text: b.String(), rank: rank})
}

// tail returns the end of the last line that belongs to a block collection: of its
// last entry, or of a comment that follows. A comment belongs to it if it is indented
// deeper than the entries, or as deep with no blank line before it.
func (e *editor) tail(n *yaml.Node) int {
	column := e.entryColumn(n)
	last := e.line(e.end(n))
	blank := false
	for i := last + 1; i < len(e.lines); i++ {
		line := e.lineText(i)
		rest := strings.TrimLeft(line, " \t")
		in := len(line) - len(rest)
		switch {
		case rest == "":
			blank = true
		case rest[0] == '#' && (in > column || in == column && !blank):
			last = i
		default:
			return e.lineEnd(e.lines[last])
		}
	}
	return e.lineEnd(e.lines[last])
}

// spaced reports whether the author leaves a blank line between most entries.
func (e *editor) spaced(n *yaml.Node) bool {
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	leaf := lastLeaf(n)
	if len(n.Content) <= step || isBlock(leaf) && e.keeps(e.contentOf(leaf)) {
		return false
	}
	blank := 0
	for i := step; i < len(n.Content); i += step {
		before := &yaml.Node{Kind: n.Kind, Content: n.Content[:i]}
		if e.blankBetween(e.lastEnd(before, 0), e.start(n.Content[i])) {
			blank += step
		}
	}
	return 2*blank > len(n.Content)-step
}

func (e *editor) blankBetween(from, to int) bool {
	for i := e.line(from) + 1; i < e.line(to); i++ {
		if strings.Trim(e.lineText(i), " \t") == "" {
			return true
		}
	}
	return false
}

// strip keeps the value of a block scalar at the end of a text without a line break
// as it was: now that lines follow, its header needs a "-".
func (e *editor) strip() {
	if e.cut == nil || !isBlock(e.cut) || e.cut.Value == "" || strings.HasSuffix(e.cut.Value, "\n") {
		return
	}
	at := e.contentOf(e.cut)
	for _, s := range e.all {
		if s.from <= at && at < s.to {
			return // it is replaced
		}
	}
	end := at + 1
	for e.src[end] >= '0' && e.src[end] <= '9' {
		end++
	}
	switch e.src[end] {
	case '-':
	case '+':
		e.put(end, end+1, "-")
	default:
		e.put(end, end, "-")
	}
}

// lastEntry returns the last key or element.
func lastEntry(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.MappingNode {
		return n.Content[len(n.Content)-2]
	}
	return n.Content[len(n.Content)-1]
}

// lastLeaf returns the last key or value that is written in a block collection
// and is none itself.
func lastLeaf(n *yaml.Node) *yaml.Node {
	for n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0 {
		last := n.Content[len(n.Content)-1]
		if n.Kind == yaml.MappingNode && isEmpty(last) {
			last = lastEntry(n)
		}
		n = last
	}
	return n
}

func isBlock(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

func (l *locator) contentOf(n *yaml.Node) int {
	_, at := l.properties(n)
	return at
}
