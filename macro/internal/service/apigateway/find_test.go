package apigateway_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// here is the stack that the templates of these tests are for.
var here = invoke.Environment{Services: invoke.NewCatalog(&apigateway.Service), Facts: stack.Facts{Region: "us-east-1", Account: "111122223333", Parameters: map[string]string{}}}

func parse(t testing.TB, text string) *template.Template {
	t.Helper()
	doc, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc
}

// found lists the calls of a template, each as
//
//	resource: function | tail of the source ARN [condition] deps=… !problem +note
//
// then what SAM grants and the problems that concern no single call.
func found(t testing.TB, doc string, env invoke.Environment) []string {
	t.Helper()
	f := invoke.Find(parse(t, doc), env)
	var out []string
	for _, c := range f.Calls {
		out = append(out, line(c))
	}
	for _, g := range f.Given {
		out = append(out, fmt.Sprintf("given %s: %s %s | %s%s", g.By, g.Origin.Mark(), functionMark(g.Target), g.Tail, guard(g.When)))
	}
	for _, p := range f.Problems {
		out = append(out, "problem "+p.Name+" at "+string(p.At))
	}
	for i := range out {
		out[i] = strings.NewReplacer("\x01", "<", "\x02", ">").Replace(out[i]) // of keys
	}
	return out
}

// functionMark is a function and its qualifier as the ids of grants have them.
func functionMark(t function.Target) string {
	if t.Qualifier == "" {
		return t.Mark()
	}
	return t.Mark() + ":" + t.Qualifier
}

func line(c *invoke.Call) string {
	s := fmt.Sprintf("%s: %s | %s%s", c.Resource, c.Target.Name, c.Source.Tail(c.Source.Stage), guard(c.When))
	if len(c.Target.DependsOn) > 0 {
		s += " deps=" + strings.Join(c.Target.DependsOn, ",")
	}
	if c.Target.Elsewhere() {
		s += fmt.Sprintf(" in %q of %q", c.Target.Region, c.Target.Account)
	}
	s += [...]string{"", " by role", " as caller"}[c.Identity]
	if c.Problem != nil {
		s += " !" + c.Problem.Name
	}
	for _, n := range c.Notes {
		s += " +" + n.Name
	}
	return s
}

func guard(g template.Guard) string {
	if len(g) == 0 {
		return ""
	}
	return " [" + g.String() + "]"
}

