package apigateway_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/definition"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// everything has a resource of every kind that a finder reads.
func everything() string {
	return resources(method(uriOf("${Fn.Arn}:${!stageVariables.alias}")), more, stage("Dev", `"dev"`, `,"Variables":{"alias":"live"},"CanarySetting":{"StageVariableOverrides":{"alias":"blue"}}`),
		strings.NewReplacer(`"Get"`, `"Put"`, `"Pets"`, `"Pets2"`).Replace(method(`{"Fn::If":["C",`+uriOf("${Live}")+`,{"Fn::Join":["",["arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/",{"Fn::GetAtt":["V","FunctionArn"]},"/invocations"]]}]}`)),
		`"Body":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Parameters":{"basepath":"prepend"},"Body":{"basePath":"/v1","paths":{"/a/{b}":{"get":`+integration(uriOf("${Fn}"))+`}},`+
			`"securityDefinitions":{"a":{"x-amazon-apigateway-authorizer":{"type":"token","authorizerUri":`+uriOf("${Fn.Arn}")+`}}}}}}`,
		`"Body2":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"Body":{"paths":{"/a":{"get":{"x-amazon-apigateway-integration":{"$ref":"#/components/x-amazon-apigateway-integrations/i"}}}},`+
			`"components":{"x-amazon-apigateway-integrations":{"i":{"type":"AWS_PROXY","uri":{"Fn::GetAtt":["Fn","Arn"]}}}}}}}`,
		`"Outside":{"Type":"AWS::ApiGateway::RestApi","Properties":{"BodyS3Location":{"Bucket":"b","Key":{"Ref":"P"}},"Mode":"merge"}}`,
		`"Auth":{"Type":"AWS::ApiGateway::Authorizer","Properties":{"Name":"a","Type":"TOKEN","RestApiId":{"Ref":"Api"},"AuthorizerUri":`+uriOf("${Fn.Arn}")+`,"AuthorizerCredentials":{"Ref":"AWS::NoValue"}}}`,
		`"Auth2":{"Type":"AWS::ApiGatewayV2::Authorizer","Properties":{"AuthorizerType":"REQUEST","ApiId":{"Ref":"Quick"},"AuthorizerUri":`+uriOf("${Fn.Arn}")+`}}`,
		`"SamRest":{"Type":"AWS::Serverless::Api","Properties":{"StageName":"v1","DefinitionBody":{"paths":{"/a":{"get":`+integration(uriOf("${SamFn.Alias}"))+`}}}}}`,
		`"Quick":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Target":{"Fn::GetAtt":["Fn","Arn"]},"RouteKey":"GET /x"}}`,
		`"Int":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Quick"},"IntegrationType":"AWS_PROXY","IntegrationUri":{"Fn::GetAtt":["Fn","Arn"]}}}`,
		`"Route":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Quick"},"RouteKey":"GET /y","Target":{"Fn::Join":["/",["integrations",{"Ref":"Int"}]]}}}`,
		`"Over":{"Type":"AWS::ApiGatewayV2::ApiGatewayManagedOverrides","Properties":{"ApiId":{"Ref":"Quick"},"Route":{"Target":{"Fn::Sub":"integrations/${Int}"}}}}`,
		`"SamFn":{"Type":"AWS::Serverless::Function","Properties":{"AutoPublishAlias":"live","Events":{"E":{"Type":"Api","Properties":{"Path":"/a","Method":"get"}},"H":{"Type":"HttpApi"}}}}`,
		`"SamApi":{"Type":"AWS::Serverless::HttpApi","Properties":{"StageName":"v1","StageVariables":"{\"a\":\"b\"}","Auth":{"Authorizers":{"A":{"FunctionArn":{"Fn::GetAtt":["SamFn","Arn"]},"FunctionInvokeRole":"NONE"}}},"DefinitionUri":"x.yaml"}}`,
		`"Ws":{"Type":"AWS::Serverless::WebSocketApi","Properties":{"Routes":{"$connect":{"FunctionArn":{"Fn::GetAtt":["SamFn","Arn"]}}},"Auth":{"AuthArn":{"Fn::GetAtt":["SamFn","Arn"]}}}}`,
		`"Conn":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"SamApi","Qualifier":"*"},"Destination":{"Id":"SamFn"},"Permissions":["Write"]}}`,
		`"Fn::ForEach::L":["X",["a"],{"M${X}":{"Type":"AWS::ApiGateway::Method","Properties":{}}}]`)
}

// odd are values that an author may write by mistake.
var odd = []string{`null`, `true`, `0`, `""`, `"x"`, `[]`, `{}`, `[[[]]]`, `{"Ref":"AWS::NoValue"}`, `{"Ref":"Nothing"}`, `{"Ref":null}`, `{"Fn::GetAtt":["Fn"]}`, `{"Fn::If":["C",1]}`,
	`{"Fn::If":["C",{"Ref":"P"},null]}`, `{"Fn::Sub":["${a}",{"a":{"Fn::If":["D","x",["y"]]}}]}`, `{"Fn::Transform":{"Name":"X"}}`, `{"$ref":"#/components/x-amazon-apigateway-integrations/i"}`}

