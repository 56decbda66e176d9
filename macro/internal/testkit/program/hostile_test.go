package program_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/installation"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/program"
)

// hostileNames are texts that mean something in an ARN, in Fn::Sub, in JSON or
// in a policy, or nothing anywhere.
var hostileNames = []string{
	"${Other.Arn}", "${!Other}", "${AWS::StackId}", "${Api}", "${", "}", "$", "$${a}", "${${a}}", "${stageVariables.x}", "{", "{a", "{a}b}", "{proxy+}",
	`"`, `\`, `","Fn::Sub":"`, `"}},"Evil":{"Type":"AWS::IAM::User"},"x":{"y":{"z":"`, "\n", "\r\n", "\t", "\x00", "\x01", "\x7f", "\u2028", "\u202e", "\ufeff",
	"*", "**", "?", "*/*/*", "..", ".", "//", ":", ":*", "a:b:c", "arn:aws:lambda:us-east-1:210987654321:function:other", "%2F", "%24%7BOther%7D", "é", "😀", " ",
	"<script>", strings.Repeat("9", 1000), strings.Repeat("${Other}", 200),
}

// hostilePlaces are templates with a NAME where an author writes one that ends
// in a grant.
var hostilePlaces = map[string]string{
	"REST path": `"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{"/a/NAME/b":{"get":OPERATION}}}}}`,
	"HTTP path": `"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Body":{"openapi":"3.0.1","paths":{"/a/NAME/b":{"get":OPERATION}}}}}`,
	"base path": `"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Body":{"openapi":"3.0.1","servers":[{"url":"/{base}","variables":{"base":{"default":"NAME"}}}],"paths":{"/a":{"get":OPERATION}}}}}`,
	"operation": `"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{"/a":{"NAME":OPERATION,"get":OPERATION}}}}}`,
	"authorizer": `"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","components":{"securitySchemes":{"NAME":{"type":"apiKey","x-amazon-apigateway-authorizer":{"type":"token","authorizerUri":URI}}}},` +
		`"paths":{"/a":{"get":OPERATION}}}}}`,
	"path part": `"Api":{"Type":"AWS::ApiGateway::RestApi"},"Part":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":{"Fn::GetAtt":["Api","RootResourceId"]},"PathPart":"NAME"}},` +
		`"Get":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Ref":"Part"},"HttpMethod":"GET","Integration":{"Type":"AWS_PROXY","Uri":URI}}}`,
	"verb": `"Api":{"Type":"AWS::ApiGateway::RestApi"},` +
		`"Get":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"HttpMethod":"NAME","Integration":{"Type":"AWS_PROXY","Uri":URI}}}`,
	"route key": `"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP"}},"Route":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /NAME","Target":{"Fn::Sub":"integrations/${To}"}}},` +
		`"To":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":{"Fn::GetAtt":["Fn","Arn"]}}}`,
	"message": `"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"WEBSOCKET"}},"Route":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"NAME","Target":{"Fn::Sub":"integrations/${To}"}}},` +
		`"To":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":URI}}`,
	"stage": `"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Target":{"Fn::GetAtt":["Fn","Arn"]}}},"Stage":{"Type":"AWS::ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Api"},"StageName":"NAME"}}`,
	"stage variable": `"Api":{"Type":"AWS::ApiGateway::RestApi"},"Stage":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"prod","Variables":{"v":"NAME"}}},` +
		`"Get":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"HttpMethod":"GET","Integration":{"Type":"AWS_PROXY",` +
		`"Uri":{"Fn::Sub":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}:${!stageVariables.v}/invocations"}}}}`,
	"function name": `"Named":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"NAME"}},"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Target":{"Fn::GetAtt":["Named","Arn"]}}}`,
	"alias":         `"Alias":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"NAME","FunctionName":{"Ref":"Fn"},"FunctionVersion":"1"}},"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Target":{"Ref":"Alias"}}}`,
}

const hostileURI = `{"Fn::Sub":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}`

