package apigateway_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// httpBody is an HTTP API with a body.
func httpBody(body string) string {
	return strings.Replace(restBody(body), "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", 1)
}

// integration is an operation that calls a function.
func integration(uri string) string {
	return `{"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","uri":` + uri + `}}`
}

func TestOpenAPI(t *testing.T) {
	fn := integration(uriOf("${Fn.Arn}"))
	none := `{"Ref":"AWS::NoValue"}`
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"the route's own method", `{"paths":{"/pets":{"get":` + fn + `}}}`, []string{"*/GET/pets"}},
		{"any method", `{"paths":{"/{proxy+}":{"x-amazon-apigateway-any-method":` + fn + `},"/":{"get":` + fn + `}}}`, []string{"*/*/*", "*/GET/"}},
		{"methods in any case", `{"paths":{"/a":{"GET":` + fn + `,"Delete":` + fn + `}}}`, []string{"*/GET/a", "*/DELETE/a"}},
		{"what is no method", `{"paths":{"/a":{"parameters":[],"any":` + fn + `,"servers":` + fn + `,"x-any":` + fn + `}}}`, nil},
		{"a path elsewhere", `{"paths":{"/a":{"$ref":"#/x-paths/all","put":` + fn + `}},"x-paths":{"all":{"$ref":"#/x-paths/~1get"},"/get":{"get":` + fn + `}}}`, []string{"*/PUT/a", "*/GET/a"}},
		{"a last slash", `{"paths":{"/pets/":{"get":` + fn + `}}}`, []string{"*/GET/pets"}},
		{"path parameters", `{"paths":{"/a/{b}/c-{d}/{e+}":{"get":` + fn + `}}}`, []string{"*/GET/a/*/c-*/*"}},
		{"no function", `{"paths":{"/a":{"get":` + strings.Replace(fn, "aws_proxy", "mock", 1) + `,"put":` + strings.Replace(fn, "aws_proxy", "HTTP_PROXY", 1) + `,"post":{"x-amazon-apigateway-integration":{"type":"aws"}}}}}`, nil},
		{"branches everywhere", `{"paths":{"/a":{"Fn::If":["A",{"get":{"Fn::If":["B",{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::If":["D",` + uriOf("${Fn.Arn}") + `,` + none + `]}}},` + none + `]}},` + none + `]}}}`,
			[]string{"*/GET/a [A and B and D]"}},
		{"branches that are the same", `{"paths":{"/a":{"Fn::If":["A",{"get":{"Fn::If":["A",` + fn + `,` + none + `]},"put":{"Fn::If":["A",` + none + `,` + fn + `]}},` + none + `]}}}`, []string{"*/GET/a [A]"}},
		{"a branch around the body", `{"Fn::If":["A",{"paths":{"/a":{"get":` + fn + `}}},{"paths":{"/b":{"get":` + fn + `}}}]}`, []string{"*/GET/a [A]", "*/GET/b [not A]"}},
		{"text", template.Quote(`{"paths":{"/a":{"get":` + integration(`"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:x/invocations"`) + `}}}`), nil},
		{"credentials", `{"paths":{"/a":{"get":` + strings.Replace(fn, `"type"`, `"credentials":{"Ref":"R"},"type"`, 1) + `}}}`, []string{"*/GET/a by role"}},
		{"odd sections", `{"paths":["/a"],"components":{"securitySchemes":null},"securityDefinitions":"x"}`, nil},
		{"the base path, ignored", `{"basePath":"/v1","paths":{"/a":{"get":` + fn + `}}}`, []string{"*/GET/a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, w := range tt.want {
				want = append(want, "Api: ${Fn.Arn} | "+w)
			}
			if tt.name == "text" {
				want = []string{"Api: x | */GET/a"}
			}
			check(t, restBody(tt.body), here, want...)
		})
	}
}

// API Gateway itself replaces three variables when it imports a definition.
func TestOpenAPINativeVariables(t *testing.T) {
	uri := `"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:%s/invocations"`
	doc := restBody(`{"paths":{"/a":{"get":` + integration(fmt.Sprintf(uri, "f")) + `,"put":` + integration(fmt.Sprintf(uri, "${stageVariables.fn}")) + `,"post":` + integration(fmt.Sprintf(uri, "f-${AWS::StackName}")) + `}}}`)
	doc = strings.Replace(doc, `"Fn":{"Type":"AWS::Lambda::Function"}`, `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f"}},"S":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"s","Variables":{"fn":"f:live"}}}`, 1)
	check(t, doc, here, "Api: ${Fn.Arn} | */GET/a", "Api: ${Fn}:live | s/PUT/a", "Api:  | */POST/a !malformed")
}

