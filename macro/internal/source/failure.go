package source

import "fmt"

// An Error says what is wrong with a template and where, or which edit cannot
// be put into its text and why. It prints as "name:line:column: what; hint: ...".
type Error struct {
	Name string
	Position
	What string
	Hint string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s; hint: %s", e.Name, e.Line, e.Column, e.What, e.Hint)
}

// fail returns an Error at the byte offset at.
func (f *File) fail(at int, what, hint string) *Error {
	return &Error{Name: f.name, Position: position(f.text, at), What: what, Hint: hint}
}

// failAt returns an Error at the node, which it names.
func (f *File) failAt(n *node, what, hint string) *Error {
	return f.fail(n.at, n.path()+": "+what, hint)
}
