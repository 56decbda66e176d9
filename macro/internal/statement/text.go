package statement

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// An AllowStatement is an Allow statement of a resource policy. Resource, Source and
// Account are JSON.
type AllowStatement struct {
	Principal string
	Access    invoke.Access
	Resource  string // the function's ARN
	Source    string // the source ARN, or a list of them; "": none
	Account   string // of the source; "": none
	IAM       bool   // of InvokeURL: the URL's AuthType AWS_IAM is a condition
}

// JSON is the statement as compact JSON.
func (x AllowStatement) JSON() string {
	principal, action := `{"Service":`+template.Quote(x.Principal)+`}`, x.Access.Action()
	if x.Principal == Everybody {
		principal = `"*"`
	}
	var conditions, equals []string
	if x.Source != "" {
		conditions = append(conditions, `"ArnLike":{"aws:SourceArn":`+x.Source+`}`)
	}
	if x.Account != "" {
		equals = append(equals, `"aws:SourceAccount":`+x.Account)
	}
	switch x.Access {
	case invoke.InvokeURL:
		if x.IAM {
			equals = append(equals, `"lambda:FunctionUrlAuthType":"AWS_IAM"`)
		}
	case invoke.InvokePublic:
		equals = append(equals, `"lambda:FunctionUrlAuthType":"NONE"`)
	case invoke.InvokeViaURL:
		conditions = append(conditions, `"Bool":{"lambda:InvokedViaFunctionUrl":"true"}`)
	}
	if len(equals) > 0 {
		conditions = append(conditions, `"StringEquals":{`+strings.Join(equals, ",")+`}`)
	}
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `","Resource":` + x.Resource +
		`,"Condition":{` + strings.Join(conditions, ",") + `}}`
}
