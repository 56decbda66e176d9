// Package source reads CloudFormation templates as they lie on an author's
// disk and puts edits back into the author's own text.
//
// A template is YAML, with short tags such as !Sub or with the long form
// "Fn::Sub:", or it is JSON. [Read] turns any of them into the long-form JSON
// that CloudFormation would hand to a macro and remembers where each value
// stands, [File.Position] says where, and [File.Apply] writes structural edits
// into the text so that comments, blank lines, order, quoting and every line
// that no edit names stay as they are.
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

// Limits on what a template may make of itself. CloudFormation takes a
// template body of at most 1 MB, so no honest template comes near them; a
// dishonest one (aliases of aliases, a million brackets) does.
const (
	maxDepth = 500
	maxNodes = 1 << 20
	maxBytes = 32 << 20
)

// A File is one template: the author's text and its long-form JSON. It is
// never changed; Apply returns a new text.
type File struct {
	name     string
	encoding encoding
	text     []byte // as UTF-8, without a byte order mark
	json     []byte // long-form, every name once in an object
	root     *node
	doc      *document // nil where the text is JSON already
	warnings []Warning
}

// A Warning is a key that stands twice in one mapping.
type Warning struct {
	At    jsontext.Pointer // the value that counts: the last one
	First int              // the line of a key before it
}

// A Position is a place in the author's text. Both numbers count from 1;
// columns count characters, and a byte order mark isn't one.
type Position struct {
	Line, Column int
}

// Read reads the template in data; name is for messages. JSON is what is valid
// JSON, everything else is YAML 1.1, as CloudFormation reads it, of which the
// first document counts. It is UTF-8 or UTF-16, with or without a byte order
// mark. The root must be a mapping. Of a key that stands twice in one mapping
// the last counts, with a [Warning]. The errors are of type [*Error]: text in
// another encoding, broken syntax, an unknown standard tag, a template that is
// too deep or that grows too large through its aliases.
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
		return nil, f.fail(f.root.at, "a template is a mapping of sections, and this is a "+kindName(f.root.kind),
			"start with a section such as Resources")
	}
	return f, nil
}

// read tries both notations. Where both fail, the error is that of the one
// which the author meant.
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

// JSON returns the template as CloudFormation would hand it to a macro, with
// its Transform section: intrinsic functions in the long form, keys in the
// author's order. Of a JSON file it is the file's own text in UTF-8, without a
// byte order mark and without the members that don't count.
func (f *File) JSON() []byte { return slices.Clone(f.json) }

// Warnings returns what there is to say about the text, in its order.
func (f *File) Warnings() []Warning { return f.warnings }

// Position returns where the value at p, a pointer into JSON, stands in the
// author's text: the key of a member, the first character of an element. A
// function written as a short tag and its argument stand in one place. Where
// nothing is at p, it is the place of the nearest value above that exists.
func (f *File) Position(p jsontext.Pointer) Position {
	n, _ := f.root.find(p)
	return position(f.text, n.at)
}

// Reach follows p, a pointer into JSON, as far as there are values, and returns
// that and the rest.
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

// Text returns the text at p, where one is.
func (f *File) Text(p jsontext.Pointer) (string, bool) {
	n, found := f.root.find(p)
	if !found || n.kind != str {
		return "", false
	}
	return n.string(), true
}

// ShortTag returns the first function in the short form, as in !Sub, and where
// it stands. JSON has none.
func (f *File) ShortTag() (tag string, at Position) {
	var first func(*node) *node
	first = func(n *node) *node {
		if n.from != nil && n.from.role == wrapper {
			return n
		}
		for _, kid := range n.kids {
			if found := first(kid); found != nil {
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

// checkText rejects what neither notation can hold, since the parsers name no
// place for it.
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

// meantAsJSON reports whether the file is JSON by its name or by how it begins.
func (f *File) meantAsJSON() bool {
	t := bytes.TrimSpace(f.text)
	if strings.HasSuffix(strings.ToLower(f.name), ".json") {
		return true
	}
	rest, brace := bytes.CutPrefix(t, []byte("{"))
	return brace && bytes.HasPrefix(bytes.TrimSpace(rest), []byte(`"`))
}

// position counts lines as editors do: LF, CR LF or CR ends one.
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