// Whatever a name of the template holds, it ends in no other golden.Resource, API,
// function or principal than the author wired, and in no expression of
// CloudFormation that the author did not write.
func TestHostileNames(t *testing.T) {
	p := program.Start(t)
	granted := 0
	for place, text := range hostilePlaces {
		text = strings.ReplaceAll(text, "OPERATION", `{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":URI}}`)
		text = `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Other":{"Type":"AWS::Lambda::Function"},` + strings.ReplaceAll(text, "URI", hostileURI) + `}}`
		for _, name := range hostileNames {
			quoted, err := json.Marshal(name)
			if err != nil {
				t.Fatal(err)
			}
			fragment := strings.ReplaceAll(text, "NAME", string(quoted[1:len(quoted)-1]))
			for _, params := range []string{`{}`, `{"Stages":"declared","SourceAccount":true}`, `{"Grant":"role"}`} {
				out := golden.Send(t, p, fragment, params, nil)
				if out.Err != nil {
					continue // refused, and told
				}
				before, after := golden.Resources(t, []byte(fragment)), golden.Resources(t, out.Fragment)
				for id, r := range after {
					if !before[id].Exists() {
						granted++
						checkGrant(t, place+" "+string(quoted)+" "+params+" "+id, r)
					}
				}
			}
		}
	}
	if granted < 1000 {
		t.Errorf("%d grants were looked at", granted)
	}
}

var (
	referred = regexp.MustCompile(`\$\{([^!][^}]*)\}`)
	oneAPI   = regexp.MustCompile(`(?s)^arn:\$\{AWS::Partition\}:execute-api:\$\{AWS::Region\}:\$\{AWS::AccountId\}:\$\{Api\}/.+$`)
	ownNames = []string{"AWS::Partition", "AWS::Region", "AWS::AccountId", "Api", "Fn", "Fn.Arn", "Named", "Named.Arn", "Alias"}
)

// checkGrant holds an added resource against what the author could have meant.
func checkGrant(t *testing.T, where string, r golden.Resource) {
	t.Helper()
	// A "$" before a brace is written as a variable of Fn::Sub that is "$".
	text := strings.ReplaceAll(r.Text("Properties"), `,{"V1":"$"}]`, `]`)
	for _, m := range referred.FindAllStringSubmatch(strings.ReplaceAll(strings.ReplaceAll(text, "${V1}", "(dollar)"), "${!", "$!{"), -1) {
		if !slices.Contains(ownNames, m[1]) {
			t.Errorf("%s: refers to %s: %s", where, m[1], text)
		}
	}
	if strings.Contains(text, `"Other"`) || strings.Contains(text, `"Other.Arn"`) {
		t.Errorf("%s: is about another function: %s", where, text)
	}
	switch r.Type {
	case "AWS::Lambda::Permission":
		arnOf, _ := r.Properties["SourceArn"].(map[string]any)
		source := arnOf["Fn::Sub"]
		if list, ok := source.([]any); ok {
			source = list[0]
		}
		if arn, _ := source.(string); !oneAPI.MatchString(arn) || r.Properties["Action"] != "lambda:InvokeFunction" ||
			r.Properties["Principal"] != "apigateway.amazonaws.com" {
			t.Errorf("%s: %s", where, text)
		}
	case "AWS::IAM::Role":
		if strings.Count(text, `"Action"`) != 2 || !strings.Contains(text, `"Principal":{"Service":"apigateway.amazonaws.com"}`) ||
			!strings.Contains(text, `"Action":"lambda:InvokeFunction"`) || strings.Contains(text, `"Resource":"*"`) || strings.Contains(text, `"Resource":["*`) {
			t.Errorf("%s: %s", where, text)
		}
	default:
		t.Errorf("%s: is an %s", where, r.Type)
	}
}

// Each route may be called from each stage, with its own function: a template
// below the limits of CloudFormation can have half a million calls. It is
// refused in the function's memory and time.
func TestHostileStages(t *testing.T) {
	if testing.Short() {
		t.Skip("half a million calls")
	}
	var stages, paths strings.Builder
	for i := range 240 {
		fmt.Fprintf(&stages, `,"S%d":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"s%d","Variables":{"v":"a%d"}}}`, i, i, i)
	}
	for i := range 2000 {
		fmt.Fprintf(&paths, `,"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":`+
			`{"Fn::Sub":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}:${!stageVariables.v}/invocations"}}}}`, i)
	}
	fragment := `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"paths":{` + paths.String()[1:] + `}}}}` + stages.String() + `}}`
	size := installation.Sizes(t)[0]
	p := program.Confined(t, size)
	for _, params := range []string{`{}`, `{"Grant":"role"}`, `{"Scope":"api","Stages":"declared"}`} {
		out := golden.Send(t, p.Process, fragment, params, nil)
		if out.Err == nil || !strings.HasPrefix(out.Err.Error(), "template: its APIs make more than 50000 calls of functions") {
			t.Errorf("%s: answered %.300s", params, out)
		}
	}
	p.Fits(t, size)
}
