package bucket

import (
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/source"
)

// Definition is an API definition as it is in S3: it has no logical ids, and its variables
// are those that API Gateway replaces.
const Definition = `
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

// JSON is a YAML document as JSON.
func JSON(t *testing.T, yaml string) string {
	t.Helper()
	f, err := source.Read("definition.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return string(f.JSON())
}

// Inline is the definition as it would be in a template, where Fn::Sub replaces the
// variables, but not the stage's.
func Inline(t *testing.T) string {
	t.Helper()
	text := strings.ReplaceAll(JSON(t, Definition), "${stageVariables", "${!stageVariables")
	parts := strings.Split(text, `"arn:`)
	for i, rest := range parts[1:] {
		end := strings.IndexByte(rest, '"')
		parts[i+1] = `{"Fn::Sub":"arn:` + rest[:end+1] + `}` + rest[end+1:]
	}
	return strings.Join(parts, "")
}

// Functions are the resources that the definition names, as members of Resources.
const Functions = `"Users":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"users"}},` +
	`"Orders":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"orders"}},` +
	`"Live":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"live","FunctionName":{"Ref":"Orders"},"FunctionVersion":"1"}}`

// Fragment is a template with the functions, an API of a type with properties, as
// JSON without the braces, and its stage.
func Fragment(typ, properties string) string {
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
	return `{"Parameters":{"Uri":{"Type":"String"},"Key":{"Type":"String"},"Secret":{"Type":"String","NoEcho":true}},"Resources":{` + Functions +
		`,"Api":{"Type":"` + typ + `","Properties":{` + properties + `}}` + stage + `}}`
}

// Beside is a template with an API whose definition is in S3, at a location in JSON, and
// one with a definition of its own, which doesn't depend on the other.
func Beside(t *testing.T, location string) string {
	t.Helper()
	fragment := Fragment("AWS::ApiGateway::RestApi", `"BodyS3Location":`+location)
	return strings.TrimSuffix(fragment, "}}") + `,"Inside":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"Body":` + Inline(t) + `}},` +
		`"InsideProd":{"Type":"AWS::ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Inside"},"StageName":"prod","StageVariables":{"fn":"users"}}}}}`
}
