// Package function tells which function a property names: by a reference, a name,
// an ARN or a part of one, by an alias or a version, or by the URI with which API
// Gateway invokes it; and which names Lambda refuses. It tells functions of the
// template from those elsewhere, also where conditions choose between them.
package function

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Names finds the functions of a stack by their names and aliases. It is for one
// goroutine, as the stack is: it remembers what it has found.
type Names struct {
	*stack.Stack
	t          *template.Template
	names      map[string][]candidate // FunctionName as text -> the functions that have it
	aliases    map[string][]candidate // function key + ":" + name -> the aliases that have it
	read       map[property][]Reading
	resolved   map[string]Target           // logical id of an alias or version -> what it stands for
	absentWhen map[string][]template.Guard // FunctionName as text -> when no function has it
}

// Of returns the names of a stack's functions.
func Of(s *stack.Stack) *Names {
	return &Names{Stack: s, t: s.Template()}
}
