package apigateway_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
)

// at is a template with a method on a resource; more are further resources.
func at(verb, resource string, more ...string) string {
	return resources(append(more, methodOn("M", verb, resource))...)
}

func methodOn(id, verb, resource string) string {
	return `"` + id + `":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":` + verb + `,"ResourceId":` + resource + `,
		"Integration":{"Type":"AWS","Uri":` + uriOf("${Fn.Arn}") + `}}}`
}

func part(id, parent, part string) string {
	return fmt.Sprintf(`%q:{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":%s,"PathPart":%s}}`, id, parent, part)
}

const root = `{"Fn::GetAtt":["Api","RootResourceId"]}`

func TestRESTPath(t *testing.T) {
	tree := []string{part("Pets", root, `"pets"`), part("Pet", `{"Ref":"Pets"}`, `"{id}"`), part("Toys", `{"Ref":"Pet"}`, `"toys"`), part("Proxy", root, `"{proxy+}"`),
		part("Lost", `{"Fn::ImportValue":"parent"}`, `"x"`), part("Below", `{"Ref":"Lost"}`, `"{y}"`), part("Named", root, `{"Ref":"P"}`), part("Mixed", root, `{"Fn::Sub":"v-${P}-{z}"}`),
		part("One", `{"Ref":"Two"}`, `"one"`), part("Two", `{"Ref":"One"}`, `"two"`), part("Self", `{"Ref":"Self"}`, `"self"`), part("Either", root, `{"Fn::If":["C","a","b"]}`),
		part("Colon", root, `"a:b.c-d_e"`), part("Dollar", root, `"$a"`), part("Odd", root, `["x"]`)}
	known := here
	known.Parameters = map[string]string{"P": "v1"}
	for _, tt := range []struct {
		verb, resource, want string
		env                  invoke.Environment
	}{
		{`"GET"`, root, "*/GET/", here},
		{`"GET"`, `{"Fn::GetAtt":"Api.RootResourceId"}`, "*/GET/", here},
		{`"GET"`, `{"Fn::Select":["0","RootResourceId"]}`, "*/GET/* +unknown-path", here}, // was taken for the root
		{`"GET"`, `{"Fn::GetAtt":[{"Ref":"P"},"RootResourceId"]}`, "*/GET/* +unknown-path", here},
		{`"get"`, `{"Ref":"Pets"}`, "*/GET/pets", here},
		{`"ANY"`, `{"Ref":"Pets"}`, "*/*/pets", here},
		{`"any"`, `{"Ref":"Pets"}`, "*/*/pets", here},
		{`{"Ref":"P"}`, `{"Ref":"Pets"}`, "*/*/pets", here},
		{`"POST"`, `{"Ref":"Toys"}`, "*/POST/pets/*/toys", here},
		{`"ANY"`, `{"Ref":"Proxy"}`, "*/*/*", here},
		{`"GET"`, `{"Fn::ImportValue":"resource"}`, "*/GET/* +unknown-path", here},
		{`"GET"`, `{"Ref":"P"}`, "*/GET/* +unknown-path", here},
		{`"GET"`, `"abc123"`, "*/GET/* +unknown-path", here},
		{`"GET"`, `{"Ref":"Lost"}`, "*/GET/*x +unknown-path", here},
		{`"GET"`, `{"Ref":"Below"}`, "*/GET/*x/* +unknown-path", here},
		{`"GET"`, `{"Ref":"Named"}`, "*/GET/*", here},
		{`"GET"`, `{"Ref":"Named"}`, "*/GET/${P}", known},
		{`"GET"`, `{"Ref":"Mixed"}`, "*/GET/v-*-*", here},
		{`"GET"`, `{"Ref":"Mixed"}`, "*/GET/v-${P}-*", known},
		{`"GET"`, `{"Ref":"One"}`, "*/GET/*two/one +unknown-path", here},
		{`"GET"`, `{"Ref":"Self"}`, "*/GET/*self +unknown-path", here},
		{`"GET"`, `{"Ref":"Colon"}`, "*/GET/a:b.c-d_e", here},
		{`"GET"`, `{"Ref":"Dollar"}`, "*/GET/$a", here},
		{`"GET"`, `{"Ref":"Odd"}`, "*/GET/*", here},
	} {
		t.Run(tt.verb+tt.resource, func(t *testing.T) {
			check(t, at(tt.verb, tt.resource, tree...), tt.env, "M: ${Fn.Arn} | "+tt.want)
		})
	}
}

