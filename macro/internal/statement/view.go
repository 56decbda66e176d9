package statement

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A View is a template with what its names stand for and where its stack is. It is for
// one goroutine.
type View struct {
	Template *template.Template
	Scope    *invoke.Names
	Env      invoke.Environment

	graph *template.Graph // nil: nobody has asked for it
}

// NewView returns the view on a template.
func NewView(t *template.Template, s *invoke.Names, env invoke.Environment) *View {
	return &View{Template: t, Scope: s, Env: env}
}

// Dependencies is the graph of what waits for what in the template.
func (v *View) Dependencies() *template.Graph {
	if v.graph == nil {
		v.graph = v.Template.Graph(sam.Apart)
	}
	return v.graph
}
