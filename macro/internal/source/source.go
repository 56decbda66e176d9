// Package source reads CloudFormation templates from an author's files and puts
// edits into the author's own text.
//
// A template is YAML, with short tags such as !Sub or with the long form "Fn::Sub:",
// or it is JSON. [Read] turns any of them into the long-form JSON that
// CloudFormation would pass to a macro, [File.Position] tells where each value is in
// the text, and [File.Apply] writes edits into the text so that comments, blank
// lines, order, quoting and every line that no edit names stay as they are.
//
// The package knows nothing of any resource type.
package source

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/mapping"
)

// Limits on what a template may grow to while it is read. CloudFormation takes a
// template body of at most 1 MB, which stays far below them; only a text that is
// made to grow (aliases of aliases, a million brackets) reaches them.
const (
	maxDepth = 500
	maxNodes = 1 << 20
	maxBytes = 32 << 20
)

// A File is one template: the author's text and its long-form JSON. It never
// changes: Apply and Remove return a new text.
type File struct {
	name     string
	encoding encoding
	text     []byte // as UTF-8, without a byte order mark
	json     []byte // long-form, every name once in an object
	root     *node
	doc      *document // nil where the text is JSON already
	warnings []Warning
}

// A Warning is about a key that one mapping has twice.
type Warning struct {
	At    jsontext.Pointer // the value that counts: the last one
	First int              // the line of a key before it
}

// A Position is a place in the author's text. Both numbers count from 1;
// columns count characters, and a byte order mark isn't one.
type Position struct {
	Line, Column int
}

// Read reads the template in data; name is for messages. Text that is valid JSON is
// read as that, any other as YAML 1.1, as CloudFormation does, of which the first
// document counts. The encoding is UTF-8 or UTF-16, with or without a byte order
// mark. The root must be a mapping. Where a mapping has a key twice, the last entry
// counts, with a [Warning]. Errors are of type [*Error]: text in another encoding,
// broken syntax, an unknown standard tag, a template that is too deep, or that grows
// too large by its aliases.
func Read(name string, data []byte) (*File, error) {
	f := &File{name: name}
	f.text, f.encoding = decode(data)
	if err := f.checkText(); err != nil {
		return nil, err
	}
	if err := f.read(); err != nil {
		return nil, err
	}
	if f.root.kind != object {
		err := f.fail(f.root.at, "a template is a mapping of sections, and this is a "+kindName(f.root.kind),
			"start with a section such as Resources")
		err.Other = true
		return nil, err
	}
	return f, nil
}

// read tries JSON, then YAML. Where both fail, it returns the error of the one that
// the author most likely meant.
func (f *File) read() error {
	jsonErr := f.readJSON()
	if jsonErr == nil {
		return nil
	}
	yamlErr := f.readYAML()
	if yamlErr != nil && f.meantAsJSON() {
		return jsonErr
	}
	return yamlErr
}

// JSON returns the template as CloudFormation would pass it to a macro, with its
// Transform section: intrinsic functions in the long form, keys in the author's
// order. For a JSON file that is the file's own text in UTF-8, without a byte order
// mark and without members that don't count, since their names follow again.
func (f *File) JSON() []byte { return slices.Clone(f.json) }

// Warnings returns the warnings about the text, in its order.
func (f *File) Warnings() []Warning { return f.warnings }

// Position returns where the value at p, a pointer into JSON, is in the author's
// text: the key of a member, the first character of an element. A function written
// as a short tag and its argument have the same position. Where nothing is at p, it
// is the position of the nearest value above that exists.
func (f *File) Position(p jsontext.Pointer) Position {
	n, _ := f.root.find(p)
	return position(f.text, n.at)
}

// Reach follows p, a pointer into JSON, as far as there are values, and returns the
// pointer to the last one and the rest of p.
func (f *File) Reach(p jsontext.Pointer) (there, rest jsontext.Pointer) {
	n, found := f.root.find(p)
	if found {
		return p, ""
	}
	there, rest = "", p
	for ; n.up != nil; n = n.up {
		i := strings.IndexByte(string(rest[1:]), '/') + 1
		there, rest = there+rest[:i], rest[i:]
	}
	return there, rest
}

// Text returns the text of the string at p; false where there is none.
func (f *File) Text(p jsontext.Pointer) (string, bool) {
	n, found := f.root.find(p)
	if !found || n.kind != str {
		return "", false
	}
	return n.string(), true
}

// ShortTag returns the first short tag of the text, such as !Sub, and where it is;
// "" where it has none, as in JSON.
func (f *File) ShortTag() (tag string, at Position) {
	var first func(*node) *node
	first = func(n *node) *node {
		if n.from != nil && n.from.role == wrapper {
			return n
		}
		for _, child := range n.children {
			if found := first(child); found != nil {
				return found
			}
		}
		return nil
	}
	if n := first(f.root); n != nil {
		return mapping.Target(n.from.value).Tag, position(f.text, n.at)
	}
	return "", Position{}
}

// checkText refuses text that is neither valid JSON nor YAML by its characters, since
// the parsers don't tell where these are.
func (f *File) checkText() error {
	if f.encoding == unknown {
		return f.fail(0, "the file is UTF-32", "save it as UTF-8")
	}
	for at := 0; at < len(f.text); {
		r, size := utf8.DecodeRune(f.text[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			return f.fail(at, "the file is not valid UTF-8 or UTF-16", "save it as UTF-8")
		case r < ' ' && r != '\t' && r != '\n' && r != '\r':
			return f.fail(at, "a control character stands here", "remove it, or write it as an escape in double quotes")
		}
		at += size
	}
	if len(bytes.TrimSpace(f.text)) == 0 {
		return f.fail(0, "the file is empty", "a template needs at least a Resources section")
	}
	return nil
}

// meantAsJSON reports whether the file seems to be JSON, by its name or by how it
// begins.
func (f *File) meantAsJSON() bool {
	t := bytes.TrimSpace(f.text)
	if strings.HasSuffix(strings.ToLower(f.name), ".json") {
		return true
	}
	rest, brace := bytes.CutPrefix(t, []byte("{"))
	return brace && bytes.HasPrefix(bytes.TrimSpace(rest), []byte(`"`))
}

// position returns the position of a byte offset. Lines count as in editors: LF, CR LF
// or CR ends one.
func position(text []byte, at int) Position {
	p := Position{Line: 1}
	start := 0
	for i := 0; i < at; i++ {
		if text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			p.Line++
			start = i + 1
		}
	}
	p.Column = utf8.RuneCount(text[start:at]) + 1
	return p
}

// Line returns a line of the author's text, counted from 1, without its end;
// "" where there is none.
func (f *File) Line(n int) string {
	text := f.text
	for ; n > 1; n-- {
		end := bytes.IndexAny(text, "\r\n")
		if end < 0 {
			return ""
		}
		if bytes.HasPrefix(text[end:], []byte("\r\n")) {
			end++
		}
		text = text[end+1:]
	}
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		text = text[:end]
	}
	return string(text)
}
