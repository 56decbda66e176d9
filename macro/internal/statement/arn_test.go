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

// Of two literals at most one is the stack's own, where that isn't known; a pseudo
// parameter may be either.
func TestCoversUnknown(t *testing.T) {
	doc := template.Index(`{"Resources":{}}`)
	read := func(env invoke.Environment, arn string) Spelled {
		v := NewView(doc, invoke.NewFinder(doc, env).Names, env)
		x, _ := template.Index(arn).Root().One()
		return v.Spell(x)
	}
	unknown, known := invoke.Environment{}, invoke.Environment{}
	known.Region, known.Account, known.Partition = "us-east-1", "111122223333", "aws"
	const own, a, b = `{"Fn::Sub":"arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:t"}`, `"arn:aws:sns:us-east-1:111122223333:t"`, `"arn:aws:sns:eu-west-1:111122223333:t"`
	const other, another = `{"Fn::Join":["",["arn:aws:sns:us-east-1:",{"Fn::ImportValue":"a"},":t"]]}`, `{"Fn::Join":["",["arn:aws:sns:us-east-1:",{"Fn::ImportValue":"b"},":t"]]}`
	const half = `{"Fn::Sub":"arn:aws:sns:us-east-1:${AWS::AccountId}:t"}`
	for _, tt := range []struct {
		env  invoke.Environment
		x, y string
		want bool // whether each may be the other
		same bool // whether they are the same if all literals are the stack's own
	}{
		{unknown, own, a, true, true}, {unknown, own, b, true, true}, {unknown, a, b, false, true}, {unknown, a, half, true, true}, {unknown, b, half, false, true}, {unknown, a, a, true, true},
		{unknown, other, another, false, false}, {known, other, another, false, false}, {known, other, other, true, true},
		{known, own, a, true, true}, {known, own, b, false, false}, {known, a, b, false, false}, {known, a, half, true, true}, {known, b, half, false, false},
	} {
		x, y := read(tt.env, tt.x), read(tt.env, tt.y)
		if got, back := Covers(x.Pattern, y.Pattern), Covers(y.Pattern, x.Pattern); got != tt.want || back != tt.want {
			t.Errorf("%s and %s: %v and %v, want %v", tt.x, tt.y, got, back, tt.want)
		}
		if same := AsOwn(x.Pattern) == AsOwn(y.Pattern); same != tt.same {
			t.Errorf("%s and %s are %q and %q, the same: %v", tt.x, tt.y, AsOwn(x.Pattern), AsOwn(y.Pattern), same)
		}
	}
}