// With any value of a template replaced, it is read without a panic, and all that is found
// has a place in the template.
func TestMutations(t *testing.T) {
	base := parse(t, everything())
	f := invoke.Find(base, here)
	kinds := map[string]bool{"managed-overrides": true, "sam-connector": true} // they find routes and grants
	for _, c := range f.Calls {
		kinds[c.Kind.Name] = true
	}
	for _, x := range apigateway.Service.Kinds {
		if !kinds[x.Name] {
			t.Errorf("no call of the kind %s", x.Name)
		}
	}
	var all []jsontext.Pointer
	var collect func(template.Value)
	collect = func(v template.Value) {
		all = append(all, v.Pointer())
		for _, m := range v.Members() {
			collect(m)
		}
		for m := range v.Items() {
			collect(m)
		}
	}
	collect(base.Root())
	for _, at := range all {
		for _, value := range odd {
			text, err := base.Apply([]template.Edit{{Op: template.Replace, At: at, Value: jsontext.Value(value)}})
			if err != nil {
				t.Fatal(err)
			}
			checkFound(t, text)
		}
	}
}

func checkFound(t *testing.T, text []byte) {
	t.Helper()
	doc, err := template.Parse(text)
	if err != nil {
		return
	}
	apigateway.Service.Definitions.Locations(doc, here)
	f := invoke.Find(doc, here)
	for _, c := range f.Calls {
		if c.Kind == nil || c.Principal != apigateway.Principal || c.Source.Label == "" && c.Source.Form != apigateway.Key {
			t.Fatalf("a call without %+v in\n%s", c, text)
		}
		if !doc.At(c.At()).Exists() {
			t.Fatalf("a call at %s, where nothing is, in\n%s", c.At(), text)
		}
		if _, ok := doc.Resource(c.Resource); !ok {
			t.Fatalf("a call of %q, which is no resource, in\n%s", c.Resource, text)
		}
		if c.Problem == nil && (len(c.Target.Name) == 0 || c.Target.Key == "" || c.Origin.Key == "") {
			t.Fatalf("the call %s is known, and its function or API isn't, in\n%s", line(c), text)
		}
		if c.Slot.Exists() {
			if p := c.Slot.Pointer(); doc.At(p.Parent()).Kind() < template.Array || doc.At(p).Exists() != c.Slot.Vacant() {
				t.Fatalf("credentials of %s can't stand at %s in\n%s", line(c), p, text)
			}
		}
	}
	for _, p := range f.Problems {
		if !doc.At(p.At).Exists() {
			t.Fatalf("a problem at %s, where nothing is, in\n%s", p.At, text)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add([]byte(everything()))
	f.Add([]byte(http("WEBSOCKET", `"$connect"`, `"send"`)))
	f.Add([]byte(restBody(`"{\"paths\":{}}"`)))
	f.Add([]byte(sam(`"Events":{"E":{"Type":"Api"}}`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) < 1<<15 {
			checkFound(t, text)
		}
	})
}

// FuzzURI reads any text as a URI, in the places that take one.
func FuzzURI(f *testing.F) {
	for _, s := range []string{before + "${Fn.Arn}" + after, before + "${Fn.Arn}:${!stageVariables.alias}" + after, "${Fn.Arn}", "arn:aws:lambda:us-east-1:444455556666:function:f:$LATEST",
		"arn:aws:apigateway:${AWS::Region}:sqs:path/q", "${P}", "https://x", "${stageVariables.x}", ":::::::", before + after} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		for _, expr := range []string{template.Quote(uri), `{"Fn::Sub":` + template.Quote(uri) + `}`} {
			checkFound(t, []byte(resources(method(expr), more, stage("S", `"s"`, `,"Variables":{"alias":"live","x":"f"}`))))
			checkFound(t, []byte(strings.Replace(http("HTTP", `"GET /"`), uriOf("${Fn.Arn}"), expr, 1)))
		}
		sameAsFlattened(t, "Fn::Sub", template.Quote(uri))
	})
}

// FuzzLocation writes anything as the location of a definition. Each location is an object
// or a file, and where all documents are given none is missing.
func FuzzLocation(f *testing.F) {
	for _, s := range []string{`{"Bucket":"b","Key":"k","Version":"v","ETag":"e"}`, `"s3://b/k?versionId=3"`, `"api.yaml"`, `{"Bucket":{"Ref":"B"},"Key":{"Fn::Sub":"x/${B}"}}`,
		`{"Ref":"B"}`, `{"Fn::If":["C",{"Bucket":"b","Key":"k"},{"Ref":"AWS::NoValue"}]}`, `{"Bucket":1,"Key":[null]}`, `{}`, `"../x"`, `"s3://${B}/k"`, `null`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, location string) {
		for _, doc := range []string{
			`"AWS::ApiGateway::RestApi","Properties":{"BodyS3Location":` + location + `}`,
			`"AWS::Serverless::Api","Properties":{"StageName":"s","DefinitionUri":` + location + `}`,
			`"AWS::ApiGatewayV2::Api","Properties":{"Body":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":` + location + `}}}}`,
		} {
			text := `{"Resources":{"Api":{"Type":` + doc + `}},"Parameters":{"B":{"NoEcho":true}}}`
			checkFound(t, []byte(text))
			parsed, err := template.Parse([]byte(text))
			if err != nil {
				return
			}
			env := here
			env.Parameters, env.Documents = map[string]string{"B": "bucket"}, map[definition.Location]*template.Template{}
			for _, l := range apigateway.Service.Definitions.Locations(parsed, env) {
				if (l.Bucket != "" && l.Key != "") == (l.Path != "") {
					t.Errorf("%s: %+v is no object and no file, or both", text, l)
				}
				env.Documents[l] = parse(t, `{"paths":{}}`)
			}
			found := invoke.Find(parsed, env)
			for _, p := range found.Problems {
				if p.Name == apigateway.ExternalBody.Name && len(env.Documents) > 0 && !strings.Contains(p.Detail, "not known") {
					t.Errorf("%s: was read, and is reported: %s", text, p.Detail)
				}
			}
		}
	})
}
