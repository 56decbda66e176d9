package emit_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

var byRole = option.Options{Grant: option.Role}

// credentials are those of a method.
func (a added) credentials(method string) string {
	integration := a.resources[method]["Properties"].(map[string]any)["Integration"].(map[string]any)
	return compact(integration["Credentials"])
}

// Only API Gateway may assume a role, which may invoke its functions and nothing else. One
// is created for each API, unless RoleArn gives one.
func TestRole(t *testing.T) {
	role := func(resource, more string) string {
		return `{` + more + `"Metadata":{"GrantInvoke":{"For":["GET /"]}},"Properties":{"AssumeRolePolicyDocument":{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"}}],"Version":"2012-10-17"},` +
			`"Policies":[{"PolicyDocument":{"Statement":[{"Action":"lambda:InvokeFunction","Effect":"Allow","Resource":[` + resource + `]}],"Version":"2012-10-17"},"PolicyName":"InvokeFunctions"}]},"Type":"AWS::IAM::Role"}`
	}
	const arn = `{"Fn::GetAtt":["Fn","Arn"]}`
	get := base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", "")
	for _, tt := range []struct {
		name, resources string
		options         option.Options
		want            string
		credentials     string // of Get; ROLE stands for the role's ARN
	}{
		{"the usual", get, byRole, role(arn, ""), `ROLE`},
		{"vacant credentials", base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", `,"Credentials":{"Ref":"AWS::NoValue"}`), byRole, role(arn, ""), `ROLE`},
		{"under a condition", base + steps.Method("Get", steps.URI("${Fn.Arn}"), `"Condition":"C",`, ""), byRole, role(arn, `"Condition":"C",`), `ROLE`},
		{"of one branch", base + steps.Method("Get", `{"Fn::If":["C",`+steps.URI("${Fn.Arn}")+`,"https://example.com"]}`, "", ""), byRole, role(arn, `"Condition":"C",`), `{"Fn::If":["C",ROLE,{"Ref":"AWS::NoValue"}]}`},
		{"with an alias", base + steps.Method("Get", steps.URI("${Fn.Arn}:live"), "", ""), byRole, role(`{"Fn::Sub":"${Fn.Arn}:live"}`, ""), `ROLE`},
		{"with a path and a boundary", get, option.Options{Grant: option.Role, RolePath: "/apis/", PermissionsBoundary: `"arn:aws:iam::aws:policy/P"`},
			strings.Replace(role(arn, ""), `"Policies"`, `"Path":"/apis/","PermissionsBoundary":"arn:aws:iam::aws:policy/P","Policies"`, 1), `ROLE`},
	} {
		a := write(t, tt.resources, tt.options, nil)
		ids := a.ids("AWS::IAM::Role")
		if diff := cmp.Diff(tt.want, a.one(t, "AWS::IAM::Role")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if got := strings.ReplaceAll(a.credentials("Get"), `{"Fn::GetAtt":["`+ids[0]+`","Arn"]}`, "ROLE"); got != tt.credentials {
			t.Errorf("%s: credentials %s, want %s", tt.name, got, tt.credentials)
		}
		if len(a.ids("AWS::Lambda::Permission")) > 0 {
			t.Errorf("%s: a permission stands beside the role", tt.name)
		}
		if d := a.decisions[0]; d.Verdict != grant.RoleAdded || !slices.Equal(d.By, ids) {
			t.Errorf("%s: %s by %q", tt.name, d.Verdict, d.By)
		}
	}
	given := write(t, get, option.Options{Grant: option.Role, RoleArn: `"arn:aws:iam::111122223333:role/r"`}, nil)
	if got := given.credentials("Get"); got != `"arn:aws:iam::111122223333:role/r"` || len(given.ids("AWS::IAM::Role")) > 0 {
		t.Errorf("with a role that is given: credentials %s, roles %q", got, given.ids("AWS::IAM::Role"))
	}
}

// A function that is called under a condition is in the policy under that condition.
func TestRoleConditions(t *testing.T) {
	a := write(t, base+`"G":{"Type":"AWS::Lambda::Function","Condition":"C"},`+steps.Method("Get", steps.URI("${Fn.Arn}"), "", "")+`,`+steps.Method("Get2", steps.URI("${G.Arn}"), `"Condition":"C",`, ""), byRole, nil)
	text := a.one(t, "AWS::IAM::Role")
	if want := `"Resource":[{"Fn::GetAtt":["Fn","Arn"]},{"Fn::If":["C",{"Fn::GetAtt":["G","Arn"]},{"Ref":"AWS::NoValue"}]}]`; !strings.Contains(text, want) {
		t.Errorf("%s\nlacks %s", text, want)
	}
}

// The order of the functions doesn't depend on that of the template.
func TestRoleOrder(t *testing.T) {
	const names = "CADBEF"
	resources, want := base, ""
	for _, name := range strings.Split(names, "") {
		resources += `"F` + name + `":{"Type":"AWS::Lambda::Function"},` + steps.Method("M"+name, steps.URI("${F"+name+".Arn}"), "", "") + ","
	}
	for _, name := range slices.Sorted(slices.Values(strings.Split(names, ""))) {
		want += `,{"Fn::GetAtt":["F` + name + `","Arn"]}`
	}
	for range 20 {
		if text := write(t, strings.TrimSuffix(resources, ","), byRole, nil).one(t, "AWS::IAM::Role"); !strings.Contains(text, `"Resource":[`+want[1:]+`]`) {
			t.Fatalf("%s\nlacks %s", text, want)
		}
	}
}

// All inline policies of a role have 10,240 characters; where one would have more, there is
// another role.
func TestRoleSize(t *testing.T) {
	const count = 120
	resources := base
	for i := range count {
		name := fmt.Sprintf("F%d", i)
		resources += fmt.Sprintf(`%q:{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"%s%s"}},`, name, name, strings.Repeat("n", 64-len(name))) + steps.Method("M"+name, steps.URI("${"+name+".Arn}"), "", "") + ","
	}
	a := write(t, strings.TrimSuffix(resources, ","), byRole, nil)
	roles := a.ids("AWS::IAM::Role")
	total := 0
	for _, id := range roles {
		var role struct {
			Properties struct {
				Policies []struct{ PolicyDocument json.RawMessage }
			}
		}
		if err := json.Unmarshal([]byte(compact(a.resources[id])), &role); err != nil {
			t.Fatal(err)
		}
		text := string(role.Properties.Policies[0].PolicyDocument)
		n := strings.Count(text, `"Fn::GetAtt"`)
		arn := len("arn:aws:lambda:us-east-1:111122223333:function:") + 64
		size := len(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":[]}]}`) + n*(arn+3)
		if total += n; size > 10240 {
			t.Errorf("%s has %d functions, in %d characters", id, n, size)
		}
	}
	if total != count || len(roles) != 2 {
		t.Errorf("%d functions in %d roles", total, len(roles))
	}
}

// An API's role waits for all of its functions. Where one of them waits for a method
// that gets the role, that is an error, and no template that can't be deployed.
func TestRoleCycle(t *testing.T) {
	waits := `"Fn":{"Type":"AWS::Lambda::Function","DependsOn":"Get2"},"G":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGateway::RestApi"},` +
		steps.Method("Get", steps.URI("${Fn.Arn}"), "", "") + `,` + steps.Method("Get2", steps.URI("${G.Arn}"), "", "")
	for _, tt := range []struct {
		name, resources string
		options         option.Options
		fails           bool
	}{
		{"a role", waits, byRole, true},
		{"permissions", waits, option.Options{}, false},
		{"without the dependency", strings.Replace(waits, `,"DependsOn":"Get2"`, "", 1), byRole, false},
		{"a cycle of the author's", strings.Replace(waits, "Get2", "Get", 1), byRole, false},
	} {
		_, _, _, err := steps.Read(t, "{"+head+`"Resources":{`+tt.resources+`}}`, steps.Env(), tt.options).Out(t)
		if (err != nil) != tt.fails || tt.fails && !strings.Contains(err.Error(), "the role makes a circular dependency: ") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// A deployment is a snapshot: where credentials change, its logical id changes, with all
// references to it.
func TestRedeploy(t *testing.T) {
	resources := base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", "") + `,"Deployment":{"Type":"AWS::ApiGateway::Deployment","DependsOn":["Get"],"Properties":{"RestApiId":{"Ref":"Api"}}},` +
		`"Prod":{"Type":"AWS::ApiGateway::Stage","DependsOn":"Deployment","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"prod","DeploymentId":{"Ref":"Deployment"},"Description":{"Fn::Sub":"${Deployment} ${!Deployment}"}}},"Topic":{"Type":"AWS::SNS::Topic","DependsOn":["Fn","Deployment"]}`
	first := write(t, resources, byRole, nil)
	renamed := ""
	for id, r := range first.resources {
		if r["Type"] == "AWS::ApiGateway::Deployment" {
			renamed = id
		}
	}
	if !strings.HasPrefix(renamed, "Deployment") || renamed == "Deployment" {
		t.Fatalf("the deployment is %s", renamed)
	}
	want := fmt.Sprintf(`{"DependsOn":%q,"Properties":{"DeploymentId":{"Ref":%q},"Description":{"Fn::Sub":"${%s} ${!Deployment}"},"RestApiId":{"Ref":"Api"},"StageName":"prod"},"Type":"AWS::ApiGateway::Stage"}`, renamed, renamed, renamed)
	if diff := cmp.Diff(want, compact(first.resources["Prod"])); diff != "" {
		t.Errorf("the stage (-want +got):\n%s", diff)
	}
	if got := compact(first.resources["Topic"]["DependsOn"]); got != `["Fn","`+renamed+`"]` {
		t.Errorf("the topic waits for %s", got)
	}
	for name, tt := range map[string]struct {
		resources string
		same      bool
	}{
		"the same":       {resources, true},
		"another method": {strings.Replace(resources, `"HttpMethod":"GET"`, `"HttpMethod":"PUT"`, 1), false},
		"something else": {resources + `,"Topic2":{"Type":"AWS::SNS::Topic"}`, true},
	} {
		again := write(t, tt.resources, byRole, nil)
		if got := again.resources[renamed] != nil; got != tt.same {
			t.Errorf("%s: the same id %v", name, got)
		}
	}
	if a := write(t, resources, option.Options{}, nil); a.resources["Deployment"] == nil {
		t.Error("permissions rename the deployment")
	}
}
