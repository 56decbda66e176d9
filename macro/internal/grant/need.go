package grant

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
)

// needs appends what a call needs: one source for any stage, or one for each stage
// that the template declares. alone says that its function has no statement yet to
// compare them with.
func (d *judge) needs(needs []statement.Need, c *invoke.Call, o *option.Options, alone bool) []statement.Need {
	one := [1]invoke.Stage{{Name: c.Source.Stage}} // nearly always
	stages := one[:]
	if c.Source.ARN != nil {
		return append(needs, d.FullNeed(c))
	}
	if o.Stages == option.Declared {
		if declared := c.Stages(); len(declared) > 0 {
			d.Template.Budget().Keep(needBytes * len(declared))
			stages = declared
		}
	}
	for _, stage := range stages {
		if both, ok := c.When.And(stage.When); !ok || !d.Template.Possible(both) {
			continue
		}
		n := statement.Need{Tail: c.Source.Tail(stage.Name), Stage: stage.Name}
		if !alone {
			n = statement.NewNeed(c, stage.Name)
		}
		n.When = stage.When
		if o.Scope == option.API {
			whole := c.Source
			whole.Form = invoke.AnyRoute
			n.Tail = whole.Tail(stage.Name)
		}
		needs = append(needs, n)
	}
	return needs
}

// What a need costs, see package budget.
const needSteps, needBytes = 10, 150
