package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// A document is the YAML document that a template was written as.
type document struct {
	*locator
	root    *yaml.Node
	aliased map[*yaml.Node]bool // the anchored nodes that an alias repeats
	style   style
}

// readYAML reads the text as YAML: the first document of it.
func (f *File) readYAML() error {
	m := newLocator(f.text)
	root, err := load(f.text)
	if err != nil {
		with, still := loadDashes(f.text)
		switch {
		case errors.Is(still, errNoDash):
			return f.yamlError(m, err)
		case still != nil:
			return f.yamlError(m, still)
		}
		root = with
	}
	d := &document{locator: m, root: root, aliased: map[*yaml.Node]bool{}}
	d.noteAliases(root)
	c := &converter{file: f, locator: m, open: map[*yaml.Node]bool{}, duplicates: map[*yaml.Node]bool{}}
	if f.root, err = c.value(root, false); err != nil {
		return err
	}
	e := &encoder{}
	e.value(f.root)
	f.json, f.doc = e.out, d
	d.style = styleOf(d)
	return nil
}

// load parses the first document. The parser's limit on aliases is off: the parser
// doesn't expand them, and the converter, which does, has a limit of its own.
func load(src []byte) (*yaml.Node, error) {
	l, err := yaml.NewLoader(bytes.NewReader(src), yaml.WithSingleDocument(),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasNone())))
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := l.Load(&doc); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, io.EOF
	}
	return doc.Content[0], nil
}

func (d *document) noteAliases(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		d.aliased[n.Alias] = true
	}
	for _, child := range n.Content {
		d.noteAliases(child)
	}
}

// yamlError returns the parser's error as one with a position in the file.
func (f *File) yamlError(m *locator, err error) error {
	var load *yaml.LoadError
	switch {
	case errors.Is(err, io.EOF):
		return f.fail(0, "the file holds no YAML document", "a template needs at least a Resources section")
	case !errors.As(err, &load):
		return f.fail(0, "not valid YAML: "+err.Error(), hintYAML)
	case load.Stage == yaml.ReaderStage:
		at := bytes.IndexFunc(f.text, func(r rune) bool { return r == 0xfffe || r == 0xffff }) // the others are gone by now
		return f.fail(max(at, 0), "this character is not allowed in YAML", "write it as an escape in double quotes")
	}
	mark, what := load.Mark, "not valid YAML: "+load.Message
	if c := load.ContextMark; c.Line > 0 && c.Line <= mark.Line {
		if strings.Contains(load.Message, "end of stream") {
			mark = c // an open quote is found at the end; where it opens helps
		}
		what += fmt.Sprintf(", %s that starts in line %d", load.ContextMsg, c.Line)
	}
	at := m.offset(mark.Line, mark.Column)
	return f.fail(at, what, f.yamlHint(load.Message, at))
}

const hintYAML = "check the indentation and the quotes here and in the line before"

func (f *File) yamlHint(message string, at int) string {
	switch {
	case at < len(f.text) && f.text[at] == '\t', strings.Contains(message, "tab character"):
		return "indent with spaces; YAML allows no tabs there"
	case strings.Contains(message, "cannot start any token"):
		return "put the value in quotes"
	case strings.Contains(message, "mapping values"):
		return "put a value that holds a colon and a space in quotes, or check the indentation"
	case strings.Contains(message, "unknown anchor"):
		return "define the anchor with & before the alias"
	case strings.Contains(message, "end of stream"):
		return "close the quote that opens here"
	case strings.Contains(message, "max depth"):
		return hintDepth
	}
	return hintYAML
}
