package apigateway_test

import (
	"fmt"
	"strings"
	"testing"
)

// sam is a template with the properties of a SAM function, and more resources.
func sam(properties string, more ...string) string {
	return `{"Resources":{"Fn":{"Type":"AWS::Serverless::Function","Properties":{` + properties + `}}` + strings.Join(append([]string{""}, more...), ",") + `},"Parameters":{"P":{"Type":"String"}}}`
}

func api(typ, properties string) string {
	return fmt.Sprintf(`"Api":{"Type":"AWS::Serverless::%s","Properties":{%s}}`, typ, properties)
}

// A function's events are calls, and SAM permits them: on the alias where
// AutoPublishAlias makes one.
func TestSAMEvents(t *testing.T) {
	event := func(typ, properties string) string {
		return fmt.Sprintf(`"Events":{"E":{"Type":%q,"Properties":{%s}}}`, typ, properties)
	}
	for _, tt := range []struct{ name, doc, call, given string }{
		{"implicit REST API", sam(event("Api", `"Path":"/a/{id}","Method":"get"`)), "${Fn.Arn} | */GET/a/*", "ServerlessRestApi Fn | */GET/a/*"},
		{"any method", sam(event("Api", `"Path":"/","Method":"any"`)), "${Fn.Arn} | */*/", "ServerlessRestApi Fn | */*/"},
		{"own REST API", sam(event("Api", `"Path":"/a","Method":"post","RestApiId":{"Ref":"Api"}`), api("Api", `"StageName":"v1"`)), "${Fn.Arn} | */POST/a", "Api Fn | */POST/a"},
		{"alias", sam(`"AutoPublishAlias":"live",` + event("Api", `"Path":"/a","Method":"get"`)), "${Fn.Alias} | */GET/a", "ServerlessRestApi Fn:live | */GET/a"},
		{"implicit HTTP API", sam(event("HttpApi", `"Path":"/a","Method":"GET"`)), "${Fn.Arn} | */GET/a", "ServerlessHttpApi Fn | */GET/a"},
		{"default route", sam(event("HttpApi", "")), "${Fn.Arn} | */$default", "ServerlessHttpApi Fn | */*"},
		{"own HTTP API", sam(event("HttpApi", `"Path":"/a","Method":"GET","ApiId":{"Ref":"Api"}`), api("HttpApi", "")), "${Fn.Arn} | */GET/a", "Api Fn | */GET/a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, tt.doc, here, "Fn: "+tt.call, "given SAM, for the event E of Fn: "+tt.given)
		})
	}
	for _, doc := range []string{sam(event("S3", `"Bucket":"b"`)), sam(`"Events":[]`), sam(`"Events":{"E":null}`), sam(`"Events":{"E":{"Type":{"Ref":"P"}}}`),
		sam(event("Api", `"Path":"/a","Method":"get","RestApiId":{"Ref":"Gone"}`))} {
		check(t, doc, here)
	}
}