func TestOpenAPIAuthorizers(t *testing.T) {
	scheme := func(typ string) string {
		return `{"type":"apiKey","x-amazon-apigateway-authorizer":{"type":"` + typ + `","authorizerUri":` + uriOf("${Fn.Arn}") + `}}`
	}
	const want = "Api: ${Fn.Arn} | authorizers/*"
	check(t, restBody(`{"securityDefinitions":{"a":`+scheme("token")+`,"b":`+scheme("REQUEST")+`}}`), here, want, want)
	check(t, restBody(`{"components":{"securitySchemes":{"a":`+scheme("token")+`}}}`), here, want)
	check(t, httpBody(`{"components":{"securitySchemes":{"a":`+scheme("request")+`,"b":`+scheme("jwt")+`}}}`), here, want)
	check(t, restBody(`{"securityDefinitions":{"a":`+scheme("cognito_user_pools")+`,"b":{"type":"oauth2"},"c":{"x-amazon-apigateway-authorizer":{"type":"token"}}}}`), here)
	check(t, restBody(`{"securityDefinitions":{"a":`+strings.Replace(scheme("token"), `"authorizerUri"`, `"authorizerCredentials":{"Ref":"R"},"authorizerUri"`, 1)+`}}`), here, want+" by role")
}

func TestBasePath(t *testing.T) {
	for _, tt := range []struct{ mode, base, want string }{
		{"prepend", `"basePath":"/a/b/c"`, "*/GET/a/b/c/e"},
		{"split", `"basePath":"/a/b/c"`, "*/GET/b/c/e"},
		{"ignore", `"basePath":"/a/b/c"`, "*/GET/e"},
		{"prepend", `"basePath":"/"`, "*/GET/e"},
		{"split", `"basePath":"/v1"`, "*/GET/e"},
		{"prepend", `"basePath":"v1/"`, "*/GET/v1/e"},
		{"prepend", `"x":1`, "*/GET/e"},
		{"prepend", `"servers":[{"url":"https://example.com/v2"}]`, "*/GET/v2/e"},
		{"prepend", `"servers":[{"url":"/v2/"}]`, "*/GET/v2/e"},
		{"prepend", `"servers":[{"url":"https://example.com"}]`, "*/GET/e"},
		{"split", `"servers":[{"url":"https://example.com/{basePath}","variables":{"basePath":{"default":"/x/y"}}}]`, "*/GET/y/e"},
	} {
		body := `{` + tt.base + `,"paths":{"/e":{"get":` + integration(uriOf("${Fn.Arn}")) + `}}}`
		rest := strings.Replace(restBody(body), `"Body"`, `"Parameters":{"basepath":"`+tt.mode+`"},"Body"`, 1)
		check(t, rest, here, "Api: ${Fn.Arn} | "+tt.want)
		check(t, strings.Replace(httpBody(body), `"Body"`, `"BasePath":"`+tt.mode+`","Body"`, 1), here, "Api: ${Fn.Arn} | "+tt.want)
	}
}

func TestHTTPBody(t *testing.T) {
	arn := integration(`{"Fn::GetAtt":["Fn","Arn"]}`)
	check(t, httpBody(`{"paths":{"/a":{"get":`+arn+`},"/$default":{"x-amazon-apigateway-any-method":`+arn+`},"$default":{"x-amazon-apigateway-any-method":`+arn+`}}}`), here,
		"Api: ${Fn.Arn} | */GET/a", "Api: ${Fn.Arn} | */$default", "Api: ${Fn.Arn} | */$default")
	check(t, httpBody(`{"paths":{"/a":{"get":`+strings.Replace(arn, `"type"`, `"integrationSubtype":"SQS-SendMessage","type"`, 1)+`}}}`), here)
	components := `"components":{"x-amazon-apigateway-integrations":{"in/t":{"type":"AWS_PROXY","uri":{"Fn::GetAtt":["Fn","Arn"]}}}}`
	ref := `{"x-amazon-apigateway-integration":{"$ref":"#/components/x-amazon-apigateway-integrations/in~1t"}}`
	check(t, httpBody(`{"paths":{"/":{"get":`+ref+`},"/p":{"get":`+ref+`}},`+components+`}`), here, "Api: ${Fn.Arn} | */GET/", "Api: ${Fn.Arn} | */GET/p")
	check(t, httpBody(`{"paths":{"/":{"get":{"x-amazon-apigateway-integration":{"$ref":"#/nowhere"}}}}}`), here,
		"problem opaque-body at /Resources/Api/Properties/Body/paths/~1/get/x-amazon-apigateway-integration")
	cycle := `{"paths":{"/":{"get":{"x-amazon-apigateway-integration":{"$ref":"#/x/a"}}}},"x":{"a":{"$ref":"#/x/b"},"b":{"$ref":"#/x/a"}}}`
	check(t, httpBody(cycle), here, "problem opaque-body at /Resources/Api/Properties/Body/paths/~1/get/x-amazon-apigateway-integration")
	check(t, httpBody(strings.Replace(cycle, `"b":{"$ref":"#/x/a"}`, `"b":`+arn[len(`{"x-amazon-apigateway-integration":`):len(arn)-1], 1)), here, "Api: ${Fn.Arn} | */GET/")
}

