package statement_test

import (
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

const head = `"Parameters":{"Env":{"Type":"String"},"Fns":{"Type":"String"}},"Conditions":{"Prod":{"Fn::Equals":[{"Ref":"Env"},"prod"]},"East":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]}},`

// called are a REST API that calls a function with GET /pets/{id}, another API, and
// a topic that calls the same function. STAGES stands for stages.
const called = `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"pets"}},
	"Bare":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"},"Other":{"Type":"AWS::ApiGateway::RestApi"},STAGES
	"Pets":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":{"Fn::GetAtt":["Api","RootResourceId"]},"PathPart":"pets"}},
	"Pet":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":{"Ref":"Pets"},"PathPart":"{id}"}},
	"Get":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Ref":"Pet"},"HttpMethod":"GET","Integration":{"Type":"AWS_PROXY","IntegrationHttpMethod":"POST",
		"Uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}}}},
	"Topic":{"Type":"AWS::SNS::Topic"},
	"Sub":{"Type":"AWS::SNS::Subscription","Properties":{"Protocol":"lambda","TopicArn":{"Ref":"Topic"},"Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}}`

// read reads the template with a resource P, and what is called by that kind.
func read(t *testing.T, stages, p, kind string) (steps.Template, *invoke.Call) {
	t.Helper()
	x := steps.Read(t, "{"+head+`"Resources":{`+strings.Replace(called, "STAGES", stages, 1)+`,"P":`+p+`}}`, steps.Env(), option.Options{})
	for _, c := range x.Found.Calls {
		if c.Kind.Name == kind {
			return x, c
		}
	}
	t.Fatalf("there is no call of the kind %s", kind)
	return x, nil
}

// allows returns whether the statements of a template allow a call from any stage, and the
// reasons of the notes.
func allows(x steps.Template, c *invoke.Call) (bool, string) {
	need := statement.Need{}
	if c.Source.ARN != nil {
		need = x.FullNeed(c)
	} else {
		need = statement.NewNeed(c, nil)
	}
	_, notes, ok := x.Allow(x.Existing.Of(c.Target), c, []statement.Need{need})
	return ok, steps.Reasons(notes)
}

// permission is a permission for API Gateway with the properties, which replace
// those that it has otherwise, and with attributes.
func permission(properties, attributes string) string {
	text := ""
	for _, m := range []struct{ name, value string }{{"Action", `"lambda:InvokeFunction"`}, {"FunctionName", `{"Ref":"Fn"}`}, {"Principal", `"apigateway.amazonaws.com"`},
		{"SourceArn", `{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/pets/*"}`}} {
		if !strings.Contains(properties, `"`+m.name+`":`) {
			text += `,"` + m.name + `":` + m.value
		}
	}
	if properties != "" {
		text += "," + properties
	}
	return `{"Type":"AWS::Lambda::Permission",` + attributes + `"Properties":{` + text[1:] + `}}`
}

// A source ARN allows a route however it is written, and none that it doesn't match.
func TestAllowSources(t *testing.T) {
	sub := func(text string) string { return `{"Fn::Sub":"` + text + `"}` }
	for _, tt := range []struct {
		name, source string
		want         bool
		notes        string
	}{
		{"literals", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/pets/*"), true, ""},
		{"pseudo parameters", sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/pets/*"), true, ""},
		{"joined", `{"Fn::Join":["",["arn:aws:execute-api:",{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":",{"Ref":"Api"},"/*/GET/pets/*"]]}`, true, ""},
		{"joined by slashes", `{"Fn::Join":["/",["arn:aws:execute-api:us-east-1:111122223333:PLACE","*","GET","pets","*"]]}`, false, ""},
		{"the parameter as it is written", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/pets/{id}"), true, "literal-parameter"},
		{"every method", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/*/pets/*"), true, ""},
		{"all of the API", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*"), true, ""},
		{"all of the API without a slash", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}*"), true, ""},
		{"every API", sub("arn:aws:execute-api:us-east-1:111122223333:*"), true, "account-wide"},
		{"one of ? for each letter", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/G?T/pets/*"), true, ""},
		{"a ? too many", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET?/pets/*"), false, ""},
		{"another method", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/PUT/pets/*"), false, ""},
		{"small letters", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/get/pets/*"), false, ""},
		{"another path", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/pet/*"), false, ""},
		{"the path above", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/pets"), false, ""},
		{"one stage", sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/prod/GET/pets/*"), false, ""},
		{"another API", sub("arn:aws:execute-api:us-east-1:111122223333:${Other}/*/GET/pets/*"), false, ""},
		{"another account", sub("arn:aws:execute-api:us-east-1:999999999999:${Api}/*/GET/pets/*"), false, ""},
		{"another partition", sub("arn:aws-cn:execute-api:us-east-1:111122223333:${Api}/*/GET/pets/*"), false, ""},
		{"another Region", sub("arn:aws:execute-api:eu-west-1:111122223333:${Api}/*/GET/pets/*"), false, ""},
		{"no Region", sub("arn:aws:execute-api::111122223333:${Api}/*/GET/pets/*"), false, ""},
		{"any Region", sub("arn:aws:execute-api:*:111122223333:${Api}/*/GET/pets/*"), false, ""},
		{"another service", sub("arn:aws:apigateway:us-east-1:111122223333:${Api}/*/GET/pets/*"), false, ""},
		{"an import", `{"Fn::ImportValue":"arn"}`, false, ""},
		{"none", `{"Ref":"AWS::NoValue"}`, true, "no-source-arn"},
		{"either matches", `{"Fn::If":["Prod",` + sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/*") + `,` + sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*") + `]}`, true, ""},
		{"one of two matches", `{"Fn::If":["Prod",` + sub("arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/*") + `,` + sub("arn:aws:execute-api:us-east-1:111122223333:${Other}/*") + `]}`, false, ""},
	} {
		x, c := read(t, "", permission(`"SourceArn":`+tt.source, ""), "rest-method")
		if ok, notes := allows(x, c); ok != tt.want || ok && notes != tt.notes {
			t.Errorf("%s: %v with %q, want %v with %q", tt.name, ok, notes, tt.want, tt.notes)
		}
	}
}

// The other properties of a permission must let the service call this function, too,
// whenever the call exists.
func TestAllowProperties(t *testing.T) {
	for _, tt := range []struct {
		name, properties, attributes string
		want                         bool
		notes                        string
	}{
		{"the usual", ``, ``, true, ""},
		{"the function's ARN", `"FunctionName":{"Fn::GetAtt":["Fn","Arn"]}`, ``, true, ""},
		{"the function's name", `"FunctionName":"pets"`, ``, true, ""},
		{"its ARN as text", `"FunctionName":"arn:aws:lambda:us-east-1:111122223333:function:pets"`, ``, true, ""},
		{"a part of its ARN", `"FunctionName":"111122223333:function:pets"`, ``, true, ""},
		{"another function", `"FunctionName":"cats"`, ``, false, ""},
		{"an alias", `"FunctionName":{"Fn::Sub":"${Fn}:live"}`, ``, false, ""},
		{"a function elsewhere", `"FunctionName":"arn:aws:lambda:us-east-1:999999999999:function:pets"`, ``, false, ""},
		{"all actions", `"Action":"lambda:*"`, ``, true, ""},
		{"the action in other letters", `"Action":"Lambda:invokefunction"`, ``, true, ""},
		{"another action", `"Action":"lambda:GetFunction"`, ``, false, ""},
		{"the action of URLs", `"Action":"lambda:InvokeFunctionUrl"`, ``, false, ""},
		{"an action that a condition chooses", `"Action":{"Fn::If":["Prod","lambda:InvokeFunction","lambda:GetFunction"]}`, ``, false, ""},
		{"everybody", `"Principal":"*"`, ``, true, "public"},
		{"another service's principal", `"Principal":"sns.amazonaws.com"`, ``, false, ""},
		{"another service's principal, without a source", `"Principal":"sns.amazonaws.com","SourceArn":{"Ref":"AWS::NoValue"}`, ``, false, ""},
		{"an account", `"Principal":"111122223333"`, ``, false, ""},
		{"the principal by its suffix", `"Principal":{"Fn::Sub":"apigateway.${AWS::URLSuffix}"}`, ``, true, ""},
		{"the own account", `"SourceAccount":{"Ref":"AWS::AccountId"}`, ``, true, ""},
		{"the own account as text", `"SourceAccount":"111122223333"`, ``, true, ""},
		{"another account", `"SourceAccount":"999999999999"`, ``, false, ""},
		{"an account that a parameter names", `"SourceAccount":{"Ref":"Env"}`, ``, false, ""},
		{"a token", `"EventSourceToken":"t"`, ``, false, ""},
		{"an organisation", `"PrincipalOrgID":"o-1234567890"`, ``, false, ""},
		{"calls by way of the URL", `"InvokedViaFunctionUrl":true`, ``, false, ""},
		{"the same, switched off", `"InvokedViaFunctionUrl":false`, ``, true, ""},
		{"in production", ``, `"Condition":"Prod",`, false, ""},
		{"where the stack is", ``, `"Condition":"East",`, true, ""},
		{"a principal in production", `"Principal":{"Fn::If":["Prod","apigateway.amazonaws.com",{"Ref":"AWS::NoValue"}]}`, ``, false, ""},
	} {
		x, c := read(t, "", permission(tt.properties, tt.attributes), "rest-method")
		if ok, notes := allows(x, c); ok != tt.want || ok && notes != tt.notes {
			t.Errorf("%s: %v with %q, want %v with %q", tt.name, ok, notes, tt.want, tt.notes)
		}
	}
}

// A call from any stage is allowed, too, where it is from each stage that is
// declared; of a REST API, the console's Test button is then left out.
func TestAllowStages(t *testing.T) {
	stage := func(id, name, condition string) string {
		return `"` + id + `":{"Type":"AWS::ApiGateway::Stage",` + condition + `"Properties":{"RestApiId":{"Ref":"Api"},"StageName":"` + name + `"}},`
	}
	one := permission(`"SourceArn":{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/prod/GET/pets/*"}`, "")
	pattern := permission(`"SourceArn":{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/p*/GET/pets/*"}`, "")
	button := permission(`"SourceArn":{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*st*/GET/pets/*"}`, "")
	for _, tt := range []struct {
		name, stages, permission string
		want                     bool
		notes                    string
	}{
		{"no stage", "", one, false, ""},
		{"the stage", stage("A", "prod", ""), one, true, "one-stage"},
		{"the stage and another", stage("A", "prod", "") + stage("B", "dev", ""), one, false, ""},
		{"both stages", stage("A", "prod", "") + stage("B", "pre", ""), pattern, true, "one-stage"},
		{"the stage and the button", stage("A", "staging", ""), button, true, ""},
	} {
		x, c := read(t, tt.stages, tt.permission, "rest-method")
		if ok, notes := allows(x, c); ok != tt.want || ok && notes != tt.notes {
			t.Errorf("%s: %v with %q, want %v with %q", tt.name, ok, notes, tt.want, tt.notes)
		}
	}
}

// For a service without origins, the ARN that it presents counts.
func TestAllowWhole(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		want         bool
		notes        string
	}{
		{"by Ref", `,"SourceArn":{"Ref":"Topic"}`, true, ""},
		{"by its attribute", `,"SourceArn":{"Fn::GetAtt":["Topic","TopicArn"]}`, true, ""},
		{"by its name", `,"SourceArn":{"Fn::Sub":"arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${Topic.TopicName}"}`, true, ""},
		{"any of the account", `,"SourceArn":"arn:aws:sns:us-east-1:111122223333:*"`, true, ""},
		{"another's", `,"SourceArn":"arn:aws:sns:us-east-1:111122223333:other"`, false, ""},
		{"any of another Region", `,"SourceArn":"arn:aws:sns:eu-west-1:111122223333:*"`, false, ""},
		{"any of another account", `,"SourceArn":"arn:aws:sns:us-east-1:999999999999:*"`, false, ""},
		{"a Region by a wildcard", `,"SourceArn":"arn:aws:sns:*:111122223333:*"`, false, ""},
		{"the account alone", `,"SourceAccount":{"Ref":"AWS::AccountId"}`, true, ""},
		{"nothing", ``, true, "no-source-arn"},
	} {
		x, c := read(t, "", `{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"Fn"},"Principal":"sns.amazonaws.com"`+tt.source+`}}`, "sns-subscription")
		if ok, notes := allows(x, c); ok != tt.want || ok && notes != tt.notes {
			t.Errorf("%s: %v with %q, want %v with %q", tt.name, ok, notes, tt.want, tt.notes)
		}
	}
}

// Mistakes in a permission as it is written are findings, also where no call is near.
func TestFindings(t *testing.T) {
	for _, tt := range []struct{ name, properties, want string }{
		{"nothing", ``, ""},
		{"a principal that never calls", `"Principal":"sqs.amazonaws.com"`, "never-calls"},
		{"a principal that is nearly right", `"Principal":"apigateway.us-east-1.amazonaws.com"`, "wrong-principal"},
		{"somebody else", `"Principal":"111122223333"`, ""},
		{"a Region by a wildcard", `"SourceArn":{"Fn::Sub":"arn:aws:execute-api:*:111122223333:${Api}/*"}`, "malformed"},
		{"no ARN", `"SourceArn":"Api"`, "malformed"},
		{"a name that Lambda refuses", `"FunctionName":"a function"`, "malformed"},
		{"a logical id as text", `"FunctionName":"Fn"`, "text-is-id"},
	} {
		x, _ := read(t, "", permission(tt.properties, ""), "rest-method")
		if got := steps.Reasons(x.Existing.Findings["P"]); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What a permission takes of its function's policy is what Lambda writes for it, with
// the longest statement id.
func TestSizes(t *testing.T) {
	sid := strings.Repeat("x", 100)
	start := `{"Sid":"` + sid + `","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:pets"`
	const arn = `arn:aws:execute-api:us-east-1:111122223333:abcdefghij/*/GET/pets/*`
	for _, tt := range []struct{ name, properties, want string }{
		{"with a source", ``, start + `,"Condition":{"ArnLike":{"AWS:SourceArn":"` + arn + `"}}}`},
		{"with the account", `"SourceAccount":{"Ref":"AWS::AccountId"}`, start + `,"Condition":{"ArnLike":{"AWS:SourceArn":"` + arn + `"},"StringEquals":{"AWS:SourceAccount":"111122223333"}}}`},
		{"with the account alone", `"SourceArn":{"Ref":"AWS::NoValue"},"SourceAccount":"111122223333"`, start + `,"Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333"}}}`},
		{"with neither", `"SourceArn":{"Ref":"AWS::NoValue"}`, start + `}`},
	} {
		x, c := read(t, "", permission(tt.properties, ""), "rest-method")
		if got := x.Existing.Sizes[c.Target.ID()]; got.Statements != 1 || got.Bytes < len(tt.want) || got.Bytes > len(tt.want)+10 {
			t.Errorf("%s: %+v, want %d bytes or hardly more", tt.name, got, len(tt.want))
		}
	}
}

// An ARN whose value isn't known counts as the longest possible.
func TestLengths(t *testing.T) {
	x, _ := read(t, "", permission("", ""), "rest-method")
	const prefix = len("arn:aws:lambda:us-east-1:111122223333:function:")
	for _, tt := range []struct {
		name   string
		target function.Target
		want   int
	}{
		{"a function with a name", function.Target{Function: "Fn"}, prefix + len("pets")},
		{"a function without one", function.Target{Function: "Bare"}, prefix + 64},
		{"one elsewhere, by its name", function.Target{Name: template.Literal("cats")}, prefix + len("cats")},
		{"with an alias", function.Target{Function: "Fn", Qualifier: "live"}, prefix + len("pets:live")},
		{"with a version", function.Target{Function: "Fn", Qualifier: "@V"}, prefix + len("pets:12345")},
	} {
		if got := (statement.Lengths{View: x.View}).FunctionARN(&tt.target); got != tt.want {
			t.Errorf("%s: %d bytes, want %d", tt.name, got, tt.want)
		}
	}
}