// SAM writes credentials for an event with AWS_IAM, so that its permission counts for
// nothing: the caller's, or a role.
func TestSAMIdentity(t *testing.T) {
	event := func(auth string) string {
		return `"Events":{"E":{"Type":"Api","Properties":{"Path":"/a","Method":"get","RestApiId":{"Ref":"Api"}` + auth + `}}}`
	}
	const call, given = "Fn: ${Fn.Arn} | */GET/a", "given SAM, for the event E of Fn: Api Fn | */GET/a"
	for _, tt := range []struct {
		event, api string
		as         []string
	}{
		{"", "", []string{""}},
		{`,"Auth":{"Authorizer":"AWS_IAM"}`, "", []string{" as caller"}},
		{`,"Auth":{"Authorizer":"AWS_IAM","InvokeRole":"CALLER_CREDENTIALS"}`, "", []string{" as caller"}},
		{`,"Auth":{"Authorizer":"AWS_IAM","InvokeRole":"NONE"}`, "", []string{""}},
		{`,"Auth":{"Authorizer":"AWS_IAM","InvokeRole":null}`, "", []string{""}},
		{`,"Auth":{"Authorizer":"AWS_IAM","InvokeRole":{"Ref":"P"}}`, "", []string{" by role"}},
		{`,"Auth":{"Authorizer":"AWS_IAM","InvokeRole":"arn:aws:iam::*:user/*"}`, "", []string{" as caller"}},
		{`,"Auth":{"Authorizer":"AWS_IAM","InvokeRole":{"Fn::If":["C",{"Ref":"P"},{"Ref":"AWS::NoValue"}]}}`, "", []string{" [C] by role", " [not C]"}},
		{`,"Auth":{"Authorizer":"Other","InvokeRole":{"Ref":"P"}}`, "", []string{""}},
		{"", `"Auth":{"DefaultAuthorizer":"AWS_IAM"}`, []string{" as caller"}},
		{`,"Auth":{}`, `"Auth":{"DefaultAuthorizer":"AWS_IAM"}`, []string{" as caller"}},
		{`,"Auth":{"Authorizer":"NONE"}`, `"Auth":{"DefaultAuthorizer":"AWS_IAM"}`, []string{""}},
		{`,"Auth":{"ApiKeyRequired":true}`, `"Auth":{"DefaultAuthorizer":"AWS_IAM"}`, []string{""}},
		{"", `"Auth":{"DefaultAuthorizer":"AWS_IAM","InvokeRole":{"Ref":"P"}}`, []string{" by role"}},
		{`,"Auth":{"Authorizer":"AWS_IAM","InvokeRole":"NONE"}`, `"Auth":{"InvokeRole":{"Ref":"P"}}`, []string{""}},
		{"", `"DefinitionBody":{},"Auth":{"DefaultAuthorizer":"AWS_IAM"}`, []string{""}},
		{"", `"DefinitionBody":{},"MergeDefinitions":true,"Auth":{"DefaultAuthorizer":"AWS_IAM"}`, []string{" as caller"}},
	} {
		var want []string
		for _, as := range tt.as {
			want = append(want, call+as)
		}
		check(t, sam(event(tt.event), api("Api", tt.api)), here, append(want, given)...)
	}
	doc := strings.Replace(sam(strings.Replace(event(""), `,"RestApiId":{"Ref":"Api"}`, "", 1)), `"Parameters"`, `"Globals":{"Api":{"Auth":{"DefaultAuthorizer":"AWS_IAM"}}},"Parameters"`, 1)
	check(t, doc, here, call+" as caller", "given SAM, for the event E of Fn: ServerlessRestApi Fn | */GET/a")
}

// SAM's permission for $default of an HTTP API serves all routes of the function there,
// which get none of their own; not on an alias, and not for one method.
func TestSAMDefault(t *testing.T) {
	const get, rest = `"Get":{"Type":"HttpApi","Properties":{"Path":"/a","Method":"GET"}}`, `"Rest":{"Type":"HttpApi"}`
	const call, given = "Fn: ${Fn.Arn} | */GET/a", "given SAM, for the event Get of Fn: ServerlessHttpApi Fn | */GET/a"
	const all, givenAll = "Fn: ${Fn.Arn} | */$default", "given SAM, for the event Rest of Fn: ServerlessHttpApi Fn | */*"
	check(t, sam(`"Events":{`+get+`,`+rest+`}`), here, call, all, givenAll)
	check(t, sam(`"Events":{`+rest+`,`+get+`}`), here, all, call, givenAll)
	check(t, sam(`"AutoPublishAlias":"live","Events":{`+get+`,`+rest+`}`), here, "Fn: ${Fn.Alias} | */GET/a", "Fn: ${Fn.Alias} | */$default",
		"given SAM, for the event Get of Fn: ServerlessHttpApi Fn:live | */GET/a", "given SAM, for the event Rest of Fn: ServerlessHttpApi Fn:live | */*")
	one := strings.Replace(rest, `"HttpApi"`, `"HttpApi","Properties":{"Path":"$default","Method":"GET"}`, 1)
	check(t, sam(`"Events":{`+get+`,`+one+`}`), here, call, all, given, "given SAM, for the event Rest of Fn: ServerlessHttpApi Fn | */GET")
}

