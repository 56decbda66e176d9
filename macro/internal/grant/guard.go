package grant

import (
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// parameter is the value of a parameter; "" where nobody knows it.
func (d *decider) parameter(name string) string {
	v, _ := d.env.ParameterOf(d.t, name)
	return v
}

// guard makes the permission for a function that is named by a parameter exist
// only where the parameter's ARN is of the stack's own account and Region: the
// value can change with the next update, and a permission on a function
// elsewhere fails the stack. Fn::GetAtt and Fn::ImportValue are not allowed in
// conditions, so that only parameters can be guarded; and only those whose
// value is an ARN, since Fn::Select fails on anything shorter.
func (d *decider) guard(c *caller.Call) {
	p, ok := c.Target.Name.Single()
	if !ok || p.Kind != template.Ref || !arn.IsARN(d.parameter(p.Text)) {
		return
	}
	part := func(index, pseudo string) string {
		return `{"Fn::Equals":[{"Fn::Select":[` + index + `,{"Fn::Split":[":",{"Ref":` + template.Quote(p.Text) + `}]}]},{"Ref":"AWS::` + pseudo + `"}]}`
	}
	definition := `{"Fn::And":[` + part("4", "AccountId") + `,` + part("3", "Region") + `]}`
	name := (&conditions{t: d.t, generated: d.guards}).define(definition)
	if when, ok := c.When.And(template.When(name, false)); ok {
		c.When = when
	}
}