// A body that can't be read is a problem.
func TestBodyProblems(t *testing.T) {
	for body, want := range map[string]string{
		`"no JSON"`: "problem opaque-body at /Resources/Api/Properties/Body", `"[]"`: "problem opaque-body at /Resources/Api/Properties/Body", `12`: "problem opaque-body at /Resources/Api/Properties/Body",
		`{"Ref":"P"}`:                                              "problem opaque-body at /Resources/Api/Properties/Body",
		`{"Fn::Sub":"{\"x\":${P}}"}`:                               "problem opaque-body at /Resources/Api/Properties/Body",
		`{"Fn::If":["C",{},"x"]}`:                                  "problem opaque-body at /Resources/Api/Properties/Body/Fn::If/2",
		`{"Fn::Transform":{"Name":"Own"}}`:                         "problem opaque-body at /Resources/Api/Properties/Body",
		`{"paths":{"Fn::Transform":{}}}`:                           "problem opaque-body at /Resources/Api/Properties/Body",
		`{"paths":{"/a":{"Fn::Transform":{"Name":"X"},"get":{}}}}`: "problem opaque-body at /Resources/Api/Properties/Body/paths/~1a",
	} {
		check(t, restBody(body), here, want)
	}
	check(t, strings.Replace(restBody(`{}`), `"Body"`, `"Mode":"merge","Body"`, 1), here, "problem live-api at /Resources/Api")
	check(t, strings.Replace(restBody(`{}`), `"Body":{}`, `"CloneFrom":"abc"`, 1), here, "problem live-api at /Resources/Api")
}

// A body that is JSON text in Fn::Sub has its variables in every text.
func TestBodyOfSub(t *testing.T) {
	inner := `{"paths":{"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"` + before + `${x}` + after + `"}}}}}`
	doc := restBody(`{"Fn::Sub":[` + template.Quote(inner) + `,{"x":{"Fn::GetAtt":["Fn","Arn"]}}]}`)
	check(t, doc, here, "Api: ${Fn.Arn} | */GET/a")
	f := invoke.Find(parse(t, doc), here)
	if len(f.Calls) != 1 || f.Calls[0].Slot.Exists() {
		t.Error("credentials can be put into a text")
	}
}

// Where definitions lie outside of the template.
func TestLocations(t *testing.T) {
	env := here
	env.Parameters = map[string]string{"B": "bucket", "K": "key.json"}
	api := func(typ, property, value string) string {
		return fmt.Sprintf(`{"Resources":{"Api":{"Type":%q,"Properties":{%q:%s}}},"Parameters":{"B":{},"K":{}}}`, typ, property, value)
	}
	const rest, http = "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"
	include := `{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":%s}}}`
	for doc, want := range map[string][]definition.Location{
		api(rest, "BodyS3Location", `{"Bucket":"b","Key":"k","Version":"v","ETag":"e"}`):                                                           {{Bucket: "b", Key: "k", Version: "v", ETag: "e"}},
		api(http, "BodyS3Location", `{"Bucket":{"Ref":"B"},"Key":{"Fn::Sub":"x/${K}"},"Etag":"e"}`):                                                {{Bucket: "bucket", Key: "x/key.json", ETag: "e"}},
		api(rest, "BodyS3Location", `{"Bucket":{"Fn::Sub":"b-${AWS::Region}-${AWS::AccountId}"},"Key":"k"}`):                                       {{Bucket: "b-us-east-1-111122223333", Key: "k"}},
		api(rest, "BodyS3Location", `{"Bucket":{"Fn::ImportValue":"b"},"Key":"k"}`):                                                                nil,
		api(rest, "BodyS3Location", `{"Bucket":"b"}`):                                                                                              nil,
		api(rest, "Body", fmt.Sprintf(include, `"s3://bucket/k/l.yaml"`)):                                                                          {{Bucket: "bucket", Key: "k/l.yaml", Kind: definition.Snippet}},
		api(rest, "Body", fmt.Sprintf(include, `{"Fn::Sub":"s3://${B}/${K}"}`)):                                                                    {{Bucket: "bucket", Key: "key.json", Kind: definition.Snippet}},
		api("AWS::Serverless::Api", "DefinitionUri", `"s3://bucket/k?versionId=3%2F4"`):                                                            {{Bucket: "bucket", Key: "k", Version: "3/4"}},
		api("AWS::Serverless::Api", "DefinitionUri", `"./api.yaml"`):                                                                               {{Path: "./api.yaml"}},
		api("AWS::Serverless::HttpApi", "DefinitionUri", `{"Bucket":"b","Key":"k"}`):                                                               {{Bucket: "b", Key: "k"}},
		api("AWS::Serverless::HttpApi", "DefinitionBody", fmt.Sprintf(include, `"api.yaml"`)):                                                      {{Path: "api.yaml", Kind: definition.Snippet}},
		api("AWS::Serverless::Api", "DefinitionUri", `"s3://bucket/../other"`):                                                                     nil,
		api("AWS::Lambda::Function", "BodyS3Location", `{"Bucket":"b","Key":"k"}`):                                                                 nil,
		`{"Resources":{"Api":{"Type":"AWS::ApiGateway::RestApi"},"S":{"Type":"X","Note":"BodyS3Location"}}}`:                                       nil,
		api(rest, "Body", `{"x":1},"BodyS3Location":{"Bucket":"b","Key":"k"}`):                                                                     nil,
		api(rest, "BodyS3Location", `{"Bucket":"b","Key":"k"}}},"Two":{"Type":"`+http+`","Properties":{"BodyS3Location":{"Bucket":"b","Key":"k"}`): {{Bucket: "b", Key: "k"}},
	} {
		if diff := cmp.Diff(want, apigateway.Service.Definitions.Locations(parse(t, doc), env)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", doc, diff)
		}
	}
}

