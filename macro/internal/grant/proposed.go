package grant

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// proposed is the statement of a resource policy that allows a call: with the
// expressions of a template, or, where the document is text, with the
// references of Fn::Sub.
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
	st := statementText{principal: c.Principal, access: c.Access, resource: resource, iam: true}
	source := template.Join(sourcePrefix, c.Origin.Name, slash, c.Source.Tail(c.Source.Stage))
	if a := c.Source.ARN; a != nil {
		source = a.Exact
		if a.Account == invoke.AccountAlways || len(source) == 0 && a.Account == invoke.AccountOptional && c.Principal != everybody {
			st.account = write(template.RefTo("AWS::AccountId"))
		}
	}
	if len(source) > 0 {
		st.source = write(source)
	}
	return st.json()
}

// A statementText is an Allow statement of a resource policy, in pieces of JSON.
type statementText struct {
	principal string
	access    invoke.Access
	resource  string // the function's ARN
	source    string // the source ARN, or a list of them; "": none
	account   string // of the source; "": none
	iam       bool   // a call by way of a URL is one that IAM has let in
}

func (x statementText) json() string {
	principal, action := `{"Service":`+template.Quote(x.principal)+`}`, "lambda:InvokeFunction"
	if x.principal == everybody {
		principal = `"*"`
	}
	var conditions, equals []string
	if x.source != "" {
		conditions = append(conditions, `"ArnLike":{"aws:SourceArn":`+x.source+`}`)
	}
	if x.account != "" {
		equals = append(equals, `"aws:SourceAccount":`+x.account)
	}
	switch x.access {
	case invoke.InvokeURL:
		if action = "lambda:InvokeFunctionUrl"; x.iam {
			equals = append(equals, `"lambda:FunctionUrlAuthType":"AWS_IAM"`)
		}
	case invoke.InvokePublic:
		action, equals = "lambda:InvokeFunctionUrl", append(equals, `"lambda:FunctionUrlAuthType":"NONE"`)
	case invoke.InvokeViaURL:
		conditions = append(conditions, `"Bool":{"lambda:InvokedViaFunctionUrl":"true"}`)
	}
	if len(equals) > 0 {
		conditions = append(conditions, `"StringEquals":{`+strings.Join(equals, ",")+`}`)
	}
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `","Resource":` + x.resource +
		`,"Condition":{` + strings.Join(conditions, ",") + `}}`
}
