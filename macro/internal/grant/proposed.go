package grant

import (
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// proposed is the statement for an AWS::Lambda::ResourcePolicy that allows a call: with
// expressions where its document is an object, or, where that is text, with the
// references of Fn::Sub. function is the ResourceArn of the policy.
func proposed(c *invoke.Call, function template.Value, object bool) string {
	write := func(x template.Text) string {
		if object {
			return x.JSON()
		}
		return template.Quote(x.String())
	}
	resource := function.Compact()
	if x, ok := function.One(); ok {
		resource = write(x)
	}
	st := statement.AllowStatement{Principal: c.Principal, Access: c.Access, Resource: resource, IAM: true}
	var source template.Text
	if a := c.Source.ARN; a == nil {
		source = c.Service.SourceARN(c.Origin, c.Source.Tail(c.Source.Stage))
	} else {
		source = a.Exact
		if a.Account == invoke.AccountAlways || len(source) == 0 && a.Account == invoke.AccountOptional && c.Principal != statement.Everybody {
			st.Account = write(template.RefTo("AWS::AccountId"))
		}
	}
	if len(source) > 0 {
		st.Source = write(source)
	}
	return st.JSON()
}
