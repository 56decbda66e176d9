package engine

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// An API whose route GET /a is for F and whose ANY /{proxy+} is for G, and the
// permissions of each case.
const audited = `{"Conditions":{"C":{"Fn::Equals":["a","b"]}},"Resources":{
"F":{"Type":"AWS::Lambda::Function"},"G":{"Type":"AWS::Lambda::Function"},
"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"paths":{
"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"}}}},
"/{proxy+}":{"x-amazon-apigateway-any-method":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${G.Arn}/invocations"}}}}MORE}}}},
"Stage":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"prod"}}PERMISSIONS}}`

// permit writes a permission: its id, function, what follows the account in its
// SourceArn, and a condition.
func permit(id, function, source, condition string) string {
	arn := `,"SourceArn":{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:` + source + `"}`
	if source == "" {
		arn = ""
	}
	if condition != "" {
		condition = `"Condition":"` + condition + `",`
	}
	return `,"` + id + `":{` + condition + `"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Ref":"` + function +
		`"},"Action":"lambda:InvokeFunction","Principal":"apigateway.amazonaws.com"` + arn + `}}`
}

func TestAudit(t *testing.T) {
	route := `${Api}/*/GET/a`
	unknown := `,"/b":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::ImportValue":"x"}}}}`
	latest := `,"/b":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}:$LATEST/invocations"}}}}`
	tests := []struct {
		name, permissions, more string
		want                    []string
	}{
		{"exact", permit("P", "F", route, "") + permit("Q", "G", "${Api}/*/*/*", ""), "", nil},
		{"of the declared stage", permit("P", "F", "${Api}/prod/GET/a", ""), "", nil},
		{"as the CDK writes them", permit("P", "F", "${Api}/prod/GET/a", "") + permit("Q", "F", "${Api}/test-invoke-stage/GET/a", ""), "", nil},
		{"wider", permit("P", "F", "${Api}/*", ""), "", []string{"P wider needed for GET /a"}},
		{"another route", permit("P", "F", "${Api}/*/GET/b", ""), "", []string{"P unused"}},
		{"another verb", permit("P", "F", "${Api}/*/POST/a", ""), "", []string{"P matches-nothing for GET /a of Api: it is for the method POST"}},
		{"another function's route", permit("P", "G", route, ""), "", nil},
		{"of an API that isn't here", permit("P", "F", "other/*/GET/b", ""), "", nil},
		{"without SourceArn", permit("P", "F", "", ""), "", []string{"P no-source-arn"}},
		{"every API", permit("P", "F", "*", ""), "", []string{"P account-wide"}},
		{"twice", permit("P", "F", route, "") + permit("Q", "F", route, ""), "", []string{"Q repeated P"}},
		{"twice, once under a condition", permit("P", "F", route, "") + permit("Q", "F", route, "C"), "", []string{"Q repeated P"}},
		{"twice, the first under a condition", permit("P", "F", route, "C") + permit("Q", "F", route, ""), "", nil},
		{"a call is not known", permit("P", "F", "${Api}/*/GET/b", ""), unknown, nil},
		{"a call of this function is not known", permit("P", "F", "${Api}/*/GET/b", ""), latest, nil},
		{"a call of another function is not known", permit("P", "G", "${Api}/*/nothing", ""), latest, []string{"P unused"}},
		{"for another service", strings.ReplaceAll(permit("P", "F", "", ""), "apigateway", "events"), "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := strings.NewReplacer("PERMISSIONS", tt.permissions, "MORE", tt.more).Replace(audited)
			parsed, err := template.Parse([]byte(src))
			if err != nil {
				t.Fatal(err)
			}
			result, err := Decide(parsed, invoke.Environment{Services: invoke.NewCatalog(&apigateway.Service)}, option.Options{})
			if err != nil {
				t.Fatal(err)
			}
			edits := len(result.Edits)
			var got []string
			for _, n := range result.NearMisses() {
				got = append(got, n.At.LastToken()+" "+n.Name+" "+n.Detail)
			}
			for _, p := range result.Audit() {
				got = append(got, strings.TrimSpace(p.At.LastToken()+" "+p.Name+" "+p.Detail))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if len(result.Edits) != edits {
				t.Error("the audit has changed the edits")
			}
		})
	}
}

// An empty result has nothing to audit.
func TestAuditOfNothing(t *testing.T) {
	if got := (&Result{}).Audit(); got != nil {
		t.Error(got)
	}
}

// Every reason is listed once, with all that the documentation needs.
func TestReasons(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range slices.Concat(invoke.Reasons(), invoke.NewCatalog(&apigateway.Service).Reasons(), Reasons()) {
		if seen[r.Name] || r.Sentence == "" || r.Hint == "" {
			t.Errorf("reason %+v", r)
		}
		seen[r.Name] = true
	}
}
