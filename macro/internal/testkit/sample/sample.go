// Package sample generates macro events for measurements: the same bytes for
// the same size every time, in the shapes that real templates have.
package sample

import (
	"fmt"
	"strings"
)

// A Sample is one generated event.
type Sample struct {
	Name  string // what it is like: "rest-241KB"
	Event []byte
}

// All returns the events of the benchmark table, from small to large.
func All() []Sample {
	return []Sample{
		{"rest-8KB", Event(REST(9, 0, 720))},
		{"cdk-46KB", Event(CDK(28))},
		{"rest-81KB", Event(REST(90, 30, 960))},
		{"rest-241KB", Event(REST(300, 98, 640))}, // beyond 500 resources, so that no permission is saved: 300 are added
		{"code-940KB", Event(Code(40))},
		{"openapi-1MB", Event(OpenAPI(1000))},
		{"nothing-241KB", Event(Nothing(500))},
	}
}

// Event puts a fragment into an event.
func Event(fragment string) []byte {
	return []byte(`{"region":"us-east-1","accountId":"123456789012","fragment":` + fragment +
		`,"transformId":"123456789012::GrantInvoke","params":{},"requestId":"11111111-2222-3333-4444-555555555555",` +
		`"templateParameterValues":{"Stage":"prod"}}`)
}

// A document is a template being written.
type document struct{ resources []string }

func (d *document) add(id, typ, properties string, more ...string) {
	d.resources = append(d.resources, fmt.Sprintf(`%q:{"Type":%q,"Properties":{%s}%s}`, id, typ, properties, strings.Join(more, "")))
}

func (d *document) String() string {
	return `{"AWSTemplateFormatVersion":"2010-09-09","Description":"generated","Parameters":{"Stage":{"Type":"String","Default":"prod"}},` +
		`"Resources":{` + strings.Join(d.resources, ",") + `},"Outputs":{}}`
}

const uri = `{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"}`

func (d *document) function(id string, code int) {
	d.add(id, "AWS::Lambda::Function", fmt.Sprintf(`"Runtime":"nodejs22.x","Handler":"index.handler","MemorySize":256,"Timeout":30,`+
		`"Role":{"Fn::GetAtt":["Role","Arn"]},"Environment":{"Variables":{"TABLE":{"Ref":"Table"},"STAGE":{"Ref":"Stage"}}},"Code":{"ZipFile":%q}`,
		strings.Repeat("exports.handler = async (event) => { return { statusCode: 200, body: \"ok\" } }\n", max(1, code/80))))
}

// REST is a REST API with methods on their own resources, each fourth method
// with a function of its own, beside others that don't concern the macro.
func REST(methods, others, code int) string {
	d := &document{}
	d.add("Api", "AWS::ApiGateway::RestApi", `"Name":"api"`)
	d.add("Table", "AWS::DynamoDB::Table", `"BillingMode":"PAY_PER_REQUEST"`)
	for i := range methods {
		if i%4 == 0 {
			d.function(fmt.Sprintf("Function%d", i/4), code)
			parent := `{"Fn::GetAtt":["Api","RootResourceId"]}`
			if i >= 16 {
				parent = fmt.Sprintf(`{"Ref":"Resource%d"}`, i/16-1)
			}
			d.add(fmt.Sprintf("Resource%d", i/4), "AWS::ApiGateway::Resource",
				fmt.Sprintf(`"RestApiId":{"Ref":"Api"},"ParentId":%s,"PathPart":"part%d"`, parent, i/4))
		}
		d.add(fmt.Sprintf("Method%d", i), "AWS::ApiGateway::Method", fmt.Sprintf(`"RestApiId":{"Ref":"Api"},"ResourceId":{"Ref":"Resource%d"},`+
			`"HttpMethod":%q,"AuthorizationType":"NONE","Integration":{"Type":"AWS_PROXY","IntegrationHttpMethod":"POST","Uri":%s},`+
			`"MethodResponses":[{"StatusCode":"200","ResponseModels":{"application/json":"Empty"}}]`, i/4,
			[]string{"GET", "POST", "PUT", "DELETE"}[i%4], fmt.Sprintf(uri, fmt.Sprintf("Function%d", i/4))))
	}
	d.others(others)
	return d.String()
}

func (d *document) others(n int) {
	for i := range n {
		d.add(fmt.Sprintf("Queue%d", i), "AWS::SQS::Queue", fmt.Sprintf(`"QueueName":{"Fn::Sub":"${AWS::StackName}-queue-%d"},`+
			`"VisibilityTimeout":120,"MessageRetentionPeriod":1209600,"Tags":[{"Key":"team","Value":"orders"},{"Key":"stage","Value":{"Ref":"Stage"}}]`, i),
			`,"DeletionPolicy":"Retain"`)
	}
}

