package grant

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A need is what must be matched for a call to be allowed.
type need struct {
	tail    template.Text  // behind the API's id
	stage   template.Text  // empty: any
	when    template.Guard // when the stage has that name
	pattern string         // API and tail, as statements are compared; "" where there is none
	literal string         // the same with path parameters as written
	root    string         // the same where what the template doesn't show of the path is the root; "" where it shows all
}

// What a need costs, see package budget.
const needSteps, needBytes = 10, 150

// needs appends the patterns that a call needs: one for any stage, or one for
// each stage that the template declares. alone says that its function has no
// statement yet that they could be compared with.
func (v *View) needs(needs []need, c *invoke.Call, o *option.Options, alone bool) []need {
	one := [1]invoke.Stage{{Name: c.Source.Stage}} // nearly always
	stages := one[:]
	if c.Source.ARN != nil {
		return append(needs, v.fullNeed(c))
	}
	if o.Stages == option.Declared && len(c.Source.Stage) == 0 && c.Source.Form != policy.Authorizer {
		if declared := c.Origin.Stages; len(declared) > 0 {
			v.Template.Budget().Keep(needBytes * len(declared))
			stages = declared
		}
	}
	for _, stage := range stages {
		if both, ok := c.When.And(stage.When); !ok || !v.Template.Possible(both) {
			continue
		}
		n := need{tail: c.Source.Tail(stage.Name), stage: stage.Name}
		if !alone {
			n = newNeed(c, stage.Name)
		}
		n.when = stage.When
		if o.Scope == option.API {
			whole := c.Source
			whole.Form = policy.Whole
			n.tail = whole.Tail(stage.Name)
		}
		needs = append(needs, n)
	}
	return needs
}

func newNeed(c *invoke.Call, stage template.Text) need {
	n := need{tail: c.Source.Tail(stage), stage: stage}
	n.pattern = sourceKey(c.Origin.Key, n.tail)
	if c.Source.Form == policy.Whole && len(stage) == 0 {
		n.pattern = sourceKey(c.Origin.Key, template.Literal("*/*")) // whichever route it is, it stands behind a stage
	}
	n.literal = n.pattern
	if c.Source.Open {
		src := c.Source
		src.Route = src.Root
		n.root = sourceKey(c.Origin.Key, src.Tail(stage))
	}
	if len(c.Source.Plain) > 0 {
		src := c.Source
		src.Route = src.Plain
		n.literal = sourceKey(c.Origin.Key, src.Tail(stage))
	}
	return n
}

// fullNeed is what a call of another service than API Gateway needs: the ARN
// that it presents must be matched; what is written may tell less.
func (v *View) fullNeed(c *invoke.Call) need {
	n := need{tail: c.Source.ARN.Exact}
	n.pattern = v.source(c.Source.ARN.Presents()).pattern
	n.literal = n.pattern
	return n
}
