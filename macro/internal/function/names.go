// Package function tells which function a property names: by a reference, a name,
// an ARN or a part of one, by an alias or a version, or by the URI with which API
// Gateway invokes it; and what Lambda doesn't take for a name. Functions of the
// template and those elsewhere are told apart, also where conditions choose.
package function

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Names knows the functions of a stack by their names and aliases. It is for one
// goroutine, as the stack is.
type Names struct {
	*stack.Stack
	t       *template.Template
	names   map[string][]bearer // FunctionName as text -> the functions that have it
	aliases map[string][]bearer // function key + ":" + name -> the aliases that have it
	read    map[property][]Reading
	nobody  map[string][]template.Guard // FunctionName as text -> when no function has it
}

// Of returns the names of a stack's functions.
func Of(s *stack.Stack) *Names {
	return &Names{Stack: s, t: s.Template(), nobody: map[string][]template.Guard{}}
}
