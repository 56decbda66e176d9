package statement

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Need is what a statement must match to allow a call.
type Need struct {
	Tail    template.Text  // of the source ARN, see [invoke.Source.Tail]
	Stage   template.Text  // empty: any
	When    template.Guard // when the stage has that name
	Pattern string         // see OriginPattern and ARNPattern; "" where it hasn't been needed so far
	Literal string         // the same with path parameters as written
	Root    string         // the same if the part of the path that isn't in the template is the root; "" where all of it is in the template
	Source  Spelled        // Tail, where it is a whole source ARN
}

// NewNeed returns what a call of a service with origins needs from a stage; an empty
// stage is any.
func NewNeed(c *invoke.Call, stage template.Text) Need {
	n := Need{Tail: c.Source.Tail(stage), Stage: stage}
	n.Pattern = OriginPattern(c.Origin.Key, n.Tail)
	if c.Source.Form == invoke.AnyRoute && len(stage) == 0 {
		n.Pattern = OriginPattern(c.Origin.Key, template.Literal("*/*")) // every route follows a stage
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

// FullNeed returns what a call of a service without origins needs: a match of the ARN
// that the service presents.
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
