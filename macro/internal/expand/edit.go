package expand

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Edits translates edits of the result's JSON into edits of the template that was
// expanded. Its error, a [*Made], is that one of them would change what the
// expansion has made.
func (r *Result) Edits(edits []template.Edit) ([]template.Edit, error) {
	if r.root == nil {
		return edits, nil
	}
	out := make([]template.Edit, len(edits))
	for i, edit := range edits {
		at, ok := r.written(edit)
		if !ok {
			return nil, &Made{At: r.Place(edit.At), Edited: edit.At}
		}
		edit.At = at
		out[i] = edit
	}
	return out, nil
}

// A Made is the error that an edit would change a value that the expansion has made:
// the template has no one place for that.
type Made struct {
	At     Place            // where the edited value was written
	Edited jsontext.Pointer // in the expanded template
}

func (m *Made) Error() string {
	return fmt.Sprintf("%s: a change of what CloudFormation makes of it, which has no place of its own in the text", m.Edited)
}

// written returns where an edit belongs in the template; false where the template
// doesn't have the edited value as it is.
func (r *Result) written(edit template.Edit) (jsontext.Pointer, bool) {
	n, to := r.root, edit.At
	if edit.Op == template.Add {
		to = to.Parent()
	}
	for token := range to.Tokens() {
		if n = n.step(token); n == nil || n.doc != 0 || n.copied || n.made {
			return "", false
		}
	}
	at := n.origin().pointer()
	if edit.Op == template.Add {
		return at.AppendToken(edit.At.LastToken()), true
	}
	return at, n.from == nil
}