// What is known of a path doesn't depend on which method is read first,
// however long the path is.
func TestRESTPathOrder(t *testing.T) {
	for _, n := range []int{100, 1000} {
		var tree []string
		parent := root
		for i := range n {
			tree = append(tree, part(fmt.Sprint("R", i), parent, fmt.Sprintf(`"p%d"`, i)))
			parent = fmt.Sprintf(`{"Ref":"R%d"}`, i)
		}
		methods := func(order ...int) string {
			all := tree
			for _, i := range order {
				all = append(all, methodOn(fmt.Sprint("M", i), `"GET"`, fmt.Sprintf(`{"Ref":"R%d"}`, i)))
			}
			return resources(all...)
		}
		down, up := found(t, methods(n/2, n-1), here), found(t, methods(n-1, n/2), here)
		slices.Reverse(up)
		if diff := cmp.Diff(down, up); diff != "" {
			t.Errorf("%d resources\n%s", n, diff)
		}
	}
}

// http is an HTTP or WebSocket API with an integration and its routes' keys.
func http(protocol string, keys ...string) string {
	doc := `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"` + protocol + `"}},
		"Int":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":` + uriOf("${Fn.Arn}") + `}}`
	for i, key := range keys {
		doc += fmt.Sprintf(`,"R%d":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":%s,"Target":{"Fn::Sub":"integrations/${Int}"}}}`, i, key)
	}
	return doc + `},"Parameters":{"P":{"Type":"String"}}}`
}

func TestRouteKey(t *testing.T) {
	for _, tt := range []struct{ protocol, key, want string }{
		{"HTTP", `"GET /pets"`, "*/GET/pets"}, {"HTTP", `"GET /"`, "*/GET/"}, {"HTTP", `"ANY /a/{p+}"`, "*/*/a/*"}, {"HTTP", `"$default"`, "*/$default"},
		{"HTTP", `"get  /pets"`, "*/GET/pets"}, {"HTTP", `"GET /a/{b}/c{d}"`, "*/GET/a/*/c*"},
		{"HTTP", `{"Fn::Sub":"POST /${P}/x"}`, "*/POST/*/x"}, {"HTTP", `{"Fn::Join":[" ",["PUT",{"Fn::Sub":"/${P}"}]]}`, "*/PUT/*"},
		{"HTTP", `{"Fn::Sub":"${P} /x"}`, "*/*/x"}, {"HTTP", `{"Ref":"P"}`, "*"}, {"HTTP", `{"Fn::Sub":"GET ${P}"}`, "*/GET/*"},
		{"WEBSOCKET", `"$connect"`, "*/$connect"}, {"WEBSOCKET", `"$disconnect"`, "*/$disconnect"}, {"WEBSOCKET", `"$default"`, "*/$default"},
		{"WEBSOCKET", `"send"`, "*/send"}, {"WEBSOCKET", `"GET /pets"`, "*/GET /pets"}, {"WEBSOCKET", `{"Ref":"P"}`, "*/${P}"},
	} {
		t.Run(tt.protocol+tt.key, func(t *testing.T) {
			check(t, http(tt.protocol, tt.key), here, "Int: ${Fn.Arn} | "+tt.want)
		})
	}
	check(t, http("HTTP"), here, "Int: ${Fn.Arn} | * +no-route")
	check(t, http("HTTP", `"GET /"`, `{"Fn::If":["C","GET /a","GET /b"]}`, `{"Fn::If":["C","GET /c",{"Ref":"AWS::NoValue"}]}`), here,
		"Int: ${Fn.Arn} | */GET/", "Int: ${Fn.Arn} | */GET/a [C]", "Int: ${Fn.Arn} | */GET/b [not C]", "Int: ${Fn.Arn} | */GET/c [C]")
}

