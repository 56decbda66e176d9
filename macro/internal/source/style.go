package source

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A style is how the author writes YAML, so that additions look the same.
type style struct {
	step   int    // by how many columns a mapping is indented from its key
	list   int    // by how many columns a list is indented from its key; may be 0
	short  bool   // short tags rather than "Fn::Sub:"
	double bool   // double quotes rather than single ones
	eol    string // the line break
	json   bool   // all text in double quotes, as in JSON
}

// A styleCount counts how often the author writes what a style decides.
type styleCount struct {
	*locator
	steps, lists             map[int]int // how often mappings and lists are indented by so many columns
	short, long, double, one int         // functions in the short and long form, text in double and single quotes
}

func styleOf(d *document) style {
	c := &styleCount{locator: d.locator, steps: map[int]int{}, lists: map[int]int{}}
	c.count(d.root)
	s := style{
		step:   most(c.steps, 2),
		short:  c.short > 0 || c.long == 0,
		double: c.double > c.one,
		eol:    newline(d.src),
	}
	s.list = most(c.lists, s.step)
	return s
}

func (c *styleCount) count(n *yaml.Node) {
	switch {
	case function(n) != "":
		c.short++
	case n.Kind == yaml.MappingNode && len(n.Content) == 2 && isFunction(n.Content[0].Value):
		c.long++
	}
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		c.double++
	case n.Style&yaml.SingleQuotedStyle != 0:
		c.one++
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && n.Style&yaml.FlowStyle == 0 {
			c.indent(n.Content[i-1], child)
		}
		c.count(child)
	}
}

// indent counts by how many columns a block value is indented from its key.
func (c *styleCount) indent(key, value *yaml.Node) {
	if value.Style&yaml.FlowStyle != 0 || len(value.Content) == 0 {
		return
	}
	columns := c.entryColumn(value) - c.column(c.start(key))
	switch {
	case value.Kind == yaml.MappingNode && columns > 0:
		c.steps[columns]++
	case value.Kind == yaml.SequenceNode && columns >= 0:
		c.lists[columns]++
	}
}

// entryColumn returns the column of the entries of a block collection: of the keys,
// or of the indicators "-" and "?" before them.
func (l *locator) entryColumn(n *yaml.Node) int {
	_, at := l.properties(n)
	return l.column(at)
}

// most returns the most frequent number, the smaller one of two that are equally
// frequent, or none where nothing was counted.
func most(counts map[int]int, none int) int {
	best := -1
	for n, count := range counts {
		if best < 0 || count > counts[best] || count == counts[best] && n < best {
			best = n
		}
	}
	if best < 0 {
		return none
	}
	return best
}

// isFunction reports whether a key is the long name of a function.
func isFunction(key string) bool {
	return key == "Ref" || strings.HasPrefix(key, "Fn::")
}

// newline returns the line break of the text's first line.
func newline(src []byte) string {
	i := bytes.IndexAny(src, "\r\n")
	switch {
	case i < 0 || src[i] == '\n':
		return "\n"
	case i+1 < len(src) && src[i+1] == '\n':
		return "\r\n"
	}
	return "\r"
}
