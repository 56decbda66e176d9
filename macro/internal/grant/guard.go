package grant

import (
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// parameter is the value of a parameter; "" where it isn't known.
func (d *judge) parameter(name string) string {
	value, _ := d.Env.ParameterOf(d.Template, name)
	return value
}

// guarded returns the call with a further condition, where a parameter names the
// function: that the parameter's ARN is of the stack's own account and Region. The
// value can change with the next update, and a permission on a function elsewhere
// fails the stack. Only parameters can be guarded, since conditions don't take
// Fn::GetAtt and Fn::ImportValue; and only those whose value is an ARN, since
// Fn::Select fails on anything shorter.
func (d *judge) guarded(c *invoke.Call) *invoke.Call {
	p, ok := c.Target.Name.Single()
	if !ok || p.Kind != template.Ref || !arn.IsARN(d.parameter(p.Text)) {
		return c
	}
	part := func(index, pseudo string) string {
		return `{"Fn::Equals":[{"Fn::Select":[` + index + `,{"Fn::Split":[":",{"Ref":` + template.Quote(p.Text) + `}]}]},{"Ref":"AWS::` + pseudo + `"}]}`
	}
	definition := `{"Fn::And":[` + part("4", "AccountId") + `,` + part("3", "Region") + `]}`
	when, ok := c.When.And(template.When(d.conds.Define(definition), false))
	if !ok {
		return c
	}
	own := *c
	own.When = when
	return &own
}
