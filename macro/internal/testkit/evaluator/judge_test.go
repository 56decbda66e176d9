package evaluator_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/author"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/evaluator"
)

// small is a template with a call, and an answer that lacks nothing.
const small = `{"Parameters":{"Env":{"Type":"String"}},"Conditions":{"Prod":{"Fn::Equals":[{"Ref":"Env"},"prod"]}},"Resources":{
"Fn":{"Type":"AWS::Lambda::Function","Properties":{}},
"Alias":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Fn"}}},
"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{}},
"Pets":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":{"Fn::GetAtt":["Api","RootResourceId"]},"PathPart":"{id}"}},
"Get":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Ref":"Pets"},"HttpMethod":"ANY","Integration":{"Type":"AWS_PROXY",
"Uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}:live/invocations"}}}}`

func permission(function, tail, more string) string {
	return `"P":{"Type":"AWS::Lambda::Permission"` + more + `,"Properties":{"Action":"lambda:InvokeFunction","Principal":"apigateway.amazonaws.com","FunctionName":{"Fn::Sub":"` + function +
		`"},"SourceArn":{"Fn::Sub":"arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:` + tail + `"}}}`
}

// The judge finds each mistake of an answer, and none in a right one.
func TestJudge(t *testing.T) {
	const after = `,"DependsOn":["Alias"]`
	for name, tt := range map[string]struct {
		added string // to the template
		word  string
		want  string // a part of what is said; "" where nothing is
	}{
		"right":                         {permission("${Fn.Arn}:live", "${Api}/*/*/*", after), "added", ""},
		"right by name":                 {permission("${Fn}:live", "${Api}/*/*/*", after), "added", ""},
		"nothing added":                 {"", "added", "fails at run time"},
		"nothing added, and reported":   {"", "unknown", "is called unknown, and all is known"},
		"called allowed":                {"", "allowed", "is called allowed"},
		"of elsewhere":                  {"", "elsewhere", ""},
		"before its alias":              {permission("${Fn.Arn}:live", "${Api}/*/*/*", ""), "added", "may be made before Alias"},
		"without the alias":             {permission("${Fn.Arn}", "${Api}/*/*/*", after), "added", "fails at run time"},
		"in some worlds only":           {permission("${Fn.Arn}:live", "${Api}/*/*/*", after+`,"Condition":"Prod"`), "added", "fails at run time"},
		"under no condition there is":   {permission("${Fn.Arn}:live", "${Api}/*/*/*", after+`,"Condition":"Dev"`), "added", "condition Dev"},
		"a verb too few":                {permission("${Fn.Arn}:live", "${Api}/*/GET/*", after), "added", "fails at run time"},
		"for another API":               {permission("${Fn.Arn}:live", "Api/*/*/*", after), "added", "fails at run time"},
		"with a line break":             {permission(`${Fn.Arn}:live\n`, "${Api}/*/*/*", after), "added", "fails the stack"},
		"to $LATEST":                    {permission("${Fn.Arn}:$LATEST", "${Api}/*/*/*", after), "added", "fails the stack"},
		"to another account":            {permission("arn:aws:lambda:us-east-1:444455556666:function:f", "${Api}/*/*/*", after), "added", "fails the stack"},
		"naming nothing":                {permission("${Gone.Arn}:live", "${Api}/*/*/*", after), "added", "doesn't have it"},
		"twice":                         {permission("${Fn.Arn}:live", "${Api}/*/*/*", after) + "," + strings.Replace(permission("${Fn.Arn}", "${Api}/*", ""), `"P"`, `"Q"`, 1), "added", "Q is needless"},
		"with what the author wrote":    {permission("${Fn.Arn}:live", "${Api}/*/*/*", after) + `,"Alias":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":"x"}}`, "added", "Resources.Alias has changed"},
		"each declared stage by itself": {permission("${Fn.Arn}:live", "${Api}/prod/*/*", after), "added", "fails at run time"},
	} {
		t.Run(name, func(t *testing.T) {
			input, err := evaluator.Read([]byte(small + "}}"))
			if err != nil {
				t.Fatal(err)
			}
			answer := evaluator.Answer{Verdicts: []evaluator.Verdict{{Wired: "Get", Route: "ANY /{id}", Word: tt.word}}}
			if answer.Output, err = evaluator.Read([]byte(small + strings.TrimSuffix(","+tt.added, ",") + "}}")); err != nil {
				t.Fatal(err)
			}
			var all []evaluator.World
			for _, env := range []string{"prod", "dev"} {
				all = append(all, evaluator.World{Stack: "s", Region: author.Region, Account: author.Account, Partition: "aws", Parameters: map[string]string{"Env": env}})
			}
			said := strings.Join(evaluator.Judge(input, all, answer), "\n")
			if tt.want == "" && said != "" || !strings.Contains(said, tt.want) {
				t.Errorf("said %q, want %q", said, tt.want)
			}
		})
	}
}

// Nearly any answer without its grants is found, or without one of them: the
// others may allow what it does.
func TestJudgeMissesNothing(t *testing.T) {
	broken, found, silent := 0, 0, 0
	for seed := range uint64(150) {
		x := author.Write(seed, notYet)
		input, err := evaluator.Read(x.JSON)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := ask(t, x)
		if err != nil {
			t.Fatal(err)
		}
		whole := of(answer.Output, "Resources")
		if len(whole) == len(of(input, "Resources")) {
			continue
		}
		for id := range whole {
			if of(input, "Resources")[id] != nil {
				continue
			}
			less := maps.Clone(whole)
			delete(less, id)
			answer.Output["Resources"] = less
			if broken++; len(evaluator.Judge(input, worlds(x), answer)) > 0 {
				found++
			}
		}
		answer.Output["Resources"] = of(input, "Resources")
		if len(evaluator.Judge(input, worlds(x), answer)) == 0 {
			silent++ // one that is unknown in some worlds stands for all of its route
		}
	}
	if silent > 5 {
		t.Errorf("%d times nothing is said when nothing is added", silent)
	}
	if broken < 100 || found < broken*3/4 {
		t.Errorf("%d grants were left out, and %d of them missed", broken, found)
	}
}
