package statement

import (
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The quick way to a pattern gives the same text as the general one, and is used only for
// the stack's own ARNs.
func TestOwnPattern(t *testing.T) {
	lit, ref := template.Literal, template.RefTo
	own := invoke.OwnARN
	env := invoke.Environment{Facts: stack.Facts{Region: "us-east-1", Account: "123456789012"}}
	doc := template.Index(`{"Resources":{}}`)
	v := NewView(doc, invoke.Find(doc, env).Names, env)
	for name, x := range map[string]struct {
		text  template.Text
		short bool
	}{
		"a rule":           {own("events", lit("rule/"), ref("Rule")), true},
		"colons behind":    {own("logs", lit("log-group:/a/b:*")), true},
		"an attribute":     {own("logs", lit("log-group:"), template.AttOf("Group", "Arn"), lit(":*")), true},
		"another account":  {template.Join(lit("arn:aws:events:us-east-1:999999999999:rule/a")), false},
		"the Region given": {template.Join(lit("arn:"), ref("AWS::Partition"), lit(":events:us-east-1:"), ref("AWS::AccountId"), lit(":rule/a")), false},
		"a dynamic name":   {own("events", lit("rule/{{resolve:ssm:name:1}}")), false},
		"nothing behind":   {own("events"), true},
	} {
		short, ok := ownPattern(x.text)
		if ok != x.short {
			t.Errorf("%s: the short way is taken: %v", name, ok)
		}
		if long := byComponents(v, x.text); ok && short != long {
			t.Errorf("%s: %q, and component by component %q", name, short, long)
		}
	}
}