// CDK is like the CDK's output: long logical ids, Fn::Join, metadata on every
// resource, policies, and the permissions of half the methods.
func CDK(methods int) string {
	d := &document{}
	path := func(what string) string {
		return `,"Metadata":{"aws:cdk:path":"Stack/` + what + `/Resource"}`
	}
	d.add("ApiF70053CD", "AWS::ApiGateway::RestApi", `"Name":"Api"`, path("Api"))
	for i := range methods {
		fn, res := fmt.Sprintf("Handler%dServiceRoleFunction%08X", i/2, i/2*7919), fmt.Sprintf("Apiitems%d%08X", i, i*104729)
		if i%2 == 0 {
			d.function(fn, 400)
			d.add(fn+"Role", "AWS::IAM::Role", `"AssumeRolePolicyDocument":{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow",`+
				`"Principal":{"Service":"lambda.amazonaws.com"}}],"Version":"2012-10-17"},"ManagedPolicyArns":[{"Fn::Join":["",["arn:",`+
				`{"Ref":"AWS::Partition"},":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}]`, path("Role"))
		}
		d.add(res, "AWS::ApiGateway::Resource", fmt.Sprintf(`"ParentId":{"Fn::GetAtt":["ApiF70053CD","RootResourceId"]},"PathPart":"items%d",`+
			`"RestApiId":{"Ref":"ApiF70053CD"}`, i), path("Default/items"))
		d.add(res+"GET", "AWS::ApiGateway::Method", fmt.Sprintf(`"AuthorizationType":"NONE","HttpMethod":"GET","Integration":{`+
			`"IntegrationHttpMethod":"POST","Type":"AWS_PROXY","Uri":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":apigateway:",`+
			`{"Ref":"AWS::Region"},":lambda:path/2015-03-31/functions/",{"Fn::GetAtt":[%q,"Arn"]},"/invocations"]]}},"ResourceId":{"Ref":%q},`+
			`"RestApiId":{"Ref":"ApiF70053CD"}`, fn, res), path("Default/items/GET"))
		if i%2 == 0 {
			d.add(res+"GETApiPermission", "AWS::Lambda::Permission", fmt.Sprintf(`"Action":"lambda:InvokeFunction","FunctionName":{"Fn::GetAtt":`+
				`[%q,"Arn"]},"Principal":"apigateway.amazonaws.com","SourceArn":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":execute-api:",`+
				`{"Ref":"AWS::Region"},":",{"Ref":"AWS::AccountId"},":",{"Ref":"ApiF70053CD"},"/*/GET/items%d"]]}`, fn, i), path("Default/items/GET/Permission"))
		}
	}
	return d.String()
}

// Code is a template that is mostly inline code and mapping templates.
func Code(methods int) string {
	d := &document{}
	d.add("Api", "AWS::ApiGateway::RestApi", `"Name":"api"`)
	mapping := strings.Repeat(`#set($inputRoot = $input.path('$'))\n{\n  \"id\": \"$inputRoot.id\",\n  \"name\": \"$util.escapeJavaScript($inputRoot.name)\"\n}\n`, 80)
	for i := range methods {
		d.function(fmt.Sprintf("Function%d", i), 12000)
		d.add(fmt.Sprintf("Method%d", i), "AWS::ApiGateway::Method", fmt.Sprintf(`"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},`+
			`"HttpMethod":"POST","AuthorizationType":"NONE","Integration":{"Type":"AWS","IntegrationHttpMethod":"POST","Uri":%s,`+
			`"RequestTemplates":{"application/json":"%s"}}`, fmt.Sprintf(uri, fmt.Sprintf("Function%d", i)), mapping))
	}
	return d.String()
}

// OpenAPI is one API whose body has operations, over ten functions.
func OpenAPI(operations int) string {
	d := &document{}
	var paths []string
	for i := range operations {
		paths = append(paths, fmt.Sprintf(`"/group%d/{id}/item%d":{"get":{"operationId":"op%d","summary":"operation %d",`+
			`"description":"What the operation does for whoever calls it, which rights are needed, what is returned, and what may go wrong; long enough to be like those `+
			`that people write, with a sentence about the order of results and one about how to get the next page of them.","parameters":[{"name":"id","in":"path",`+
			`"required":true,"schema":{"type":"string"}},{"name":"filter","in":"query","schema":{"type":"string","maxLength":100}}],`+
			`"responses":{"200":{"description":"found","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Item%d"}}}},"404":`+
			`{"description":"not found","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}},`+
			`"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","payloadFormatVersion":"2.0","uri":%s}}}`,
			i/20, i, i, i, i%40, fmt.Sprintf(uri, fmt.Sprintf("Function%d", i%10))))
	}
	for i := range 10 {
		d.function(fmt.Sprintf("Function%d", i), 200)
	}
	schema := strings.Repeat(`"field":{"type":"string","description":"what the field means to the reader"},`, 1)
	d.add("Api", "AWS::ApiGatewayV2::Api", `"Body":{"openapi":"3.0.1","info":{"title":"api","version":"1.0"},"paths":{`+strings.Join(paths, ",")+
		`},"components":{"schemas":{"Problem":{"type":"object","properties":{`+strings.TrimSuffix(schema, ",")+`}}}}}`)
	return d.String()
}

// Nothing is a template without any API.
func Nothing(resources int) string {
	d := &document{}
	d.others(resources - resources/5)
	for i := range resources / 5 {
		d.function(fmt.Sprintf("Worker%d", i), 1040)
	}
	return d.String()
}
