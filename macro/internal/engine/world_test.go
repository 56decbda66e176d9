package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/deployable"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

var deployed = invoke.Environment{Services: service.All(), Facts: stack.Facts{Region: "us-east-1", Account: "111122223333", Parameters: map[string]string{}}}

func parse(t testing.TB, text string) *template.Template {
	t.Helper()
	doc, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc
}

// grantAll decides on a template and applies the edits.
func grantAll(t testing.TB, text string, o option.Options) (*Result, string) {
	t.Helper()
	doc := parse(t, text)
	r, err := Decide(doc, deployed, o)
	if err != nil {
		t.Fatalf("%v\n%.5000s", err, text)
	}
	out, err := doc.Apply(r.Edits)
	if err != nil {
		t.Fatalf("%v\n%.5000s", err, text)
	}
	return r, string(out)
}

// A builder writes templates.
type builder struct {
	*rand.Rand
	parts []string
	n     int
}

func (b *builder) add(id, typ, properties string, attributes ...string) {
	b.parts = append(b.parts, fmt.Sprintf(`%q:{"Type":%q%s,"Properties":{%s}}`, id, typ, strings.Join(append([]string{""}, attributes...), ","), properties))
}

func (b *builder) one(of ...string) string { return of[b.IntN(len(of))] }

// condition is a Condition attribute, or none.
func (b *builder) condition() []string {
	if b.IntN(4) > 0 {
		return nil
	}
	return []string{`"Condition":"` + b.one("Prod", "Dev", "East", "Both", "NotProd") + `"`}
}

func (b *builder) function() string {
	switch f := b.one("F", "G", "H"); b.IntN(6) {
	case 0:
		return "${" + f + ".Arn}:live"
	case 1:
		return "${" + f + ".Arn}:${!stageVariables.alias}"
	default:
		return "${" + f + ".Arn}"
	}
}

func (b *builder) credentials(name string) string {
	switch b.IntN(6) {
	case 0:
		return `,"` + name + `":null`
	case 1:
		return `,"` + name + `":{"Fn::If":["East",{"Fn::GetAtt":["Given","Arn"]},{"Ref":"AWS::NoValue"}]}`
	}
	return ""
}

func (b *builder) uri() string {
	if b.IntN(8) == 0 {
		return `{"Fn::If":["Prod",` + steps.URI(b.function()) + `,` + steps.URI(b.function()) + `]}`
	}
	return steps.URI(b.function())
}

// rest adds a route of the REST API.
func (b *builder) rest(paths int) {
	b.n++
	parent := `{"Fn::GetAtt":["Rest","RootResourceId"]}`
	for depth := range b.IntN(4) {
		id := fmt.Sprintf("R%dx%d", b.n, depth)
		b.add(id, "AWS::ApiGateway::Resource", fmt.Sprintf(`"RestApiId":{"Ref":"Rest"},"ParentId":%s,"PathPart":"%s"`, parent, b.one("a", "b", "{id}", fmt.Sprint("p", b.IntN(paths)))))
		parent = `{"Ref":"` + id + `"}`
	}
	b.add(fmt.Sprint("M", b.n), "AWS::ApiGateway::Method", fmt.Sprintf(`"RestApiId":{"Ref":"Rest"},"ResourceId":%s,"HttpMethod":%q,"Integration":{"Type":"AWS_PROXY","Uri":%s%s}`,
		parent, b.one("GET", "PUT", "ANY"), b.uri(), b.credentials("Credentials")), b.condition()...)
}

// http adds a route of the HTTP API.
func (b *builder) http(paths int) {
	b.n++
	key := b.one("GET", "POST", "ANY") + " /" + b.one("", "a", "a/", fmt.Sprintf("a/p%d", b.IntN(paths)), fmt.Sprintf("b/{x}/p%d/", b.IntN(paths)), "a//b", "/c")
	if b.IntN(8) == 0 {
		key = "$default"
	}
	b.add(fmt.Sprint("I", b.n), "AWS::ApiGatewayV2::Integration", fmt.Sprintf(`"ApiId":{"Ref":"Http"},"IntegrationType":"AWS_PROXY","IntegrationUri":%s%s`, b.uri(), b.credentials("CredentialsArn")))
	b.add(fmt.Sprint("W", b.n), "AWS::ApiGatewayV2::Route", fmt.Sprintf(`"ApiId":{"Ref":"Http"},"RouteKey":%q,"Target":{"Fn::Sub":"integrations/${I%d}"}`, key, b.n), b.condition()...)
}

func (b *builder) authorizer() {
	b.n++
	b.add(fmt.Sprint("Auth", b.n), "AWS::ApiGateway::Authorizer", fmt.Sprintf(`"Name":"a%d","Type":"TOKEN","RestApiId":{"Ref":"Rest"},"AuthorizerUri":%s`, b.n, b.uri()), b.condition()...)
}

