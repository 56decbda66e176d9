package grant

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// proposed is the statement of a resource policy that allows a call: with the
// expressions of a template, or, where the document is text, with the
// references of Fn::Sub.
func proposed(c *caller.Call, function template.Value, object bool) string {
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
	principal, action := `{"Service":`+template.Quote(c.Principal)+`}`, "lambda:InvokeFunction"
	if c.Principal == everybody {
		principal = `"*"`
	}
	var equals []string
	source := template.Join(sourcePrefix, c.API.Name, slash, c.Source.Tail(c.Source.Stage))
	if a := c.Source.ARN; a != nil {
		source = a.Exact
		if a.Account == caller.AccountAlways || len(source) == 0 && a.Account == caller.AccountOptional && c.Principal != everybody {
			equals = append(equals, `"aws:SourceAccount":`+write(template.RefTo("AWS::AccountId")))
		}
	}
	var conditions []string
	if len(source) > 0 {
		conditions = append(conditions, `"ArnLike":{"aws:SourceArn":`+write(source)+`}`)
	}
	switch c.Access {
	case caller.InvokeURL:
		action, equals = "lambda:InvokeFunctionUrl", append(equals, `"lambda:FunctionUrlAuthType":"AWS_IAM"`)
	case caller.InvokePublic:
		action, equals = "lambda:InvokeFunctionUrl", append(equals, `"lambda:FunctionUrlAuthType":"NONE"`)
	case caller.InvokeViaURL:
		conditions = append(conditions, `"Bool":{"lambda:InvokedViaFunctionUrl":"true"}`)
	}
	if len(equals) > 0 {
		conditions = append(conditions, `"StringEquals":{`+strings.Join(equals, ",")+`}`)
	}
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `","Resource":` + resource +
		`,"Condition":{` + strings.Join(conditions, ",") + `}}`
}
