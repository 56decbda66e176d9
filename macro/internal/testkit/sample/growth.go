package sample

import (
	"fmt"
	"strings"
)

// Routes is an HTTP API whose routes all lead to one function: more than its
// policy has room for, beyond some twenty.
func Routes(n int) string {
	d := &document{}
	d.function("Function", 200)
	var paths strings.Builder
	for i := range n {
		if i > 0 {
			paths.WriteByte(',')
		}
		fmt.Fprintf(&paths, `"/group%d/part%d/item%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","payloadFormatVersion":"2.0","uri":%s}}}`,
			i/100, i/10%10, i%10, fmt.Sprintf(uri, "Function"))
	}
	d.add("Api", "AWS::ApiGatewayV2::Api", `"Body":{"openapi":"3.0.1","info":{"title":"api","version":"1.0"},"paths":{`+paths.String()+`}}`)
	return d.String()
}

// Conditional is a REST API with methods that each exist under a condition of
// their own, and functions that exist under another.
func Conditional(n int) string {
	d := &document{}
	d.add("Api", "AWS::ApiGateway::RestApi", `"Name":"api"`)
	var conditions []string
	for i := range n {
		conditions = append(conditions, fmt.Sprintf(`"Has%d":{"Fn::Equals":[{"Ref":"Stage"},"stage%d"]}`, i, i))
		if i%10 == 0 {
			d.function(fmt.Sprintf("Function%d", i/10), 0)
		}
		d.add(fmt.Sprintf("Method%d", i), "AWS::ApiGateway::Method", fmt.Sprintf(`"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},`+
			`"HttpMethod":"GET","Integration":{"Type":"AWS_PROXY","IntegrationHttpMethod":"POST","Uri":%s}`, fmt.Sprintf(uri, fmt.Sprintf("Function%d", i/10))),
			fmt.Sprintf(`,"Condition":"Has%d"`, i))
	}
	return strings.TrimSuffix(d.String(), "}") + `,"Conditions":{` + strings.Join(conditions, ",") + `}}`
}

// Deep is a chain of resources of an API, each below the one before, a method
// at its end, and mapping templates as deep.
func Deep(levels int) string {
	d := &document{}
	d.add("Api", "AWS::ApiGateway::RestApi", `"Name":"api"`)
	d.function("Function", 200)
	parent := `{"Fn::GetAtt":["Api","RootResourceId"]}`
	for i := range levels {
		d.add(fmt.Sprintf("Level%d", i), "AWS::ApiGateway::Resource", fmt.Sprintf(`"RestApiId":{"Ref":"Api"},"ParentId":%s,"PathPart":"p%d"`, parent, i))
		parent = fmt.Sprintf(`{"Ref":"Level%d"}`, i)
	}
	nested := strings.Repeat(`{"Fn::Join":["",["a",`, levels) + `"b"` + strings.Repeat(`]]}`, levels)
	d.add("Method", "AWS::ApiGateway::Method", fmt.Sprintf(`"RestApiId":{"Ref":"Api"},"ResourceId":%s,"HttpMethod":"GET","Integration":{"Type":"AWS","Uri":%s,`+
		`"RequestTemplates":{"application/json":%s}}`, parent, fmt.Sprintf(uri, "Function"), nested))
	return d.String()
}
