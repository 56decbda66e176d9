package grant

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A need is what must be matched for a call to be allowed.
type need struct {
	tail    template.Text // behind the API's id
	stage   template.Text // empty: any
	pattern string        // API and tail, as statements are compared; "" where there is none
	literal string        // the same with path parameters as written
	root    string        // the same where what the template doesn't show of the path is the root; "" where it shows all
}

// What a need costs, see room budget.
const needSteps, needBytes = 10, 150

// needs appends the patterns that a call needs: one for any stage, or one for
// each stage that the template declares. alone says that its function has no
// statement yet that they could be compared with.
func (d *decider) needs(needs []need, c *caller.Call, o *Options, alone bool) []need {
	one := [1]template.Text{c.Source.Stage} // nearly always
	stages := one[:]
	if c.Source.Form == caller.Full {
		return append(needs, d.fullNeed(c))
	}
	if o.Stages == "declared" && len(c.Source.Stage) == 0 && c.Source.Form != caller.Authorizer {
		if declared := d.scope.Stages(c.API); len(declared) > 0 {
			stages = nil
			d.t.Budget().Keep(needBytes * len(declared))
			for _, s := range declared {
				stages = append(stages, s.Name)
			}
		}
	}
	for _, stage := range stages {
		n := need{tail: c.Source.Tail(stage), stage: stage}
		if !alone {
			n = newNeed(c, stage)
		}
		if o.Scope == "api" {
			whole := c.Source
			whole.Form = caller.Whole
			n.tail = whole.Tail(stage)
		}
		needs = append(needs, n)
	}
	return needs
}

func newNeed(c *caller.Call, stage template.Text) need {
	n := need{tail: c.Source.Tail(stage), stage: stage}
	n.pattern = sourceKey(c.API.Key, n.tail)
	n.literal = n.pattern
	if c.Source.Open {
		src := c.Source
		src.Route = src.Root
		n.root = sourceKey(c.API.Key, src.Tail(stage))
	}
	if len(c.Source.Plain) > 0 {
		src := c.Source
		src.Route = src.Plain
		n.literal = sourceKey(c.API.Key, src.Tail(stage))
	}
	return n
}

// fullNeed is what a call of another service than API Gateway needs: the ARN
// that it presents must be matched; what is written may tell less.
func (d *decider) fullNeed(c *caller.Call) need {
	n := need{tail: c.Source.ARN.Exact}
	n.pattern = arnPattern(d.scope, d.env, c.Source.ARN.Presents())
	n.literal = n.pattern
	return n
}
