package statement

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/sam"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A View is what every step knows of a template: it, what its names stand for,
// and where its stack is. What it is asked for often (the graph, how a call's
// source is spelled) is found once and kept as long as the event; it is for one
// goroutine.
type View struct {
	Template *template.Template
	Scope    *invoke.Names
	Env      invoke.Environment

	graph   *template.Graph            // once it is asked for
	sources map[*template.Part]spelled // of calls, by where their texts begin
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
