package statement

import (
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The quick way to a pattern gives the same text as the general one.
func TestAppendPattern(t *testing.T) {
	lit, ref := template.Literal, template.RefTo
	own := invoke.OwnARN
	env := invoke.Environment{Facts: stack.Facts{Region: "us-east-1", Account: "123456789012"}}
	doc := template.Index(`{"Resources":{}}`)
	v := NewView(doc, invoke.Find(doc, env).Names, env)
	for name, x := range map[string]struct {
		text  template.Text
		short bool
	}{
		"a rule":             {own("events", lit("rule/"), ref("Rule")), true},
		"colons behind":      {own("logs", lit("log-group:/a/b:*")), true},
		"an attribute":       {own("logs", lit("log-group:"), template.AttOf("Group", "Arn"), lit(":*")), true},
		"all literal":        {lit("arn:aws:events:us-east-1:123456789012:rule/a"), true},
		"another account":    {lit("arn:aws:events:us-east-1:999999999999:rule/a"), true},
		"any account":        {lit("arn:aws:events:us-east-1:*:rule/a"), true},
		"a bucket":           {template.Join(lit("arn:"), ref("AWS::Partition"), lit(":s3:::"), ref("Bucket")), true},
		"a name of two":      {template.Join(lit("arn:aws:s3:::a-"), ref("AWS::AccountId"), lit(":b")), true},
		"the Region given":   {template.Join(lit("arn:"), ref("AWS::Partition"), lit(":events:us-east-1:"), ref("AWS::AccountId"), lit(":rule/a")), true},
		"a dynamic name":     {own("events", lit("rule/{{resolve:ssm:name:1}}")), false},
		"a dynamic Region":   {lit("arn:aws:events:{{resolve:ssm:a:1}}:123456789012:rule/a"), false},
		"a parameter":        {template.Join(lit("arn:aws:events:"), ref("Region"), lit(":123456789012:rule/a")), false},
		"half a Region":      {template.Join(lit("arn:aws:events:us-"), ref("AWS::Region"), lit(":123456789012:rule/a")), false},
		"two for an account": {template.Join(lit("arn:aws:events:us-east-1:"), ref("AWS::AccountId"), ref("AWS::Region"), lit(":rule/a")), false},
		"nothing behind":     {own("events"), true},
		"too short":          {lit("arn:aws:events"), false},
		"no ARN":             {lit("rule/a:b:c:d:e:f"), false},
		"an import":          {ref("Import"), false},
		"nothing":            {nil, false},
	} {
		short, ok := appendPattern(nil, v, x.text)
		if ok != x.short {
			t.Errorf("%s: the short way is taken: %v", name, ok)
		}
		if long := byComponents(v, x.text); ok && string(short) != long {
			t.Errorf("%s: %q, and component by component %q", name, short, long)
		}
	}
}
