package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/runtimeapi"
)

// definition is an API definition as it lies in S3: it knows no logical ids,
// and its variables are those that API Gateway replaces.
const definition = `
openapi: 3.0.1
info: {title: users, version: "1.0"}
paths:
  /users/{id}:
    get:
      responses: {200: {description: ok}}
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        payloadFormatVersion: "2.0"
        uri: arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:users/invocations
  /orders:
    post:
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        payloadFormatVersion: "2.0"
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:orders:live/invocations
  /by-stage:
    get:
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        payloadFormatVersion: "2.0"
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.fn}/invocations
`

// inJSON is a YAML document as JSON; inline is it as it would stand in a
// template, where Fn::Sub replaces the variables, but not the stage's.
func inJSON(t *testing.T, yaml string) string {
	t.Helper()
	f, err := source.Read("definition.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return string(f.JSON())
}

func inline(t *testing.T) string {
	t.Helper()
	text := strings.ReplaceAll(inJSON(t, definition), "${stageVariables", "${!stageVariables")
	parts := strings.Split(text, `"arn:`)
	for i, rest := range parts[1:] {
		end := strings.IndexByte(rest, '"')
		parts[i+1] = `{"Fn::Sub":"arn:` + rest[:end+1] + `}` + rest[end+1:]
	}
	return strings.Join(parts, "")
}

const functions = `"Users":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"users"}},` +
	`"Orders":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"orders"}},` +
	`"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Orders"},"FunctionVersion":"1"}}`

// fragmentOf is a template with the functions, an API and its stage.
func fragmentOf(typ, properties string) string {
	stage := ""
	switch typ {
	case "AWS::ApiGateway::RestApi":
		stage = `,"Prod":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"prod","Variables":{"fn":"users"}}}`
	case "AWS::ApiGatewayV2::Api":
		stage = `,"Prod":{"Type":"AWS::ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Api"},"StageName":"prod","StageVariables":{"fn":"users"}}}`
	case "AWS::Serverless::Api":
		properties = `"StageName":"prod","Variables":{"fn":"users"},` + properties
	case "AWS::Serverless::HttpApi":
		properties = `"StageName":"prod","StageVariables":{"fn":"users"},` + properties
	}
	return `{"Parameters":{"Uri":{"Type":"String"},"Key":{"Type":"String"},"Secret":{"Type":"String","NoEcho":true}},"Resources":{` + functions +
		`,"Api":{"Type":"` + typ + `","Properties":{` + properties + `}}` + stage + `}}`
}

// process sends a fragment to the executable, as one event.
func process(t *testing.T, p *runtimeapi.Process, fragment, params string, values map[string]string) golden.Outcome {
	t.Helper()
	given, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	g := golden.Of("", []byte(fragment))
	g.Event.Params, g.Event.TemplateParameterValues = json.RawMessage(params), given
	return g.Run(t, p)
}

// addedTo is what an golden.Outcome adds to a fragment.
func addedTo(t *testing.T, fragment string, out golden.Outcome) string {
	t.Helper()
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	return golden.Added(t, []byte(fragment), out.Fragment)
}

// A definition in S3 gets what it would get inside of the template, whichever
// property names it, and in whichever form.
func TestDefinition(t *testing.T) {
	for _, tt := range []struct{ name, typ, property, inline string }{
		{"REST", "AWS::ApiGateway::RestApi", `"BodyS3Location":{"Bucket":"definitions","Key":"KEY"}`, "Body"},
		{"REST, version and tag", "AWS::ApiGateway::RestApi", `"BodyS3Location":{"Bucket":"definitions","Key":"KEY","Version":"VERSION","ETag":"ETAG"}`, "Body"},
		{"REST, include", "AWS::ApiGateway::RestApi", `"Body":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://definitions/KEY"}}}`, "Body"},
		{"HTTP", "AWS::ApiGatewayV2::Api", `"BodyS3Location":{"Bucket":"definitions","Key":{"Ref":"Key"},"Etag":"ETAG"}`, "Body"},
		{"HTTP, include", "AWS::ApiGatewayV2::Api", `"Body":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":{"Fn::Sub":"s3://definitions/${Key}"}}}}`, "Body"},
		{"SAM, text", "AWS::Serverless::Api", `"DefinitionUri":"s3://definitions/KEY"`, "DefinitionBody"},
		{"SAM, object", "AWS::Serverless::Api", `"DefinitionUri":{"Bucket":"definitions","Key":"KEY","Version":"VERSION"}`, "DefinitionBody"},
		{"SAM, parameter", "AWS::Serverless::HttpApi", `"DefinitionUri":{"Ref":"Uri"}`, "DefinitionBody"},
		{"SAM, include", "AWS::Serverless::HttpApi", `"DefinitionBody":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://definitions/KEY"}}}`, "DefinitionBody"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			p := s.start()
			inside := fragmentOf(tt.typ, `"`+tt.inline+`":`+inline(t))
			want := addedTo(t, inside, process(t, p, inside, `{}`, nil))
			if n := strings.Count(want, `"AWS::Lambda::Permission"`); n != 3 {
				t.Fatalf("%d permissions for the definition in the template: %s", n, want)
			}
			for key, content := range map[string]string{"v1/api.json": inJSON(t, definition), "v1/api.yaml": definition} {
				version := s.put(key, content)
				s.put(key, `{"openapi":"3.0.1","paths":{}}`)
				if !strings.Contains(tt.property, "VERSION") {
					version = s.put(key, content)
				}
				property := strings.NewReplacer("KEY", key, "VERSION", version, "ETAG", tagOf(content)).Replace(tt.property)
				fragment := fragmentOf(tt.typ, property)
				values := map[string]string{"Uri": "s3://definitions/" + key, "Key": key, "Secret": "hunter2"}
				out := process(t, p, fragment, `{}`, values)
				if diff := cmp.Diff(want, addedTo(t, fragment, out)); diff != "" {
					t.Errorf("%s (-inside of the template +in S3):\n%s", key, diff)
				}
				if asked := s.asked(); len(asked) != 1 {
					t.Errorf("asked for %q", asked)
				}
				if again := process(t, p, string(out.Fragment), `{}`, values); again.Differs(golden.Outcome{Fragment: out.Fragment}) {
					t.Errorf("a second pass changes the output:\n%s", cmp.Diff(out.String(), again.String()))
				}
				s.asked()
			}
		})
	}
}

