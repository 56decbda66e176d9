package statement

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Need is what must be matched for a call to be allowed.
type Need struct {
	Tail    template.Text  // behind the origin's id, or a whole source ARN
	Stage   template.Text  // empty: any
	When    template.Guard // when the stage has that name
	Pattern string         // origin and tail, as statements are compared; "" where there is none
	Literal string         // the same with path parameters as written
	Root    string         // the same where what the template doesn't show of the path is the root; "" where it shows all
	Source  Spelled        // Tail, where it is a whole source ARN
}

// NewNeed is what a call from a stage needs; an empty one is any.
func NewNeed(c *invoke.Call, stage template.Text) Need {
	n := Need{Tail: c.Source.Tail(stage), Stage: stage}
	n.Pattern = OriginPattern(c.Origin.Key, n.Tail)
	if c.Source.Form == invoke.AnyRoute && len(stage) == 0 {
		n.Pattern = OriginPattern(c.Origin.Key, template.Literal("*/*")) // whichever route it is, it stands behind a stage
	}
	n.Literal = n.Pattern
	if c.Source.Open() {
		src := c.Source
		src.Route = src.Root
		n.Root = OriginPattern(c.Origin.Key, src.Tail(stage))
	}
	if len(c.Source.Plain) > 0 {
		src := c.Source
		src.Route = src.Plain
		n.Literal = OriginPattern(c.Origin.Key, src.Tail(stage))
	}
	return n
}

// FullNeed is what a call of a service without origins needs: the ARN
// that it presents must be matched; what is written may tell less.
func (v *View) FullNeed(c *invoke.Call) Need {
	a := c.Source.ARN
	n := Need{Tail: a.Exact, Source: v.Spell(a.Exact)}
	n.Pattern = n.Source.Pattern
	if len(a.Presented) > 0 {
		n.Pattern = v.Spell(a.Presented).Pattern
	}
	n.Literal = n.Pattern
	return n
}