// Globals count for resources without the property.
func TestSAMGlobals(t *testing.T) {
	doc := strings.Replace(sam(`"Events":{"E":{"Type":"Api","Properties":{"Path":"/a","Method":"get"}}}`), `"Parameters"`, `"Globals":{"Function":{"AutoPublishAlias":"live"}},"Parameters"`, 1)
	check(t, doc, here, "Fn: ${Fn.Alias} | */GET/a", "given SAM, for the event E of Fn: ServerlessRestApi Fn:live | */GET/a")
	doc = strings.Replace(sam(`"AutoPublishAlias":"own"`, api("Api", `"StageName":"v1","Auth":{"Authorizers":{"Own":{"FunctionArn":{"Fn::GetAtt":["Fn","Arn"]}}}}`)), `"Parameters"`,
		`"Globals":{"Api":{"Auth":{"Authorizers":{"Global":{"FunctionArn":{"Ref":"P"}},"Own":{"FunctionArn":{"Ref":"P"}}}}}},"Parameters"`, 1)
	check(t, doc, here, "Api: ${Fn.Arn} | authorizers/*", "Api: ${P} | authorizers/*",
		"given SAM, for the authorizer Own of Api: Api Fn | authorizers/*", "given SAM, for the authorizer Global of Api: Api <P> | authorizers/*")
}

// SAM merges an authorizer's members with those that Globals has for its name.
func TestSAMGlobalAuthorizer(t *testing.T) {
	const call, given = "Api: ${Fn.Arn} | authorizers/*", "given SAM, for the authorizer A of Api: Api Fn | authorizers/*"
	for _, tt := range []struct {
		typ, own, global string
		want             []string
	}{
		{"Api", "", `"DisableFunctionDefaultPermissions":true`, []string{call}},
		{"Api", `,"DisableFunctionDefaultPermissions":false`, `"DisableFunctionDefaultPermissions":true`, []string{call, given}},
		{"Api", "", `"FunctionInvokeRole":{"Ref":"P"}`, []string{call + " by role", given}},
		{"HttpApi", "", `"EnableFunctionDefaultPermissions":true`, []string{call, given}},
	} {
		doc := sam("", api(tt.typ, `"Auth":{"Authorizers":{"A":{"FunctionArn":{"Fn::GetAtt":["Fn","Arn"]}`+tt.own+`}}}`))
		check(t, strings.Replace(doc, `"Parameters"`, fmt.Sprintf(`"Globals":{%q:{"Auth":{"Authorizers":{"A":{%s}}}}},"Parameters"`, tt.typ, tt.global), 1), here, tt.want...)
	}
}

// SAM permits the authorizers of REST APIs unless they disable that, those of HTTP APIs
// only if they enable it.
func TestSAMAuthorizers(t *testing.T) {
	authorizer := func(more string) string {
		return `"Auth":{"Authorizers":{"A":{"FunctionArn":{"Fn::GetAtt":["Fn","Arn"]}` + more + `},"J":{"JwtConfiguration":{}},"C":{"UserPoolArn":"x"}}}`
	}
	const call, given = "Api: ${Fn.Arn} | authorizers/*", "given SAM, for the authorizer A of Api: Api Fn | authorizers/*"
	for _, tt := range []struct {
		typ, more string
		want      []string
	}{
		{"Api", "", []string{call, given}},
		{"Api", `,"DisableFunctionDefaultPermissions":true`, []string{call}},
		{"Api", `,"DisableFunctionDefaultPermissions":false`, []string{call, given}},
		{"Api", `,"FunctionInvokeRole":{"Ref":"P"}`, []string{call + " by role", given}},
		{"Api", `,"FunctionInvokeRole":"NONE"`, []string{call, given}},
		{"HttpApi", "", []string{call}},
		{"HttpApi", `,"EnableFunctionDefaultPermissions":true`, []string{call, given}},
		{"HttpApi", `,"FunctionInvokeRole":{"Ref":"P"}`, []string{call + " by role"}},
	} {
		check(t, sam("", api(tt.typ, authorizer(tt.more))), here, tt.want...)
	}
}

