package source

import (
	"fmt"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// An Error tells what is wrong with a template and where, or which edit cannot be
// put into its text and why. It reads "name:line:column: what; hint: hint".
type Error struct {
	Name string // of the file
	Position
	What string // the logical id and the property, and what is wrong
	Hint string

	Other bool // the text can be read, but is a list or a scalar, which no template is
}

func (e *Error) Error() string {
	return finding.Line(fmt.Sprintf("%s:%d:%d: %s", e.Name, e.Line, e.Column, e.What), e.Hint)
}

// fail returns an Error at a byte offset of the text.
func (f *File) fail(at int, what, hint string) *Error {
	return &Error{Name: f.name, Position: position(f.text, at), What: what, Hint: hint}
}

// failAt returns an Error at the node, which it names.
func (f *File) failAt(n *node, what, hint string) *Error {
	return f.fail(n.at, n.path()+": "+what, hint)
}