// Each object is fetched once for a template, however many APIs have it.
func TestDefinitionShared(t *testing.T) {
	s := newStore(t)
	s.put("api.yaml", definition)
	s.put("other.yaml", definition)
	p := s.start()
	var apis []string
	for i, key := range []string{"api.yaml", "api.yaml", "other.yaml", "api.yaml"} {
		apis = append(apis, fmt.Sprintf(`"Api%d":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"BodyS3Location":{"Bucket":"definitions","Key":%q}}},`+
			`"Stage%d":{"Type":"AWS::ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Api%d"},"StageName":"prod","StageVariables":{"fn":"users"}}}`, i, key, i, i))
	}
	fragment := `{"Resources":{` + functions + `,` + strings.Join(apis, ",") + `}}`
	added := addedTo(t, fragment, process(t, p, fragment, `{}`, nil))
	if n := strings.Count(added, `"AWS::Lambda::Permission"`); n != 12 {
		t.Errorf("%d permissions: %s", n, added)
	}
	if asked := s.asked(); len(asked) != 2 {
		t.Errorf("asked for %q, two objects", asked)
	}
}

// With Grant: role the credentials would stand in the definition, where the
// macro can't write: it says so, and permits the functions.
func TestDefinitionRole(t *testing.T) {
	s := newStore(t)
	s.put("api.yaml", definition)
	fragment := fragmentOf("AWS::ApiGateway::RestApi", `"BodyS3Location":{"Bucket":"definitions","Key":"api.yaml"}`)
	out := process(t, s.start("GRANTINVOKE_OPTIONS=Grant=role"), fragment, `{}`, nil)
	if added := addedTo(t, fragment, out); strings.Count(added, `"AWS::Lambda::Permission"`) != 3 || strings.Contains(added, "AWS::IAM::Role") {
		t.Errorf("added %s", added)
	}
}
