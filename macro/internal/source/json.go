package source

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// readJSON reads the text as JSON, which is the long form already.
func (f *File) readJSON() error {
	root, duplicates, err := indexAll(f.text)
	if err != nil {
		return f.jsonError(err)
	}
	f.json, f.root = f.text, root
	if duplicates == nil {
		return nil
	}
	var gone []splice
	for _, t := range duplicates {
		gone = append(gone, splice{span: span{t.gone.key.from, t.next}})
		if t.kept.up != nil {
			f.warnings = append(f.warnings, Warning{t.kept.pointer(), position(f.text, t.gone.at).Line})
		}
	}
	f.json = splices(f.text, gone)
	return nil
}

// A duplicate is a member that doesn't count, since the object has its name again
// after it.
type duplicate struct {
	gone, kept *node
	next       int // where the member after it begins
}

var (
	errDepth = errors.New("values are nested too deeply")
	errMore  = errors.New("the JSON goes on after its end")
)

func (f *File) jsonError(err error) error {
	var at *indexError
	errors.As(err, &at)
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, errDepth):
		return f.fail(at.offset, err.Error(), hintDepth)
	case errors.As(err, &syntax) && syntax.Err != nil:
		return f.fail(at.offset, "not valid JSON: "+syntax.Err.Error(),
			"look for a missing or trailing comma, quote or bracket here or just before")
	}
	return f.fail(at.offset, err.Error(), "check the brackets")
}

const hintDepth = "a template of this depth is not deployable; flatten it"

// An indexError is a failure to read JSON, at a byte offset.
type indexError struct {
	offset int
	err    error
}

func (e *indexError) Error() string { return e.err.Error() }
func (e *indexError) Unwrap() error { return e.err }

// index reads one JSON text into nodes that know where they are in it. Where an
// object has a name twice, the last member counts.
func index(src []byte) (*node, error) {
	root, _, err := indexAll(src)
	return root, err
}

// An indexer reads a JSON text.
type indexer struct {
	*jsontext.Decoder
	duplicates []duplicate
}

func indexAll(src []byte) (*node, []duplicate, error) {
	d := &indexer{Decoder: jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(true))}
	root, err := d.value(0)
	if err == nil {
		at := d.InputOffset()
		if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
			return root, d.duplicates, nil
		}
		return nil, nil, &indexError{len(src) - len(bytes.TrimLeft(src[at:], " \t\r\n")), errMore}
	}
	at := int(d.InputOffset())
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at = min(int(syntax.ByteOffset), len(src))
	}
	return nil, nil, &indexError{at, err}
}

func (d *indexer) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	n := &node{kind: d.PeekKind()}
	if !isContainer(n.kind) {
		v, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		if n.kind == 'f' {
			n.kind = boolean
		}
		end := int(d.InputOffset())
		n.raw, n.body = string(v), span{end - len(v), end}
		n.at = n.body.from
		return n, nil
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	n.body.from = int(d.InputOffset()) - 1
	n.at = n.body.from
	var names map[string]bool
	again := false
	for k := d.PeekKind(); k != '}' && k != ']'; k = d.PeekKind() {
		child, err := d.child(n.kind, depth+1)
		if err != nil {
			return nil, err
		}
		if n.kind == object {
			if names == nil {
				names = map[string]bool{}
			}
			again = again || names[child.name]
			names[child.name] = true
		}
		n.adopt(child)
	}
	_, err := d.ReadToken()
	n.body.to = int(d.InputOffset())
	if again {
		d.dropDuplicates(n)
	}
	return n, err
}

// dropDuplicates removes all members but the last of each name.
func (d *indexer) dropDuplicates(n *node) {
	last := map[string]*node{}
	for _, child := range n.children {
		last[child.name] = child
	}
	var kept []*node
	for i, child := range n.children {
		if end := last[child.name]; end != child {
			end.twice = true
			d.duplicates = append(d.duplicates, duplicate{child, end, n.children[i+1].key.from})
			continue
		}
		kept = append(kept, child)
	}
	n.children = kept
}

// child reads one member of an object or element of an array.
func (d *indexer) child(in jsontext.Kind, depth int) (*node, error) {
	if in == array {
		return d.value(depth)
	}
	v, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(d.InputOffset())
	key, name := span{end - len(v), end}, unquote(v)
	child, err := d.value(depth)
	if err != nil {
		return nil, err
	}
	child.key, child.name, child.at = key, name, key.from
	return child, nil
}

// unquote returns the text of a valid JSON string.
func unquote(raw []byte) string {
	b, _ := jsontext.AppendUnquote(nil, raw)
	return string(b)
}

// quote returns a text as a JSON string. AppendQuote fails only for invalid UTF-8,
// which checkText has refused.
func quote(s string) string {
	b, _ := jsontext.AppendQuote(nil, s)
	return string(b)
}
