package engine

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

// restAPI is a REST API whose GET / has the Uri, with a deployment and a stage,
// and more resources.
func restAPI(uri string, more ...string) string {
	return `{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"},
		"Get":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"HttpMethod":"GET","Integration":{"Type":"AWS_PROXY","Uri":` + uri + `}}},
		"Dep":{"Type":"AWS::ApiGateway::Deployment","DependsOn":["Get"],"Properties":{"RestApiId":{"Ref":"Api"}}},
		"Dev":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"dev","DeploymentId":{"Ref":"Dep"},"Variables":{"alias":"live","fn":{"Ref":"Fn"}}}}` +
		strings.Join(append([]string{""}, more...), ",") + `},"Parameters":{"P":{"Type":"String"}}}`
}

var byRole = option.Options{Grant: "role"}

// createdRole is the one role of the output.
func createdRole(t *testing.T, out string) template.Resource {
	t.Helper()
	var roles []template.Resource
	for _, r := range parse(t, out).Resources() {
		if r.Type == "AWS::IAM::Role" {
			roles = append(roles, r)
		}
	}
	if len(roles) != 1 {
		t.Fatalf("%d roles in\n%s", len(roles), out)
	}
	return roles[0]
}

// Only API Gateway may assume a role, without conditions, and it may invoke its functions
// and nothing else.
func TestRole(t *testing.T) {
	_, out := grantAll(t, restAPI(steps.URI("${Fn.Arn}")), byRole)
	role := createdRole(t, out)
	want := `{"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]},` +
		`"Policies":[{"PolicyName":"InvokeFunctions","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":[{"Fn::GetAtt":["Fn","Arn"]}]}]}}]}`
	var a, b any
	if json.Unmarshal([]byte(want), &a) != nil || json.Unmarshal([]byte(role.Properties().Raw()), &b) != nil {
		t.Fatal(role.Raw())
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	credentials := parse(t, out).At("/Resources/Get/Properties/Integration/Credentials").Raw()
	if credentials != `{"Fn::GetAtt":["`+role.ID+`","Arn"]}` {
		t.Errorf("credentials %s", credentials)
	}
}

// The policy names the function as the URI does, with its qualifier: an ARN without one
// doesn't match a call with one.
func TestRoleResources(t *testing.T) {
	const arn = `arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:`
	for function, want := range map[string]string{
		"${Fn.Arn}":                          `{"Fn::GetAtt":["Fn","Arn"]}`,
		"${Fn}":                              `{"Fn::GetAtt":["Fn","Arn"]}`,
		arn + "${Fn}":                        `{"Fn::Sub":"` + arn + `${Fn}"}`,
		"${Fn.Arn}:live":                     `{"Fn::Sub":"${Fn.Arn}:live"}`,
		"${Fn.Arn}:$LATEST":                  `{"Fn::Sub":"${Fn.Arn}:$LATEST"}`,
		"${Fn}:live":                         `{"Fn::Sub":"` + arn + `${Fn}:live"}`,
		"${Fn.Arn}:${!stageVariables.alias}": `{"Fn::Sub":"${Fn.Arn}:live"}`,
		arn + "${AWS::StackName}-x":          `{"Fn::Sub":"` + arn + `${AWS::StackName}-x"}`,
		"f":                                  `{"Fn::Sub":"` + arn + `f"}`,
		"${P}":                               `{"Ref":"P"}`,
	} {
		_, out := grantAll(t, restAPI(steps.URI(function)), byRole)
		if got := createdRole(t, out).Properties().Path("Policies").Item(0).Path("PolicyDocument", "Statement").Item(0).Get("Resource").Raw(); got != "["+want+"]" {
			t.Errorf("%s: %s, want %s", function, got, want)
		}
		checkGrants(t, restAPI(steps.URI(function)), byRole)
	}
}

// What can't have a role, or needs none, stays as it is.
func TestRoleLeaves(t *testing.T) {
	for name, doc := range map[string]string{
		"a role of its own":         strings.Replace(restAPI(steps.URI("${Fn.Arn}")), `"Uri"`, `"Credentials":{"Ref":"P"},"Uri"`, 1),
		"the caller's own identity": strings.Replace(restAPI(steps.URI("${Fn.Arn}")), `"Uri"`, `"Credentials":"arn:aws:iam::*:user/*","Uri"`, 1),
		"no function":               restAPI(`{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:sqs:path/x"}`),
		"allowed already":           restAPI(steps.URI("${Fn.Arn}"), permit("P1", "Fn", "${Api}/*", "")[1:]),
	} {
		if r, out := grantAll(t, doc, byRole); out != doc {
			t.Errorf("%s: %v", name, r.Edits)
		}
	}
	r, _ := grantAll(t, strings.Replace(restAPI(steps.URI("${Fn.Arn}")), `"Integration":{"Type":"AWS_PROXY","Uri":`, `"Integration":{"Type":"AWS_PROXY","Credentials":{"Ref":"AWS::NoValue"},"Uri":`, 1), byRole)
	if r.Decisions[0].Verdict != grant.RoleAdded {
		t.Errorf("AWS::NoValue is no role: %s", r.Decisions[0].Verdict)
	}
}

func TestRoleOptions(t *testing.T) {
	_, out := grantAll(t, restAPI(steps.URI("${Fn.Arn}")), option.Options{Grant: "role", RolePath: "/apis/", PermissionsBoundary: `{"Ref":"P"}`})
	p := createdRole(t, out).Properties()
	if p.Get("Path").Raw() != `"/apis/"` || p.Get("PermissionsBoundary").Raw() != `{"Ref":"P"}` || p.Get("RoleName").Exists() {
		t.Errorf("role %s", p.Raw())
	}
	r, out := grantAll(t, restAPI(steps.URI("${Fn.Arn}")), option.Options{Grant: "role", RoleArn: `{"Ref":"P"}`})
	if got := parse(t, out).At("/Resources/Get/Properties/Integration/Credentials").Raw(); got != `{"Ref":"P"}` || len(r.Grants()) != 0 {
		t.Errorf("credentials %s, %d grants", got, len(r.Grants()))
	}
}

// Changed credentials need another deployment, whose id changes in all references, too.
func TestDeploymentRenamed(t *testing.T) {
	more := `"Other":{"Type":"AWS::ApiGateway::Stage","DependsOn":"Dep","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"x","DeploymentId":{"Fn::GetAtt":["Dep","DeploymentId"]},"Description":{"Fn::Sub":"${Dep} ${!Dep} ${Dep.DeploymentId} ${Department} Dep"}}},
		"List":{"Type":"X","DependsOn":["Fn","Dep"],"Properties":{"A":{"Fn::GetAtt":"Dep.DeploymentId"},"B":{"Fn::Sub":["${Dep}",{"Dep":"shadowed"}]},"Department":"Dep"}},"Department":{"Type":"X"}`
	doc := strings.Replace(restAPI(steps.URI("${Fn.Arn}"), more), `"Parameters"`, `"Outputs":{"Dep":{"Value":{"Ref":"Dep"}}},"Parameters"`, 1)
	_, out := grantAll(t, doc, byRole)
	after := parse(t, out)
	id := ""
	for _, r := range after.Resources() {
		if r.Type == "AWS::ApiGateway::Deployment" {
			id = r.ID
		}
	}
	if id == "Dep" || !strings.HasPrefix(id, "Dep") {
		t.Fatalf("the deployment is %q", id)
	}
	for at, want := range map[string]string{
		"/Resources/Dev/Properties/DeploymentId/Ref":          `"` + id + `"`,
		"/Resources/Other/DependsOn":                          `"` + id + `"`,
		"/Resources/Other/Properties/DeploymentId/Fn::GetAtt": `["` + id + `","DeploymentId"]`,
		"/Resources/Other/Properties/Description/Fn::Sub":     `"${` + id + `} ${!Dep} ${` + id + `.DeploymentId} ${Department} Dep"`,
		"/Resources/List/DependsOn":                           `["Fn","` + id + `"]`,
		"/Resources/List/Properties/A/Fn::GetAtt":             `"` + id + `.DeploymentId"`,
		"/Resources/List/Properties/B/Fn::Sub/0":              `"${Dep}"`,
		"/Resources/List/Properties/Department":               `"Dep"`,
		"/Outputs/Dep/Value/Ref":                              `"` + id + `"`,
		"/Resources/" + id + "/DependsOn":                     `["Get"]`,
	} {
		if got := after.At(jsonPath(at)).Raw(); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	checkGrants(t, doc, byRole)
	_, changed := grantAll(t, strings.Replace(doc, `"HttpMethod":"GET"`, `"HttpMethod":"PUT"`, 1), byRole)
	if strings.Contains(changed, `"`+id+`":`) {
		t.Error("the API has changed, and its deployment hasn't")
	}
	if _, other := grantAll(t, strings.Replace(doc, `"Fn":{"Type":"AWS::Lambda::Function"`, `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"Timeout":9}`, 1), byRole); !strings.Contains(other, `"`+id+`":`) {
		t.Error("the API is the same, and its deployment has changed")
	}
	if _, same := grantAll(t, doc, option.Options{}); !strings.Contains(same, `"Dep":{`) {
		t.Error("a permission needs no deployment")
	}
}

// A role that would close a circular dependency is refused, with the way out: here the
// authorizer would wait for a role that waits for a function that knows the
// authorizer's id.
func TestRoleCircle(t *testing.T) {
	doc := restAPI(steps.URI("${Fn.Arn}"), `"Check":{"Type":"AWS::Lambda::Function"}`,
		`"Auth":{"Type":"AWS::ApiGateway::Authorizer","Properties":{"Type":"TOKEN","RestApiId":{"Ref":"Api"},"AuthorizerUri":`+steps.URI("${Check.Arn}")+`}}`)
	checkGrants(t, doc, byRole)
	doc = strings.Replace(doc, `"Fn":{"Type":"AWS::Lambda::Function"}`, `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"Environment":{"Variables":{"AUTH":{"Ref":"Auth"}}}}}`, 1)
	_, err := Decide(parse(t, doc), deployed, byRole)
	if err == nil || !strings.Contains(err.Error(), "the role makes a circular dependency: ") || !strings.Contains(err.Error(), "Fn -> Auth -> ApiInvokeRole") ||
		!strings.Contains(err.Error(), "; hint: use Grant: permission for this API") {
		t.Errorf("%v", err)
	}
	checkGrants(t, doc, option.Options{})
}

// A function that is called by its name may know its API: the role names it the
// same way.
func TestRoleByName(t *testing.T) {
	doc := strings.Replace(restAPI(steps.URI("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:f")), `"fn":{"Ref":"Fn"}`, `"fn":"f"`, 1)
	doc = strings.Replace(doc, `"Fn":{"Type":"AWS::Lambda::Function"}`, `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f","Environment":{"Variables":{"API":{"Ref":"Api"},"STAGE":{"Ref":"Dev"}}}}}`, 1)
	checkGrants(t, doc, byRole)
}

// Where there are more functions than a role's policy has room for, there are several
// roles.
func TestRoleTooLarge(t *testing.T) {
	r, out := grantAll(t, wideBody(300, 150), byRole)
	roles := 0
	for _, g := range r.Grants() {
		if g.Type == "AWS::IAM::Role" {
			roles++
			arns := parse(t, out).At(jsonPath("/Resources/" + g.ID + "/Properties/Policies/0/PolicyDocument/Statement/0/Resource")).Len()
			if size := 130 + arns*(len("arn:aws:lambda:us-east-1:123456789012:function:")+64+3); arns == 0 || size > 10240 {
				t.Errorf("%s has %d functions, which take up to %d characters", g.ID, arns, size)
			}
		}
	}
	if roles < 2 {
		t.Errorf("%d roles", roles)
	}
	checkGrants(t, wideBody(300, 150), byRole)
}

// Fn::Join and the like in credentials of the same slot: what one branch gives
// is kept, the other gets the role.
func TestRoleBranches(t *testing.T) {
	doc := strings.Replace(restAPI(steps.URI("${Fn.Arn}")), `"Uri"`, `"Credentials":{"Fn::If":["C",{"Ref":"P"},{"Ref":"AWS::NoValue"}]},"Uri"`, 1)
	doc = strings.Replace(doc, `{"Resources"`, `{"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},""]}},"Resources"`, 1)
	_, out := grantAll(t, doc, byRole)
	role := createdRole(t, out)
	want := fmt.Sprintf(`{"Fn::If":["C",{"Ref":"P"},{"Fn::GetAtt":["%s","Arn"]}]}`, role.ID)
	if got := parse(t, out).At("/Resources/Get/Properties/Integration/Credentials").Raw(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	checkGrants(t, doc, byRole)
}
