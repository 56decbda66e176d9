package source

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// readJSON takes the text for JSON: it is its own long form.
func (f *File) readJSON() error {
	root, twins, err := indexAll(f.text)
	if err != nil {
		return f.jsonError(err)
	}
	f.json, f.root = f.text, root
	if twins == nil {
		return nil
	}
	var gone []splice
	for _, t := range twins {
		gone = append(gone, splice{span: span{t.gone.key.from, t.next}})
		if t.kept.up != nil {
			f.warnings = append(f.warnings, Warning{t.kept.pointer(), position(f.text, t.gone.at).Line})
		}
	}
	f.json = splices(f.text, gone)
	return nil
}

// A twin is a member that doesn't count, since its name stands again behind it
// in the same object.
type twin struct {
	gone, kept *node
	next       int // where the member behind it begins
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

// index reads one JSON text into nodes that know their bytes. Of a name that
// stands twice in an object the last counts.
func index(src []byte) (*node, error) {
	root, _, err := indexAll(src)
	return root, err
}

// An indexer reads a JSON text.
type indexer struct {
	*jsontext.Decoder
	twins []twin
}

func indexAll(src []byte) (*node, []twin, error) {
	d := &indexer{Decoder: jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(true))}
	root, err := d.value(0)
	if err == nil {
		at := d.InputOffset()
		if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
			return root, d.twins, nil
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
		kid, err := d.kid(n.kind, depth+1)
		if err != nil {
			return nil, err
		}
		if n.kind == object {
			if names == nil {
				names = map[string]bool{}
			}
			again = again || names[kid.name]
			names[kid.name] = true
		}
		n.adopt(kid)
	}
	_, err := d.ReadToken()
	n.body.to = int(d.InputOffset())
	if again {
		d.dropTwins(n)
	}
	return n, err
}

// dropTwins leaves of the members with one name the last.
func (d *indexer) dropTwins(n *node) {
	last := map[string]*node{}
	for _, kid := range n.kids {
		last[kid.name] = kid
	}
	var kept []*node
	for i, kid := range n.kids {
		if end := last[kid.name]; end != kid {
			end.twice = true
			d.twins = append(d.twins, twin{kid, end, n.kids[i+1].key.from})
			continue
		}
		kept = append(kept, kid)
	}
	n.kids = kept
}

// kid reads one member of an object or element of an array.
func (d *indexer) kid(in jsontext.Kind, depth int) (*node, error) {
	if in == array {
		return d.value(depth)
	}
	v, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(d.InputOffset())
	key, name := span{end - len(v), end}, unquote(v)
	kid, err := d.value(depth)
	if err != nil {
		return nil, err
	}
	kid.key, kid.name, kid.at = key, name, key.from
	return kid, nil
}

// unquote returns the text of a valid JSON string.
func unquote(raw []byte) string {
	b, _ := jsontext.AppendUnquote(nil, raw)
	return string(b)
}

// quote returns the text as a JSON string. Text from YAML and JSON is valid
// UTF-8 by now, the only thing AppendQuote can find fault with.
func quote(s string) string {
	b, _ := jsontext.AppendQuote(nil, s)
	return string(b)
}