func check(t *testing.T, doc string, env invoke.Environment, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, found(t, doc, env)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// resources is a template of these resources, beside a function Fn and an API.
func resources(more ...string) string {
	return `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"},` + strings.Join(more, ",") + `},
		"Parameters":{"P":{"Type":"String"},"Secret":{"Type":"String","NoEcho":true}},"Mappings":{"M":{"us-east-1":{"arn":"arn:aws:lambda:us-east-1:111122223333:function:mapped"}}}}`
}

// method is a GET method on /pets whose Uri is the JSON.
func method(uri string) string {
	return `"Pets":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":{"Fn::GetAtt":["Api","RootResourceId"]},"PathPart":"pets"}},
		"Get":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Ref":"Pets"},"HttpMethod":"GET",
		"Integration":{"Type":"AWS_PROXY","Uri":` + uri + `}}}`
}

const before, after = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/", "/invocations"

// uriOf is the invocation URI of a function as Fn::Sub writes it.
func uriOf(function string) string {
	return `{"Fn::Sub":` + template.Quote(before+function+after) + `}`
}

const more = `"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Fn"},"FunctionVersion":"1"}},
	"V":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Fn::GetAtt":["Fn","Arn"]}}},
	"Named":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":{"Fn::Sub":"${AWS::StackName}-named"}}},
	"NamedLive":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Fn::Sub":"${AWS::StackName}-named"}}},
	"Lit":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"lit"}},
	"Sam":{"Type":"AWS::Serverless::Function","Properties":{"AutoPublishAlias":"live"}},
	"Nested":{"Type":"AWS::CloudFormation::Stack"}`

// How a target is written, and the FunctionName that a permission for it has:
// the identity table of the domain.
func TestIdentity(t *testing.T) {
	const arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
	tests := []struct{ name, uri, want string }{
		{"arn", uriOf("${Fn.Arn}"), "${Fn.Arn} |"},
		{"arn by map", `{"Fn::Sub":["` + before + `${x}` + after + `",{"x":{"Fn::GetAtt":["Fn","Arn"]}}]}`, "${Fn.Arn} |"},
		{"arn by join", `{"Fn::Join":["",["arn:aws:apigateway:",{"Ref":"AWS::Region"},":lambda:path/2015-03-31/functions/",{"Fn::GetAtt":["Fn","Arn"]},"/invocations"]]}`, "${Fn.Arn} |"},
		{"arn by nested join", `{"Fn::Join":["/",["arn:aws:apigateway:us-east-1:lambda:path/2015-03-31",{"Fn::Join":["/",["functions",{"Fn::GetAtt":"Fn.Arn"}]]},"invocations"]]}`, "${Fn.Arn} |"},
		{"name", uriOf(arn + "${Fn}"), "${Fn.Arn} |"},
		{"name alone", uriOf("${Fn}"), "${Fn.Arn} |"},
		{"name as the template has it", uriOf(arn + "${AWS::StackName}-named"), "${Named.Arn} |"},
		{"name and alias as the template has them", uriOf(arn + "${AWS::StackName}-named:live"), "${Named}:live | deps=NamedLive"},
		{"literal name", uriOf(arn + "lit"), "${Lit.Arn} |"},
		{"literal name in a literal arn", uriOf("arn:aws:lambda:us-east-1:111122223333:function:lit"), "${Lit.Arn} |"},
		{"alias behind an arn", uriOf("${Fn.Arn}:live"), "${Fn}:live | deps=Live"},
		{"alias behind a name", uriOf(arn + "${Fn}:live"), "${Fn}:live | deps=Live"},
		{"alias of another template", uriOf("${Fn.Arn}:blue"), "${Fn}:blue |"},
		{"alias", uriOf("${Live}"), "${Fn}:live | deps=Live"},
		{"alias by attribute", uriOf("${Live.AliasArn}"), "${Fn}:live | deps=Live"},
		{"version", uriOf("${V}"), "${V} |"},
		{"version by attribute", uriOf("${V.FunctionArn}"), "${V} |"},
		{"version behind an arn", uriOf("${Fn.Arn}:${V.Version}"), "${V} |"},
		{"version number", uriOf("${Fn.Arn}:7"), "${Fn}:7 |"},
		{"SAM's alias", uriOf("${Sam.Alias}"), "${Sam.Alias} |"},
		{"SAM's alias as text", uriOf("${Sam.Arn}:live"), "${Sam.Alias} |"},
		{"SAM's version", uriOf("${Sam.Version}"), "${Sam.Version} |"},
		{"SAM's function although there is an alias", uriOf("${Sam.Arn}"), "${Sam.Arn} |"},
		{"what SAM makes", uriOf("${SamAliaslive}"), "${SamAliaslive} |"},
		{"literal arn", uriOf("arn:aws:lambda:us-east-1:111122223333:function:other"), "other |"},
		{"partial arn", uriOf("111122223333:function:other"), "other |"},
		{"function prefix", uriOf("function:other:q"), "other:q |"},
		{"parameter", uriOf("${P}"), "${P} |"},
		{"parameter and alias", uriOf("${P}:live"), "${P}:live |"},
		{"import", `{"Fn::Sub":["` + before + `${x}` + after + `",{"x":{"Fn::ImportValue":"fn"}}]}`, `${{"Fn::ImportValue":"fn"}} |`},
		{"nested stack", uriOf("${Nested.Outputs.FnArn}"), "${Nested.Outputs.FnArn} |"},
		{"dynamic reference", uriOf("{{resolve:ssm:/fn}}"), "{{resolve:ssm:/fn}} | +dynamic-reference"},
		{"map by Region", `{"Fn::Sub":["` + before + `${x}` + after + `",{"x":{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"arn"]}}]}`, `${{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"arn"]}} |`},
		{"map by literal", `{"Fn::Sub":["` + before + `${x}` + after + `",{"x":{"Fn::FindInMap":["M","us-east-1","arn"]}}]}`, "mapped |"},
		{"other account", uriOf("arn:aws:lambda:us-east-1:444455556666:function:f"), `arn:aws:lambda:us-east-1:444455556666:function:f | in "" of "444455556666"`},
		{"other Region", uriOf("arn:aws:lambda:eu-west-1:111122223333:function:f:q"), `arn:aws:lambda:eu-west-1:111122223333:function:f:q | in "eu-west-1" of "" +unreachable`},
		{"own name in another account", uriOf("arn:aws:lambda:us-east-1:444455556666:function:lit"), `arn:aws:lambda:us-east-1:444455556666:function:lit | in "" of "444455556666"`},
		{"latest", uriOf("${Fn.Arn}:$LATEST"), "${Fn.Arn} | !latest"},
		{"unescaped stage variable", uriOf("${stageVariables.fn}"), " | !unescaped-stage-variable"},
		{"nothing of that name", uriOf("${Gone.Arn}"), " | !dangling"},
		{"no name", uriOf("arn:aws:lambda:us-east-1:111122223333:function:"), " | !dangling"},
		{"no name but an alias", uriOf(":live"), " | !dangling"},
		{"opaque", `{"Ref":"P"}`, " | !opaque-uri"},
		{"opaque import", `{"Fn::ImportValue":"uri"}`, " | !opaque-uri"},
		{"bare arn on a REST API", `{"Fn::GetAtt":["Fn","Arn"]}`, "${Fn.Arn} | !bare-arn"},
		{"streaming", `{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2021-11-15/functions/${Fn.Arn}/response-streaming-invocations"}`, "${Fn.Arn} |"},
		{"asynchronous", `{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2014-11-13/functions/${Fn.Arn}/invoke-async"}`, "${Fn.Arn} | +invoke-async"},
		{"a slash too many", `{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path//2015-03-31/functions/${Fn.Arn}/invocations"}`, "${Fn.Arn} |"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			function, rest, _ := strings.Cut(tt.want, " |")
			check(t, resources(method(tt.uri), more), here, "Get: "+function+" | */GET/pets"+rest)
		})
	}
}