func (b *builder) permission() {
	b.n++
	b.add(fmt.Sprint("P", b.n), "AWS::Lambda::Permission", fmt.Sprintf(`"Action":"lambda:InvokeFunction","Principal":"apigateway.amazonaws.com","FunctionName":{"Fn::GetAtt":[%q,"Arn"]},`+
		`"SourceArn":{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${%s}/%s"}`, b.one("F", "G"), b.one("Rest", "Http"),
		b.one("*", "*/*", "*/*/*", "*/GET/a", "dev/*", "authorizers/*", "*/$default", "dev/GET/a")), b.condition()...)
}

// randomTemplate has two APIs with n routes between them.
func randomTemplate(seed uint64, n, paths int) string {
	b := &builder{Rand: rand.New(rand.NewPCG(seed, 77))}
	for _, f := range []string{"F", "G", "H"} {
		b.add(f, "AWS::Lambda::Function", "", b.condition()...)
	}
	b.add("Rest", "AWS::ApiGateway::RestApi", `"Name":"r"`)
	b.add("Http", "AWS::ApiGatewayV2::Api", `"Name":"h","ProtocolType":"HTTP"`)
	b.add("Given", "AWS::IAM::Role", "")
	b.add("Dev", "AWS::ApiGateway::Stage", `"RestApiId":{"Ref":"Rest"},"StageName":"dev","DeploymentId":{"Ref":"Deployed"},"Variables":{"alias":"live"}`)
	b.add("Deployed", "AWS::ApiGateway::Deployment", `"RestApiId":{"Ref":"Rest"}`)
	b.add("Live", "AWS::ApiGatewayV2::Stage", `"ApiId":{"Ref":"Http"},"StageName":"$default","AutoDeploy":true,"StageVariables":{"alias":"live"}`)
	b.add("Alias", "AWS::Lambda::Alias", `"Name":"live","FunctionName":{"Ref":"F"}`, b.condition()...)
	for range n {
		switch b.IntN(8) {
		case 0:
			b.authorizer()
		case 1, 2, 3:
			b.http(paths)
		default:
			b.rest(paths)
		}
	}
	for range b.IntN(4) {
		b.permission()
	}
	return `{"Conditions":{"Prod":{"Fn::Equals":[{"Ref":"Env"},"prod"]},"Dev":{"Fn::Equals":[{"Ref":"Env"},"dev"]},"East":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]},
		"Both":{"Fn::And":[{"Condition":"Prod"},{"Condition":"East"}]},"NotProd":{"Fn::Not":[{"Condition":"Prod"}]}},"Parameters":{"Env":{"Type":"String"}},
		"Resources":{` + strings.Join(b.parts, ",") + `}}`
}

// For every template: the grants cover every call (so that nothing is added to the
// output), every byte of the template stays, and what is added can be deployed.
func TestGrantProperty(t *testing.T) {
	options := []option.Options{{}, {Scope: "api"}, {Stages: "declared"}, {SourceAccount: true}, {Grant: "role"}, {Grant: "role", RoleArn: `"arn:aws:iam::111122223333:role/r"`}}
	for seed := range uint64(600) {
		n, paths := 1+int(seed%12), 3
		if seed%10 == 0 {
			n, paths = 150, 40 // more than a policy takes
		}
		checkGrants(t, randomTemplate(seed, n, paths), options[seed%uint64(len(options))])
	}
}

func checkGrants(t *testing.T, text string, o option.Options) {
	t.Helper()
	r, out := grantAll(t, text, o)
	if len(r.Grants()) == 0 && len(r.Edits) == 0 && out != text {
		t.Fatalf("nothing granted, and other bytes\n%s", text)
	}
	for _, dec := range r.Decisions {
		if dec.Verdict == grant.Unknown || dec.Verdict == grant.Elsewhere || dec.Verdict == grant.Left {
			t.Fatalf("%s of %s is %s: %v\n%s", dec.Call.Source.Label, dec.Call.Resource, dec.Verdict, dec.Problem, text)
		}
	}
	again, same := grantAll(t, out, o)
	if same != out {
		t.Fatalf("%+v: the output gets more\n%s\n%v", o, out, again.Edits)
	}
	for _, dec := range again.Decisions {
		if dec.Verdict != grant.Allowed && dec.Verdict != grant.RoleGiven {
			t.Fatalf("%+v: %s of %s is %s in the output\n%s", o, dec.Call.Source.Label, dec.Call.Resource, dec.Verdict, out)
		}
	}
	for _, p := range r.Policies {
		if p.Bytes > policy.MaxBytes && !slices.ContainsFunc(r.Problems, func(x finding.Finding) bool { return x.Name == "policy-size" && x.Detail == p.Function }) {
			t.Fatalf("the policy of %s may have %d bytes, and nobody says so", p.Function, p.Bytes)
		}
	}
	deployable.Check(t, out)
}