// An HTTP API accepts a function's ARN, and an integration with another service calls no
// function.
func TestHTTPIntegration(t *testing.T) {
	uri := uriOf("${Fn.Arn}")
	for _, tt := range []struct{ old, now, want string }{
		{uri, `{"Fn::GetAtt":["Fn","Arn"]}`, "Int: ${Fn.Arn} | */GET/"},
		{uri, `{"Ref":"P"}`, "Int: ${P} | */GET/"},
		{uri, `"https://example.com"`, ""}, {uri, `""`, ""},
		{uri, `{"Fn::Sub":"arn:aws:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:listener/app/x"}`, ""},
		{`"IntegrationType":"AWS_PROXY"`, `"IntegrationType":"AWS_PROXY","IntegrationSubtype":"SQS-SendMessage"`, ""},
		{`"IntegrationType":"AWS_PROXY"`, `"IntegrationType":"HTTP_PROXY"`, ""},
		{`"IntegrationType":"AWS_PROXY"`, `"IntegrationType":"AWS_PROXY","CredentialsArn":{"Ref":"P"}`, "Int: ${Fn.Arn} | */GET/ by role"},
		{`{"Ref":"Api"},"IntegrationType"`, `{"Fn::GetAtt":["Api","ApiId"]},"IntegrationType"`, "Int: ${Fn.Arn} | */GET/"},
		{`{"Ref":"Api"},"IntegrationType"`, `{"Ref":"Gone"},"IntegrationType"`, "Int: ${Fn.Arn} | */GET/ !no-api"},
		{`{"Ref":"Api"},"IntegrationType"`, `{"Fn::ImportValue":"api"},"IntegrationType"`, "Int: ${Fn.Arn} | */GET/"},
	} {
		var want []string
		if tt.want != "" {
			want = []string{tt.want}
		}
		check(t, strings.Replace(http("HTTP", `"GET /"`), tt.old, tt.now, 1), here, want...)
	}
}

func TestQuickCreate(t *testing.T) {
	api := func(properties string) string {
		return `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"F2":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{` + properties + `}}},"Parameters":{"P":{"Type":"String"}}}`
	}
	target := `"ProtocolType":"HTTP","Target":{"Fn::GetAtt":["Fn","Arn"]}`
	check(t, api(target), here, "Api: ${Fn.Arn} | */$default")
	check(t, api(`"ProtocolType":"HTTP","Target":`+uriOf("${Fn.Arn}")), here, "Api: ${Fn.Arn} | */$default")
	check(t, api(target+`,"RouteKey":"GET /x"`), here, "Api: ${Fn.Arn} | */GET/x")
	check(t, api(target+`,"CredentialsArn":{"Ref":"P"}`), here, "Api: ${Fn.Arn} | */$default by role")
	check(t, api(`"ProtocolType":"HTTP","Target":"https://example.com"`), here)
	overridden := strings.Replace(api(target), `"Api":{`, `"Int":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":{"Fn::GetAtt":["F2","Arn"]}}},
		"Over":{"Type":"AWS::ApiGatewayV2::ApiGatewayManagedOverrides","Properties":{"ApiId":{"Ref":"Api"},"Route":{"Target":{"Fn::Sub":"integrations/${Int}"}}}},"Api":{`, 1)
	check(t, overridden, here, "Int: ${F2.Arn} | */$default", "Api: ${Fn.Arn} | */$default")
}