// A definition that was read is part of the API; one that wasn't is a problem, without
// details where its location depends on a NoEcho parameter.
func TestOutside(t *testing.T) {
	doc := `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f"}},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"BodyS3Location":{"Bucket":"b","Key":%s}}}},"Parameters":{"Secret":{"NoEcho":"true"}}}`
	env := here
	env.Parameters = map[string]string{"Secret": "hunter2"}
	location := definition.Location{Bucket: "b", Key: "k"}
	env.Documents = map[definition.Location]*template.Template{location: parse(t, `{"paths":{"/a":{"get":`+
		integration(`"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f/invocations"`)+`}}}`)}
	check(t, fmt.Sprintf(doc, `"k"`), env, "Api: ${Fn.Arn} | */GET/a")
	f := invoke.Find(parse(t, fmt.Sprintf(doc, `"k"`)), env)
	if c := f.Calls[0]; c.Slot.Exists() || c.At() != "/Resources/Api/Properties/BodyS3Location/paths/~1a/get/x-amazon-apigateway-integration/uri" {
		t.Errorf("a call of another document stands at %s, with credentials %v", c.At(), c.Slot.Exists())
	}
	env.Unreadable = map[definition.Location]*definition.Error{{Bucket: "b", Key: "hunter2"}: {Reason: "missing", Detail: "no key hunter2"}, {Bucket: "b", Key: "other"}: {Reason: "missing", Detail: "no key other"}}
	for key, want := range map[string]string{`{"Ref":"Secret"}`: "missing", `"none"`: "", `"other"`: "missing: no key other", `{"Fn::ImportValue":"k"}`: "its location is an expression whose value is not known"} {
		f := invoke.Find(parse(t, fmt.Sprintf(doc, key)), env)
		if len(f.Problems) != 1 || f.Problems[0].Name != "external-body" || f.Problems[0].Detail != want {
			t.Errorf("%s: %v", key, f.Problems)
		}
	}
}

// A location that names no object is a problem of its own, in the macro and in the tool.
func TestMisnamed(t *testing.T) {
	doc := `{"Resources":{"Api":{"Type":"AWS::Serverless::Api","Properties":{"DefinitionUri":%s}}},"Parameters":{"Secret":{"NoEcho":"true"}}}`
	env := here
	env.Parameters = map[string]string{"Secret": "hunter2"}
	for uri, want := range map[string]string{
		`"s3://bucket//key"`:             "bad-location: has an empty first part in its key",
		`"s3://bucket/key#part"`:         `bad-location: holds a "#"`,
		`"s3://bucket"`:                  "bad-location: has no key",
		`{"Fn::Sub":"s3://${Secret}/k"}`: "",
		`{"Fn::Sub":"s3://${Secret}"}`:   "bad-location",
	} {
		f := invoke.Find(parse(t, fmt.Sprintf(doc, uri)), env)
		if len(f.Problems) != 1 || f.Problems[0].Name != "external-body" || f.Problems[0].Detail != want {
			t.Errorf("%s: %v, want %q", uri, f.Problems, want)
		}
	}
}
