package bucket_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/bucket"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/golden"
)

// A definition in S3 gets what it would get inside of the template, whichever
// property names it, and in whichever form.
func TestDefinition(t *testing.T) {
	for _, tt := range []struct{ name, typ, property, inline string }{
		{"REST", "AWS::ApiGateway::RestApi", `"BodyS3Location":{"Bucket":"definitions","Key":"KEY"}`, "Body"},
		{"REST, version and tag", "AWS::ApiGateway::RestApi", `"BodyS3Location":{"Bucket":"definitions","Key":"KEY","Version":"VERSION","ETag":"ETAG"}`, "Body"},
		{"REST, include", "AWS::ApiGateway::RestApi", `"Body":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://definitions/KEY"}}}`, "Body"},
		{"HTTP", "AWS::ApiGatewayV2::Api", `"BodyS3Location":{"Bucket":"definitions","Key":{"Ref":"Key"},"Etag":"ETAG"}`, "Body"},
		{"HTTP, include", "AWS::ApiGatewayV2::Api", `"Body":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":{"Fn::Sub":"s3://definitions/${Key}"}}}}`, "Body"},
		{"SAM, text", "AWS::Serverless::Api", `"DefinitionUri":"s3://definitions/KEY"`, "DefinitionBody"},
		{"SAM, object", "AWS::Serverless::Api", `"DefinitionUri":{"Bucket":"definitions","Key":"KEY","Version":"VERSION"}`, "DefinitionBody"},
		{"SAM, parameter", "AWS::Serverless::HttpApi", `"DefinitionUri":{"Ref":"Uri"}`, "DefinitionBody"},
		{"SAM, include", "AWS::Serverless::HttpApi", `"DefinitionBody":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://definitions/KEY"}}}`, "DefinitionBody"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := bucket.New(t)
			p := s.Start()
			inside := bucket.Fragment(tt.typ, `"`+tt.inline+`":`+bucket.Inline(t))
			want := golden.Send(t, p, inside, `{}`, nil).Added(t, inside)
			if n := strings.Count(want, `"AWS::Lambda::Permission"`); n != 3 {
				t.Fatalf("%d permissions for the definition in the template: %s", n, want)
			}
			for key, content := range map[string]string{"v1/api.json": bucket.JSON(t, bucket.Definition), "v1/api.yaml": bucket.Definition} {
				version := s.Put(key, content)
				s.Put(key, `{"openapi":"3.0.1","paths":{}}`)
				if !strings.Contains(tt.property, "VERSION") {
					version = s.Put(key, content)
				}
				property := strings.NewReplacer("KEY", key, "VERSION", version, "ETAG", bucket.Tag(content)).Replace(tt.property)
				fragment := bucket.Fragment(tt.typ, property)
				values := map[string]string{"Uri": "s3://definitions/" + key, "Key": key, "Secret": "hunter2"}
				out := golden.Send(t, p, fragment, `{}`, values)
				if diff := cmp.Diff(want, out.Added(t, fragment)); diff != "" {
					t.Errorf("%s (-inside of the template +in S3):\n%s", key, diff)
				}
				if asked := s.Asked(); len(asked) != 1 {
					t.Errorf("asked for %q", asked)
				}
				if again := golden.Send(t, p, string(out.Fragment), `{}`, values); again.Differs(golden.Outcome{Fragment: out.Fragment}) {
					t.Errorf("a second pass changes the output:\n%s", cmp.Diff(out.String(), again.String()))
				}
				s.Asked()
			}
		})
	}
}

// Each object is fetched once for a template, however many APIs have it.
func TestDefinitionShared(t *testing.T) {
	s := bucket.New(t)
	s.Put("api.yaml", bucket.Definition)
	s.Put("other.yaml", bucket.Definition)
	p := s.Start()
	var apis []string
	for i, key := range []string{"api.yaml", "api.yaml", "other.yaml", "api.yaml"} {
		apis = append(apis, fmt.Sprintf(`"Api%d":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"BodyS3Location":{"Bucket":"definitions","Key":%q}}},`+
			`"Stage%d":{"Type":"AWS::ApiGatewayV2::Stage","Properties":{"ApiId":{"Ref":"Api%d"},"StageName":"prod","StageVariables":{"fn":"users"}}}`, i, key, i, i))
	}
	fragment := `{"Resources":{` + bucket.Functions + `,` + strings.Join(apis, ",") + `}}`
	added := golden.Send(t, p, fragment, `{}`, nil).Added(t, fragment)
	if n := strings.Count(added, `"AWS::Lambda::Permission"`); n != 12 {
		t.Errorf("%d permissions: %s", n, added)
	}
	if asked := s.Asked(); len(asked) != 2 {
		t.Errorf("asked for %q, two objects", asked)
	}
}

// With Grant: role the credentials would be in the definition, where the macro can't write:
// it says so, and permits the functions.
func TestDefinitionRole(t *testing.T) {
	s := bucket.New(t)
	s.Put("api.yaml", bucket.Definition)
	fragment := bucket.Fragment("AWS::ApiGateway::RestApi", `"BodyS3Location":{"Bucket":"definitions","Key":"api.yaml"}`)
	out := golden.Send(t, s.Start("GRANTINVOKE_OPTIONS=Grant=role"), fragment, `{}`, nil)
	if added := out.Added(t, fragment); strings.Count(added, `"AWS::Lambda::Permission"`) != 3 || strings.Contains(added, "AWS::IAM::Role") {
		t.Errorf("added %s", added)
	}
}