func TestAuthorizer(t *testing.T) {
	auth := func(version, typ, more string) string {
		api, name := `"RestApiId":{"Ref":"Api"}`, "Type"
		if version == "V2" {
			api, name = `"ApiId":{"Ref":"Api"}`, "AuthorizerType"
		}
		return resources(`"Auth":{"Type":"AWS::ApiGateway` + version + `::Authorizer","Properties":{"Name":"a",` + api + `,"` + name + `":"` + typ + `"` + more + `}}`)
	}
	uri := `,"AuthorizerUri":` + uriOf("${Fn.Arn}")
	const want = "Auth: ${Fn.Arn} | authorizers/${Auth}"
	check(t, auth("", "TOKEN", uri), here, want)
	check(t, auth("", "REQUEST", uri), here, want)
	check(t, auth("", "COGNITO_USER_POOLS", uri), here)
	check(t, auth("", "TOKEN", ""), here)
	check(t, auth("", "TOKEN", uri+`,"AuthorizerCredentials":{"Ref":"P"}`), here, want+" by role")
	check(t, auth("V2", "REQUEST", uri), here, want)
	check(t, auth("V2", "JWT", uri), here)
	check(t, auth("V2", "REQUEST", uri+`,"AuthorizerCredentialsArn":{"Ref":"P"}`), here, want+" by role")
	selected := `,"AuthorizerUri":{"Fn::Join":["",["arn:",{"Fn::Select":[1,{"Fn::Split":[":",{"Fn::GetAtt":["Fn","Arn"]}]}]},":apigateway:",{"Fn::Select":[3,{"Fn::Split":[":",{"Fn::GetAtt":["Fn","Arn"]}]}]},` +
		`":lambda:path/2015-03-31/functions/",{"Fn::GetAtt":["Fn","Arn"]},"/invocations"]]}`
	check(t, auth("", "TOKEN", selected), here, want)
}

// Conditions are followed in every part of a method.
func TestRESTPathByCondition(t *testing.T) {
	tree := []string{part("Pets", root, `"pets"`), part("Pet", `{"Ref":"Pets"}`, `"{id}"`), part("Either", root, `{"Fn::If":["C","a","b"]}`),
		part("Below", `{"Ref":"Either"}`, `"x"`), part("Moved", `{"Fn::If":["C",{"Ref":"Pets"},`+root+`]}`, `"y"`)}
	for _, tt := range []struct {
		verb, resource string
		want           []string
	}{
		{`"GET"`, `{"Ref":"Either"}`, []string{"*/GET/a [C]", "*/GET/b [not C]"}},
		{`"GET"`, `{"Ref":"Below"}`, []string{"*/GET/a/x [C]", "*/GET/b/x [not C]"}},
		{`"GET"`, `{"Ref":"Moved"}`, []string{"*/GET/pets/y [C]", "*/GET/y [not C]"}},
		{`"GET"`, `{"Fn::If":["C",{"Ref":"Pets"},{"Ref":"Pet"}]}`, []string{"*/GET/pets [C]", "*/GET/pets/* [not C]"}},
		{`{"Fn::If":["C","GET","ANY"]}`, `{"Ref":"Pets"}`, []string{"*/GET/pets [C]", "*/*/pets [not C]"}},
		{`{"Fn::If":["C","GET","PUT"]}`, `{"Ref":"Either"}`, []string{"*/GET/a [C]", "*/PUT/b [not C]"}},
		{`"GET"`, `{"Fn::If":["C",{"Ref":"Pets"},{"Fn::ImportValue":"x"}]}`, []string{"*/GET/pets [C]", "*/GET/* [not C] +unknown-path"}},
	} {
		want := make([]string, len(tt.want))
		for i, w := range tt.want {
			want[i] = "M: ${Fn.Arn} | " + w
		}
		check(t, at(tt.verb, tt.resource, tree...), here, want...)
	}
}