// A definition's functions get nothing from SAM.
func TestSAMBody(t *testing.T) {
	body := `"DefinitionBody":{"paths":{"/a":{"get":` + integration(uriOf("${Fn.Arn}")) + `}}}`
	check(t, sam(`"AutoPublishAlias":"live"`, api("Api", body)), here, "Api: ${Fn.Arn} | */GET/a")
	check(t, sam("", api("HttpApi", body)), here, "Api: ${Fn.Arn} | */GET/a")
	check(t, sam("", api("Api", `"DefinitionUri":"api.yaml"`)), here, "problem external-body at /Resources/Api/Properties/DefinitionUri")
}

func TestSAMStageVariables(t *testing.T) {
	body := `"StageName":"v1","Variables":{"alias":"live"},"DefinitionBody":{"paths":{"/a":{"get":` + integration(uriOf("${Fn.Arn}:${!stageVariables.alias}")) + `}}}`
	check(t, sam("", api("Api", body)), here, "Api: ${Fn}:live | v1/GET/a")
	check(t, sam("", api("HttpApi", strings.NewReplacer(`"StageName":"v1",`, "", `"Variables"`, `"StageVariables"`).Replace(body))), here, "Api: ${Fn}:live | $default/GET/a")
}

func TestSAMWebSocket(t *testing.T) {
	routes := `"Routes":{"$connect":{"FunctionArn":{"Fn::GetAtt":["Fn","Arn"]}},"send":{"FunctionArn":{"Fn::GetAtt":["Fn","Arn"]}}}`
	given := func(key, stage string) string {
		return "given SAM, for the route " + key + " of Api: Api Fn | " + stage + "/" + key
	}
	check(t, sam("", api("WebSocketApi", routes)), here, "Api: ${Fn.Arn} | */$connect", "Api: ${Fn.Arn} | */send", given("$connect", "default"), given("send", "default"))
	check(t, sam("", api("WebSocketApi", routes+`,"StageName":"v1"`)), here, "Api: ${Fn.Arn} | */$connect", "Api: ${Fn.Arn} | */send", given("$connect", "v1"), given("send", "v1"))
	auth := `"Auth":{"AuthArn":{"Fn::GetAtt":["Fn","Arn"]}`
	check(t, sam("", api("WebSocketApi", auth+`}`)), here, "Api: ${Fn.Arn} | authorizers/*", "given SAM, for the authorizer of Api: Api Fn | authorizers/*")
	check(t, sam("", api("WebSocketApi", auth+`,"InvokeRole":{"Ref":"P"}}`)), here, "Api: ${Fn.Arn} | authorizers/* by role")
}

// A connector from an API that may write to a function is SAM's grant of what
// its qualifier says, by default everything.
func TestSAMConnectors(t *testing.T) {
	connector := func(source, permissions string) string {
		return `"C":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{` + source + `},"Destination":{"Id":"Fn"},"Permissions":[` + permissions + `]}}`
	}
	const given = "given SAM, for the connector of C: Api Fn | "
	check(t, sam("", api("Api", ""), connector(`"Id":"Api"`, `"Write"`)), here, given+"*")
	check(t, sam("", api("Api", ""), connector(`"Id":"Api","Qualifier":"v1/GET/a"`, `"Read","Write"`)), here, given+"v1/GET/a")
	check(t, sam("", api("Api", ""), connector(`"Id":"Api"`, `"Read"`)), here)
	check(t, sam("", api("Api", ""), connector(`"Id":"Fn"`, `"Write"`)), here)
	check(t, sam("", api("Api", ""), connector(`"Id":"Gone"`, `"Write"`)), here)
	attribute := `"Api":{"Type":"AWS::Serverless::HttpApi","Connectors":{"X":{"Properties":{"Destination":[{"Id":"Fn"},{"Id":"Gone"}],"Permissions":["Write"]}}}}`
	check(t, sam("", attribute), here, "given SAM, for the connector of Api: Api Fn | *")
}
