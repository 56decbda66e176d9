package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"go.yaml.in/yaml/v4"
)

// Remove returns the author's text without the members and elements at the pointers,
// which are into the JSON that [File.JSON] returns. In block style their lines are
// removed, with comments at the ends of these; in brackets, the entry and a comma.
// Every other line stays. A collection that would be empty is removed as a whole.
//
// As with [File.Apply], a removal that would change other places too is an [*Error],
// and the text is read again before it is returned.
func (f *File) Remove(at ...jsontext.Pointer) ([]byte, error) {
	gone := map[*node]bool{}
	for _, p := range at {
		n, found := f.root.find(p)
		if !found {
			return nil, f.failAt(n, fmt.Sprintf("there is nothing at %q to remove", p), hintEdits)
		}
		if n.twice {
			return nil, f.failAt(n, "the key stands twice, and the first would count without the last", "remove one of the two")
		}
		for n != nil && !gone[n] {
			gone[n] = true
			if n = n.up; n != nil && slices.ContainsFunc(n.children, func(child *node) bool { return !gone[child] }) {
				break
			}
		}
	}
	if gone[f.root] {
		return nil, f.failAt(f.root, "nothing would be left of the template", hintEdits)
	}
	all := outermost(gone)
	if f.doc == nil {
		out := splices(f.text, removeJSON(all))
		return f.bytes(out), f.verify(out, out)
	}
	wanted := splices(f.json, removeJSON(all))
	e := &editor{File: f, document: f.doc}
	for _, n := range all {
		if err := e.remove(n, all); err != nil {
			return nil, err
		}
	}
	out := splices(f.text, e.all)
	if err := f.verify(out, wanted); err != nil {
		return nil, err
	}
	return f.bytes(out), nil
}

// outermost returns the nodes that aren't inside of another, in the order of the
// text.
func outermost(gone map[*node]bool) []*node {
	var out []*node
	for n := range gone {
		inner := false
		for other := range gone {
			inner = inner || other != n && n.inside(other)
		}
		if !inner {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b *node) int { return a.body.from - b.body.from })
	return out
}

// gapOf returns what to remove for an entry of a collection in brackets: the entry
// with the comma before it, or with the one after it where no entry before it stays.
// all are the entries to remove; spanOf tells where an entry is.
func gapOf(n *node, all []*node, spanOf func(*node) span) span {
	children := n.up.children
	i := slices.Index(children, n)
	own := spanOf(n)
	for _, before := range slices.Backward(children[:i]) {
		if !slices.Contains(all, before) {
			return span{spanOf(children[i-1]).to, own.to}
		}
	}
	if i+1 < len(children) {
		return span{own.from, spanOf(children[i+1]).from}
	}
	return own
}

func removeJSON(all []*node) []splice {
	var out []splice
	for _, n := range all {
		out = append(out, splice{span: gapOf(n, all, func(n *node) span { return span{n.start(), n.body.to} })})
	}
	return out
}

// remove removes one value from the YAML text.
func (e *editor) remove(n *node, all []*node) error {
	if err := e.shared(n, true); err != nil {
		return err
	}
	in := n.up.from
	switch {
	case in.role != whole || n.from.role == part:
		return e.failAt(n, "it is part of a short tag", "write the function in its long form")
	case in.value.Style&yaml.FlowStyle != 0:
		return e.removeFlow(n, all)
	}
	from := e.spanOf(n).from
	if !e.opensLine(from) {
		return e.failAt(n, "it shares its first line with something else", "give it a line of its own")
	}
	to := e.lineEnd(e.spanOf(n).to)
	to += lineBreak(e.src[to:])
	e.all = append(e.all, splice{span: span{e.lines[e.line(from)], to}})
	return nil
}

// removeFlow removes an entry in brackets. A comment between it and its neighbour
// stays.
func (e *editor) removeFlow(n *node, all []*node) error {
	own, s := e.spanOf(n), gapOf(n, all, e.spanOf)
	if !strings.Contains(string(e.src[s.from:own.from])+string(e.src[min(own.to, s.to):s.to]), "#") {
		e.all = append(e.all, splice{span: s})
		return nil
	}
	e.all = append(e.all, splice{span: own})
	comma := e.gap(s.from)
	if s.from == own.from {
		comma = e.gap(own.to)
	}
	if comma < len(e.src) && e.src[comma] == ',' {
		e.all = append(e.all, splice{span: span{comma, comma + 1}})
	}
	return nil
}

// spanOf returns where an entry is: from its key or dash to the end of its value.
func (e *editor) spanOf(n *node) span {
	s := span{e.start(n.from.value), e.end(n.from.value)}
	switch key := n.from.key; {
	case key != nil && isEmpty(n.from.value):
		s = span{e.start(key), e.colon(key)}
	case key != nil:
		s.from = e.start(key)
	case n.up.from.value.Style&yaml.FlowStyle == 0:
		s.from = e.dash(s.from)
	}
	return s
}

// dash returns where the "-" of an element of a block list is: in its line, or above
// it.
func (e *editor) dash(at int) int {
	if i := strings.LastIndexByte(e.lead(at), '-'); i >= 0 {
		return e.lines[e.line(at)] + i
	}
	for i := at - 1; i >= 0; i-- {
		if e.src[i] == '-' {
			return i
		}
	}
	return at
}
