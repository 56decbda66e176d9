package source

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A layout is how a JSON text is laid out, so that additions look the same.
type layout struct {
	*locator
	eol   string // the line break
	unit  string // one step of indentation, empty where the text has none
	colon string // between a name and its value
	comma string // between two entries in one line
}

// applyJSON puts the changes into a JSON text whose values are below root.
func applyJSON(src []byte, root *node, changes []change) []byte {
	l := layoutOf(src, root)
	var all []splice
	added := map[*node][]change{}
	var parents []*node
	for _, c := range changes {
		switch c.op {
		case template.Add:
			if added[c.on] == nil {
				parents = append(parents, c.on)
			}
			added[c.on] = append(added[c.on], c)
		case template.Replace:
			all = append(all, splice{span: c.on.body, text: l.value(c.value, l.indentOf(c.on), l.ownLine(c.on))})
		case template.Rename:
			all = append(all, splice{span: c.on.key, text: quote(c.name)})
		}
	}
	for _, on := range parents {
		all = append(all, l.add(on, added[on])...)
	}
	return splices(src, all)
}

func layoutOf(src []byte, root *node) *layout {
	l := &layout{locator: newLocator(src), eol: newline(src), colon: ":", comma: ","}
	var seen bool
	l.learn(root, &seen)
	if strings.HasSuffix(l.colon, " ") {
		l.comma = ", "
	}
	return l
}

// learn sets the step of indentation and the colon by the first entries that show
// them.
func (l *layout) learn(n *node, seen *bool) {
	for _, child := range n.children {
		if !*seen && n.kind == object {
			between := string(l.src[child.key.to:child.body.from])
			if !strings.ContainsAny(between, "\r\n") {
				l.colon, *seen = between, true
			}
		}
		if l.unit == "" && l.ownLine(child) {
			l.unit, _ = strings.CutPrefix(l.indentOf(child), l.indentAt(n.body.from))
		}
		if l.unit != "" && *seen {
			return
		}
		l.learn(child, seen)
	}
}

// start returns where an entry starts in JSON: at its name, or at its value.
func (n *node) start() int {
	if n.up != nil && n.up.kind == object {
		return n.key.from
	}
	return n.body.from
}

// ownLine reports whether the entry is the first in a line other than the text's
// first.
func (l *layout) ownLine(n *node) bool {
	at := n.start()
	return l.line(at) > 0 && l.opensLine(at)
}

// indentOf returns the space before the line in which the entry starts.
func (l *layout) indentOf(n *node) string { return l.indentAt(n.start()) }

func (l *layout) indentAt(at int) string {
	start := l.lines[l.line(at)]
	return string(l.src[start:min(l.blanks(start), at)])
}

// add appends entries to an object or array, or replaces null by an object of them.
func (l *layout) add(on *node, changes []change) []splice {
	if len(on.children) > 0 {
		last := on.children[len(on.children)-1]
		sep, own := l.comma, l.ownLine(last)
		indent := l.indentOf(last)
		if own {
			sep = "," + l.eol + indent
		}
		var b strings.Builder
		for _, c := range changes {
			b.WriteString(sep)
			b.WriteString(l.entry(on, c, indent, own))
		}
		return []splice{{span: span{last.body.to, last.body.to}, text: b.String()}}
	}
	base := l.indentOf(on)
	entries, end := l.entries(on, changes, base)
	if on.kind == null {
		return []splice{{span: on.body, text: "{" + entries + end + "}"}}
	}
	at := on.body.from + 1
	if strings.ContainsAny(string(l.src[at:on.body.to]), "\r\n") && l.unit != "" {
		end = "" // the closing bracket is in a line of its own already
	}
	return []splice{{span: span{at, at}, text: entries + end}}
}

// entries writes the first entries of a collection, and what comes before its
// closing bracket.
func (l *layout) entries(on *node, changes []change, base string) (entries, end string) {
	var b strings.Builder
	sep, indent := "", base
	if l.unit != "" {
		indent += l.unit
		sep, end = l.eol+indent, l.eol+base
	}
	for i, c := range changes {
		switch {
		case i > 0 && l.unit != "":
			b.WriteString(",")
		case i > 0:
			b.WriteString(l.comma)
		}
		b.WriteString(sep)
		b.WriteString(l.entry(on, c, indent, l.unit != ""))
	}
	return b.String(), end
}

func (l *layout) entry(on *node, c change, indent string, pretty bool) string {
	value := l.value(c.value, indent, pretty)
	if on.kind == array {
		return value
	}
	return quote(c.name) + l.colon + value
}

// value writes a JSON value in a line with that indentation; pretty tells that its
// entries are to be in lines of their own.
func (l *layout) value(v *node, indent string, pretty bool) string {
	if !isContainer(v.kind) {
		return v.raw
	}
	var b strings.Builder
	b.WriteByte(byte(v.kind))
	inner := indent + l.unit
	for i, child := range v.children {
		switch {
		case pretty && i > 0:
			b.WriteString("," + l.eol + inner)
		case pretty:
			b.WriteString(l.eol + inner)
		case i > 0:
			b.WriteString(l.comma)
		}
		if v.kind == object {
			b.WriteString(quote(child.name) + l.colon)
		}
		b.WriteString(l.value(child, inner, pretty))
	}
	if pretty && len(v.children) > 0 {
		b.WriteString(l.eol + indent)
	}
	b.WriteByte(closing(v.kind))
	return b.String()
}
