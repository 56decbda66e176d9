package source

import (
	"cmp"
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Apply returns the author's text with the edits put into it. Their pointers are
// into the JSON that [File.JSON] returns. Additions are written in the file's own
// style: indentation, line breaks, quotes, short tags or long names. They follow the
// last entry of the mapping or list, and precede the blank lines that end its
// section. Every line that was there stays as it is, except for a value that is
// replaced, a key that is renamed, brackets that were closed in the same line, and
// the comma that JSON needs after the entry that was last. Adding to null makes a
// collection of it.
//
// An edit that does not fit its place, overlaps another, or would change other
// places too, since an alias or a merge key repeats its place, is an [*Error].
// Before it is returned, the text is read again: if it doesn't mean what the edits
// say, there is an error and no text.
func (f *File) Apply(edits []template.Edit) ([]byte, error) {
	if len(edits) == 0 {
		return f.bytes(f.text), nil
	}
	changes, err := f.changes(edits)
	if err != nil {
		return nil, err
	}
	if f.doc == nil {
		out := applyJSON(f.text, f.root, changes)
		if err := f.verify(out, out); err != nil {
			return nil, err
		}
		return f.bytes(out), nil
	}
	wanted := applyJSON(f.json, f.root, changes)
	out, err := f.applyYAML(changes)
	if err != nil {
		return nil, err
	}
	if err := f.verify(out, wanted); err != nil {
		return nil, err
	}
	return f.bytes(out), nil
}

// bytes returns a text in the encoding of the file.
func (f *File) bytes(text []byte) []byte { return f.encoding.encode(text) }

// verify reads the edited text back and compares it with the JSON that the
// edits ask for.
func (f *File) verify(out, wanted []byte) error {
	want, err := index(wanted)
	if err != nil {
		return f.failAt(f.root, "the edits do not give a valid template: "+err.Error(), hintReport)
	}
	got, err := Read(f.name, out)
	if err != nil {
		return f.failAt(f.root, "the edits cannot be put into this text: "+err.Error(), hintReport)
	}
	if n := differ(want, got.root); n != nil {
		at, _ := f.root.find(n.pointer())
		return f.failAt(at, "an edit cannot be put here without changing the meaning of the text", hintReport)
	}
	return nil
}

const hintReport = "write this part in plain block style, without anchors and explicit keys"

// A splice replaces a span of a text. Of several that begin at one place, the one
// with the higher rank comes first.
type splice struct {
	span
	text string
	rank int
}

// splices returns the text with all splices made.
func splices(text []byte, all []splice) []byte {
	slices.SortStableFunc(all, func(a, b splice) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.rank, a.rank))
	})
	var out []byte
	at := 0
	for _, s := range all {
		if s.from > at {
			out = append(out, text[at:s.from]...)
		}
		out = append(out, s.text...)
		at = max(at, s.to)
	}
	return append(out, text[at:]...)
}
