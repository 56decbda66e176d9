package emit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

// bucket is a bucket that calls Fn, with attributes. S3 tries the permission while it is
// created.
func bucket(attributes, function string) string {
	return `"Bucket":{"Type":"AWS::S3::Bucket",` + attributes + `"Properties":{"BucketName":"photos","NotificationConfiguration":{"LambdaConfigurations":[{"Event":"s3:ObjectCreated:*","Function":` + function + `}]}}}`
}

const (
	fn    = `"Fn":{"Type":"AWS::Lambda::Function"},`
	fnARN = `{"Fn::GetAtt":["Fn","Arn"]}`
)

// authors is a permission of the template for the bucket.
func authors(id, attributes string) string {
	return `,"` + id + `":{"Type":"AWS::Lambda::Permission",` + attributes + `"Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"Fn"},"Principal":"s3.amazonaws.com","SourceAccount":{"Ref":"AWS::AccountId"},"SourceArn":"arn:aws:s3:::photos"}}`
}

// The resource whose service tries the permission waits for it: what DependsOn has
// already stays, in its order. PERM stands for the permission that is added.
func TestOrder(t *testing.T) {
	for _, tt := range []struct{ name, resources, want, told string }{
		{"none yet", fn + bucket("", fnARN), `"PERM"`, "order"},
		{"one already", fn + bucket(`"DependsOn":"Topic",`, fnARN) + `,"Topic":{"Type":"AWS::SNS::Topic"}`, `["Topic","PERM"]`, "order"},
		{"several already", fn + bucket(`"DependsOn":["Topic","Fn"],`, fnARN) + `,"Topic":{"Type":"AWS::SNS::Topic"}`, `["Topic","Fn","PERM"]`, "order"},
		{"an author's permission", fn + bucket("", fnARN) + authors("Mine", ""), `"Mine"`, "order"},
		{"an author's permission that comes first", fn + bucket(`"DependsOn":"Mine",`, fnARN) + authors("Mine", ""), `"Mine"`, ""},
		{"one of two comes first", fn + bucket(`"DependsOn":"Mine",`, fnARN) + authors("Mine", "") + authors("Other", ""), `"Mine"`, ""},
		{"a cycle of the author's", `"Fn":{"Type":"AWS::Lambda::Function","DependsOn":"Bucket"},` + bucket("", fnARN), `null`, "author-cycle"},
		{"one of two that is enough", fn + bucket("", fnARN) + authors("Mine", "") + authors("Other", ""), `"Mine"`, "order"},
		{"under the bucket's condition", fn + bucket(`"Condition":"C",`, fnARN), `"PERM"`, "order"},
	} {
		a := write(t, tt.resources, option.Options{}, nil)
		want := tt.want
		if ids := a.ids("AWS::Lambda::Permission"); len(ids) == 1 {
			want = strings.ReplaceAll(want, "PERM", ids[0])
		}
		if got := compact(a.resources["Bucket"]["DependsOn"]); got != want || a.told() != tt.told {
			t.Errorf("%s: DependsOn %s, told %q; want %s, %q", tt.name, got, a.told(), want, tt.told)
		}
	}
}

// The resource waits for a permission that exists only under a condition, too: by a
// reference without effect, beside the function's ARN in the branch that names it.
func TestOrderInBranch(t *testing.T) {
	for _, tt := range []struct{ name, function, want string }{
		{"a branch of the property", `{"Fn::If":["C",` + fnARN + `,"arn:aws:lambda:us-east-1:999999999999:function:theirs"]}`,
			`{"Fn::If":["C",{"Fn::Select":[0,[` + fnARN + `,{"Ref":"PERM"}]]},"arn:aws:lambda:us-east-1:999999999999:function:theirs"]}`},
		{"a condition within another", `{"Fn::If":["C",{"Fn::If":["D",` + fnARN + `,"arn:aws:lambda:us-east-1:999999999999:function:theirs"]},"arn:aws:lambda:us-east-1:999999999999:function:theirs"]}`,
			`{"Fn::If":["C",{"Fn::If":["D",{"Fn::Select":[0,[` + fnARN + `,{"Ref":"PERM"}]]},"arn:aws:lambda:us-east-1:999999999999:function:theirs"]},"arn:aws:lambda:us-east-1:999999999999:function:theirs"]}`},
	} {
		a := write(t, fn+bucket("", tt.function), option.Options{}, nil)
		ids := a.ids("AWS::Lambda::Permission")
		if len(ids) != 1 {
			t.Errorf("%s: %q", tt.name, ids)
			continue
		}
		configuration := a.resources["Bucket"]["Properties"].(map[string]any)["NotificationConfiguration"].(map[string]any)["LambdaConfigurations"].([]any)[0].(map[string]any)
		if diff := cmp.Diff(strings.ReplaceAll(tt.want, "PERM", ids[0]), compact(configuration["Function"])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if a.resources["Bucket"]["DependsOn"] != nil {
			t.Errorf("%s: DependsOn is %v", tt.name, a.resources["Bucket"]["DependsOn"])
		}
	}
}

// With the option Order what makes an API callable waits for its permissions, unless
// these would wait for it.
func TestOrderStages(t *testing.T) {
	stage := func(attributes string) string {
		return `,"Prod":{"Type":"AWS::ApiGateway::Stage",` + attributes + `"Properties":{"RestApiId":{"Ref":"Api"},"StageName":"prod","DeploymentId":{"Ref":"Deployment"}}},` +
			`"Deployment":{"Type":"AWS::ApiGateway::Deployment","DependsOn":"Get","Properties":{"RestApiId":{"Ref":"Api"}}}`
	}
	get := base + steps.Method("Get", steps.URI("${Fn.Arn}"), "", "")
	for _, tt := range []struct {
		name, resources string
		order, waits    bool
		told            string
	}{
		{"asked for", get + stage(""), true, true, ""},
		{"not asked for", get + stage(""), false, false, ""},
		{"the function waits for the stage", strings.Replace(get, `"AWS::Lambda::Function"`, `"AWS::Lambda::Function","DependsOn":"Prod"`, 1) + stage(""), true, false, "stage-first"},
		{"the permission is there in one case", strings.Replace(get, `"Get":{`, `"Get":{"Condition":"C",`, 1) + stage(""), true, false, "stage-first"},
	} {
		a := write(t, tt.resources, option.Options{Order: tt.order}, nil)
		got := strings.Contains(compact(a.resources["Prod"]["DependsOn"]), a.ids("AWS::Lambda::Permission")[0])
		if got != tt.waits || a.told() != tt.told {
			t.Errorf("%s: the stage waits %v, told %q", tt.name, got, a.told())
		}
	}
}
