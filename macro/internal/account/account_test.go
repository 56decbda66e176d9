package account

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// The forms of a URI that invoke a function, and those that look like it.
func TestFunctionARN(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:fn"
	const head = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
	tests := map[string]string{
		head + arn + "/invocations":      arn,
		head + arn + ":live/invocations": arn + ":live",
		head + "arn:aws:lambda:eu-west-1:111122223333:function:${stageVariables.fn}/invocations":       "arn:aws:lambda:eu-west-1:111122223333:function:${stageVariables.fn}",
		strings.Replace(head, "2015-03-31", "2021-11-15", 1) + arn + "/response-streaming-invocations": arn,
		strings.Replace(head, "path/", "path//", 1) + arn + "/invocations":                             arn,
		arn:                           arn,
		arn + ":live":                 arn + ":live",
		head + arn:                    "",
		head + arn + "/configuration": "",
		"https://example.com/functions/x/invocations":                                 "",
		"arn:aws:apigateway:eu-west-1:sqs:path/111122223333/queue":                    "",
		"arn:aws:apigateway:eu-west-1:runtime.sagemaker:path/endpoints/x/invocations": "",
		"": "",
	}
	for uri, want := range tests {
		if got, ok := FunctionARN(uri); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", uri, got, ok)
		}
	}
}

func TestExpand(t *testing.T) {
	values := map[string]string{"a": "1", "b": "x:y"}
	for text, want := range map[string][2]string{
		"":                                       {"", ""},
		"f:${stageVariables.a}":                  {"f:1", ""},
		"${stageVariables.b}${stageVariables.a}": {"x:y1", ""},
		"f:${stageVariables.c}":                  {"f:", "c"},
		"f:${stageVariables.c":                   {"f:${stageVariables.c", ""},
		"${other.a}":                             {"${other.a}", ""},
	} {
		if got, missing := Expand(text, values); got != want[0] || missing != want[1] {
			t.Errorf("%s: %q, %q", text, got, missing)
		}
	}
}

// A canary calls with its own values beside those of the stage.
func TestTargets(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:fn"
	a := API{Stages: []Stage{{Name: "prod", Variables: map[string]string{"q": "live"}, Canary: map[string]string{"q": "next"},
		Routes:      []Route{{Key: "GET /", URI: arn + ":${stageVariables.q}", Credentials: "arn:aws:iam::111122223333:role/r"}, {Key: "GET /x", URI: "https://example.com"}},
		Authorizers: []Authorizer{{Name: "a", URI: arn}}}},
		Routes: []Route{{Key: "GET /", URI: arn + ":5"}}}
	if got, want := a.Targets(), []string{arn, arn + ":5", arn + ":live", arn + ":next"}; !slices.Equal(got, want) {
		t.Errorf("targets %v", got)
	}
	if got := a.Roles()["arn:aws:iam::111122223333:role/r"]; !slices.Equal(got, []string{arn + ":live", arn + ":next"}) {
		t.Errorf("roles %v", a.Roles())
	}
	if a.Stages[0].Variables["q"] != "live" {
		t.Error("the stage's own values have changed")
	}
}

// What is saved is what is loaded; any other file is refused with a message.
func TestFile(t *testing.T) {
	a := Account{Format: Format, ID: "111122223333", Region: "eu-west-1", Functions: []Function{{Name: "fn", Policies: []Policy{{Document: `{"a":"<&>"}`}}}}}
	var b bytes.Buffer
	if err := a.Save(&b); err != nil {
		t.Fatal(err)
	}
	got, err := Load(&b)
	if err != nil || got.Functions[0].Policies[0].Document != `{"a":"<&>"}` || got.ID != a.ID {
		t.Errorf("%+v, %v", got, err)
	}
	for text, want := range map[string]string{"": "is no saved account: EOF", "{}": "hint: grantinvoke audit -save FILE", `{"format":99,"account":"1"}`: "newer version"} {
		if _, err := Load(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
