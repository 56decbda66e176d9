package statement

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A View is what every step knows of a template: it, what its names stand for,
// and where its stack is. The graph is read when it is first asked for and kept as
// long as the event, so that a view is for one goroutine.
type View struct {
	Template *template.Template
	Scope    *invoke.Names
	Env      invoke.Environment

	graph *template.Graph // once it is asked for
}

// NewView returns the view on a template.
func NewView(t *template.Template, s *invoke.Names, env invoke.Environment) *View {
	return &View{Template: t, Scope: s, Env: env}
}

// Dependencies is the template's graph, read when it is first asked for.
func (v *View) Dependencies() *template.Graph {
	if v.graph == nil {
		v.graph = v.Template.Graph(sam.Apart)
	}
	return v.graph
}
