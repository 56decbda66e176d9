package function_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// names are those of a stack with a function, one that has a name, an alias, a
// version and a function of SAM's.
func names(t *testing.T) (*function.Names, *template.Template) {
	t.Helper()
	doc, err := template.Parse([]byte(`{"Parameters":{"P":{"Type":"String"},"Q":{"Type":"String"}},"Resources":{
		"Fn":{"Type":"AWS::Lambda::Function"},"Named":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"orders"}},
		"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Fn"}}},
		"V":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Ref":"Fn"}}},
		"Sam":{"Type":"AWS::Serverless::Function","Properties":{"AutoPublishAlias":"prod"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	known := stack.Facts{Region: "us-east-1", Account: "111122223333", Parameters: map[string]string{"P": "orders"}}
	return function.Of(stack.New(doc, known, func(typ string) bool { return strings.HasPrefix(typ, "AWS::") })), doc
}

// Every way to name a function leads to the same target, and a name that Lambda refuses is
// a problem.
func TestFunction(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:111122223333:function:"
	for text, want := range map[string]string{
		`{"Ref":"Fn"}`:                        "Fn as ${Fn.Arn}",
		`{"Fn::GetAtt":["Fn","Arn"]}`:         "Fn as ${Fn.Arn}",
		`"orders"`:                            "Named as ${Named.Arn}",
		`"function:orders"`:                   "Named as ${Named.Arn}",
		`"111122223333:function:orders"`:      "Named as ${Named.Arn}",
		`"` + arn + `orders"`:                 "Named as ${Named.Arn}",
		`{"Fn::Sub":"` + arn + `${Fn}"}`:      "Fn as ${Fn.Arn}",
		`{"Fn::Sub":"` + arn + `${Fn}:live"}`: "Fn:live as ${Fn}:live after Live",
		`"` + arn + `other"`:                  "other as other",
		`"arn:aws:lambda:eu-west-1:111122223333:function:orders"`:    "arn:aws:lambda:eu-west-1:111122223333:function:orders as arn:aws:lambda:eu-west-1:111122223333:function:orders in eu-west-1",
		`"arn:aws:lambda:us-east-1:999999999999:function:orders"`:    "arn:aws:lambda:us-east-1:999999999999:function:orders as arn:aws:lambda:us-east-1:999999999999:function:orders in 999999999999",
		`"arn:aws-cn:lambda:us-east-1:111122223333:function:orders"`: "arn:aws-cn:lambda:us-east-1:111122223333:function:orders as arn:aws-cn:lambda:us-east-1:111122223333:function:orders in aws-cn",
		`{"Ref":"Live"}`:                      "Fn:live as ${Fn}:live after Live",
		`{"Ref":"V"}`:                         "Fn:@V as ${V}",
		`{"Fn::GetAtt":["Sam","Alias"]}`:      "Sam:prod as ${Sam.Alias}",
		`"orders:$LATEST"`:                    "latest",
		`"two words"`:                         "malformed",
		`"` + arn + `function:orders"`:        "malformed",
		`{"Fn::Sub":"` + arn + `${Nothing}"}`: "dangling",
		`{"Fn::Sub":"${stageVariables.fn}"}`:  "unescaped-stage-variable",
		`"` + strings.Repeat("n", 64) + `:` + strings.Repeat("a", 80) + `"`: "name-too-long",
	} {
		n, _ := names(t)
		x, ok := template.Index(text).Root().One()
		if !ok {
			t.Fatalf("%s is no text", text)
		}
		target, problem := n.Function(x)
		got := target.Mark()
		if problem != nil {
			got = problem.Name
		} else {
			if target.Qualifier != "" {
				got += ":" + target.Qualifier
			}
			got += " as " + target.Name.String()
			if len(target.DependsOn) > 0 {
				got += " after " + strings.Join(target.DependsOn, " ")
			}
			if target.Elsewhere() {
				got += " in " + target.Region + target.Account + target.Partition
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// A property is read once for every branch and, with variables, for every stage.
func TestRead(t *testing.T) {
	n, _ := names(t)
	const path = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
	perStage := func(x template.Text) []function.Staged {
		var all []function.Staged
		for _, stage := range []string{"test", "prod"} {
			s := function.Staged{Text: function.ReplaceVariable(x, "alias", template.Literal(stage))}
			s.Stage = template.Literal(stage)
			all = append(all, s)
		}
		return all
	}
	for text, want := range map[string][]string{
		`{"Fn::Sub":"` + path + `${Fn.Arn}/invocations"}`:                             {"Fn"},
		`{"Fn::Sub":"` + path + `${Fn.Arn}:${!stageVariables.alias}/invocations"}`:    {"Fn:test on test", "Fn:prod on prod"},
		`{"Fn::If":["C",{"Fn::GetAtt":["Fn","Arn"]},{"Fn::GetAtt":["Named","Arn"]}]}`: {"Fn if C", "Named if not C"},
		`{"Fn::Sub":"` + path + `${Fn.Arn}/policy"}`:                                  nil,
		`"https://example.com"`: nil,
		`{"Ref":"Q"}`:           {"opaque-uri"},
	} {
		var got []string
		for _, y := range n.Read(template.Index(text).Root(), function.Accepts{Bare: true}, perStage) {
			if y.Problem != nil {
				got = append(got, y.Problem.Name)
				continue
			}
			s := y.Target.Mark()
			if y.Target.Qualifier != "" {
				s += ":" + y.Target.Qualifier
			}
			if len(y.Stage) > 0 {
				s += " on " + y.Stage.String()
			}
			if len(y.When) > 0 {
				s += " if " + y.When.String()
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	staged := `{"Fn::Sub":"` + path + `${Fn.Arn}:${!stageVariables.alias}/invocations"}`
	if all := n.Read(template.Index(staged).Root(), function.Accepts{}, nil); len(all) != 1 || all[0].Problem == nil || all[0].Problem.Name != function.NoStage.Name {
		t.Errorf("without stages: %+v", all)
	}
}

// Each reference to an alias that stands for several functions has its own text, whatever
// was found between them.
func TestAliasTwice(t *testing.T) {
	doc := template.Index(`{"Conditions":{"C":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]}},"Resources":{
		"A":{"Type":"AWS::Lambda::Function"},"B":{"Type":"AWS::Lambda::Function"},
		"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Fn::If":["C",{"Ref":"A"},{"Ref":"B"}]}}}}}`)
	n := function.Of(stack.New(doc, stack.Facts{}, func(typ string) bool { return strings.HasPrefix(typ, "AWS::") }))
	plain, qualified := template.RefTo("Live"), template.Text{{Kind: template.Ref, Text: "Live"}, {Text: ":x"}}
	first, problem := n.Function(plain)
	if problem != nil {
		t.Fatal(problem)
	}
	shown := func() (all []string) {
		for _, one := range first.Each() {
			all = append(all, one.ID()+" as "+one.ARN.String()+" if "+one.When.String())
		}
		return all
	}
	before := shown()
	if _, problem := n.Function(qualified); problem == nil {
		t.Error("a qualifier behind an alias is taken")
	}
	if diff := cmp.Diff(before, shown()); diff != "" || len(before) != 2 {
		t.Errorf("%d functions; after another reference (-before +after)\n%s", len(before), diff)
	}
}