// What looks like an invocation and is none.
func TestNoCall(t *testing.T) {
	for _, uri := range []string{
		`"https://example.com/functions/x/invocations"`,
		`{"Fn::Sub":"https://${P}/invocations"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:sqs:path/111122223333/queue"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:states:action/StartExecution"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:events:action/PutEvents"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:s3:path/bucket/{key}"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:runtime.sagemaker:path/endpoints/x/invocations"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2025-12-01/durable-execution-callbacks/x/succeed"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:action/ListFunctions"}`,
		`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/event-source-mappings/"}`,
		`{"Fn::Sub":"arn:aws:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:listener/app/x"}`,
		`""`, `null`, `{"Ref":"AWS::NoValue"}`, `{"Fn::GetAtt":["Queue","Arn"]}`,
	} {
		check(t, resources(method(uri), `"Queue":{"Type":"AWS::SQS::Queue"}`), here)
	}
	for _, typ := range []string{"MOCK", "HTTP", "HTTP_PROXY", "http_proxy"} {
		check(t, strings.Replace(resources(method(uriOf("${Fn.Arn}"))), "AWS_PROXY", typ, 1), here)
	}
}

// A parameter's value decides, and is not written.
func TestWholeURIByParameter(t *testing.T) {
	env := here
	env.Parameters = map[string]string{"P": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:f/invocations"}
	check(t, resources(method(`{"Ref":"P"}`)), env,
		`Get: ${{"Fn::Select":[0,{"Fn::Split":["/invocations",{"Fn::Select":[1,{"Fn::Split":["/functions/",{"Ref":"P"}]}]}]}]}} | */GET/pets`)
	env.Parameters = map[string]string{"P": "https://example.com"} // the next update may give another
	check(t, resources(method(`{"Ref":"P"}`)), env, "Get:  | */GET/pets !opaque-uri")
}

func TestBranchesOfURI(t *testing.T) {
	check(t, resources(method(`{"Fn::If":["C",`+uriOf("${Fn.Arn}")+`,`+uriOf("${Other.Arn}")+`]}`), `"Other":{"Type":"AWS::Lambda::Function","Condition":"D"}`), here,
		"Get: ${Fn.Arn} | */GET/pets [C]", "Get: ${Other.Arn} | */GET/pets [not C and D]")
	check(t, resources(method(`{"Fn::If":["C",`+uriOf("${Fn.Arn}")+`,`+uriOf("${Fn}")+`]}`)), here, "Get: ${Fn.Arn} | */GET/pets")
	check(t, resources(method(`{"Fn::If":["C",`+uriOf("${Fn.Arn}")+`,{"Ref":"AWS::NoValue"}]}`)), here, "Get: ${Fn.Arn} | */GET/pets [C]")
	check(t, resources(method(`{"Fn::If":["C",`+uriOf("${Fn.Arn}")+`,"https://example.com"]}`)), here, "Get: ${Fn.Arn} | */GET/pets [C]")
}

// The credentials say with which identity a call is made.
func TestCredentials(t *testing.T) {
	get := func(credentials string) string {
		return strings.Replace(resources(method(uriOf("${Fn.Arn}"))), `"Type":"AWS_PROXY"`, `"Type":"AWS_PROXY","Credentials":`+credentials, 1)
	}
	const plain = "Get: ${Fn.Arn} | */GET/pets"
	for credentials, want := range map[string][]string{
		`null`: {plain}, `""`: {plain}, `{"Ref":"AWS::NoValue"}`: {plain},
		`{"Fn::GetAtt":["R","Arn"]}`: {plain + " by role"}, `{"Ref":"P"}`: {plain + " by role"}, `"arn:aws:iam::111122223333:role/r"`: {plain + " by role"},
		`"arn:aws:iam::*:user/*"`: {plain + " as caller"}, `{"Fn::Sub":"arn:${AWS::Partition}:iam::*:user/*"}`: {plain + " as caller"},
		`"arn:aws-cn:iam::\\*:user/\\*"`:                                     {plain + " as caller"},
		`{"Fn::If":["C",{"Fn::GetAtt":["R","Arn"]},{"Ref":"AWS::NoValue"}]}`: {plain + " [C] by role", plain + " [not C]"},
	} {
		check(t, get(credentials), here, want...)
	}
}
