package grant_test

import (
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

const (
	head = `"Parameters":{"P":{"Type":"String"}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"c"]}},`
	base = `"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"fn"}},"Api":{"Type":"AWS::ApiGateway::RestApi"},`
	own  = "${Fn.Arn}"
)

// judged decides on a template with these resources.
func judged(t *testing.T, resources string, o option.Options, change func(*invoke.Environment)) (steps.Template, grant.Judged) {
	t.Helper()
	env := steps.Env()
	if change != nil {
		change(&env)
	}
	x := steps.Read(t, "{"+head+`"Resources":{`+resources+`}}`, env, o)
	return x, x.Judge(t)
}

const permits = `,"Perm":{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"Fn"},"Principal":"apigateway.amazonaws.com","SourceArn":` +
	`{"Fn::Sub":"arn:aws:execute-api:us-east-1:111122223333:${Api}/*/GET/"}}}`

// The verdict on a call, by what the template has and by the options.
func TestVerdicts(t *testing.T) {
	role := `,"Credentials":"arn:aws:iam::111122223333:role/r"`
	rule := `,"Rule":{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":{"Version":"2012-10-17","Statement":[STATEMENT]}}}`
	allow := `{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*"}`
	for _, tt := range []struct {
		name, resources string
		options         option.Options
		want            grant.Verdict
		by              string // what allows it
		problem, notes  string // reasons
	}{
		{"nothing allows it", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{}, grant.Added, "", "", ""},
		{"a permission", base + steps.Method("Get", steps.URI(own), "", "") + permits, option.Options{}, grant.Allowed, "Perm", "", ""},
		{"a permission for another route", base + steps.Method("Get", steps.URI(own), "", "") + strings.Replace(permits, "GET/", "PUT/", 1), option.Options{}, grant.Added, "", "", ""},
		{"a permission in one case", base + steps.Method("Get", steps.URI(own), "", "") + strings.Replace(permits, `"Type"`, `"Condition":"C","Type"`, 1), option.Options{}, grant.Added, "", "", ""},
		{"a role", base + steps.Method("Get", steps.URI(own), "", role), option.Options{}, grant.RoleGiven, "", "", ""},
		{"a role that is NoValue", base + steps.Method("Get", steps.URI(own), "", `,"Credentials":{"Ref":"AWS::NoValue"}`), option.Options{}, grant.Added, "", "", ""},
		{"the caller's identity", base + steps.Method("Get", steps.URI(own), "", `,"Credentials":"arn:aws:iam::*:user/*"`), option.Options{}, grant.AsCaller, "", "", ""},
		{"left alone", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{Grant: option.None}, grant.Left, "", "", ""},
		{"another service is asked for", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{Services: ",s3,"}, grant.Left, "", "", "not-selected"},
		{"another service is asked for, and it is allowed", base + steps.Method("Get", steps.URI(own), "", "") + permits, option.Options{Services: ",s3,"}, grant.Allowed, "Perm", "", ""},
		{"another account", base + steps.Method("Get", steps.URI("arn:aws:lambda:us-east-1:999999999999:function:fn"), "", ""), option.Options{}, grant.Elsewhere, "", "other-account", ""},
		{"another Region", base + steps.Method("Get", steps.URI("arn:aws:lambda:eu-west-1:111122223333:function:fn"), "", ""), option.Options{}, grant.Elsewhere, "", "other-region", "unreachable"},
		{"no such function", base + steps.Method("Get", steps.URI("${Gone.Arn}"), "", ""), option.Options{}, grant.Unknown, "", "dangling", ""},
		{"a role is asked for", base + steps.Method("Get", steps.URI(own), "", ""), option.Options{Grant: option.Role}, grant.Added, "", "", ""},
		{"a role is asked for where none can be", base + `"Topic":{"Type":"AWS::SNS::Topic","Properties":{"Subscription":[{"Protocol":"lambda","Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}]}}`, option.Options{Grant: option.Role}, grant.Added, "", "", "no-credentials"},
		{"a whole policy allows it", base + steps.Method("Get", steps.URI(own), "", "") + strings.Replace(rule, "STATEMENT", allow, 1), option.Options{}, grant.Allowed, "Rule", "", ""},
		{"a whole policy lacks it", base + steps.Method("Get", steps.URI(own), "", "") + strings.Replace(rule, "STATEMENT", "", 1), option.Options{}, grant.Unknown, "", "policy-lacks", ""},
		{"a whole policy denies it", base + steps.Method("Get", steps.URI(own), "", "") + strings.Replace(rule, "STATEMENT", strings.Replace(allow, "Allow", "Deny", 1), 1), option.Options{}, grant.Unknown, "", "policy-denies", ""},
		{"a whole policy denies a role", base + steps.Method("Get", steps.URI(own), "", role) + strings.Replace(rule, "STATEMENT", `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}`, 1), option.Options{}, grant.Unknown, "", "policy-denies", ""},
		{"a whole policy that nobody knows", base + steps.Method("Get", steps.URI(own), "", "") + strings.Replace(rule, "STATEMENT", `{"Ref":"P"}`, 1), option.Options{}, grant.Unknown, "", "policy-unclear", ""},
		{"a whole policy lacks it, and it isn't asked for", base + steps.Method("Get", steps.URI(own), "", "") + strings.Replace(rule, "STATEMENT", "", 1), option.Options{Services: ",s3,"}, grant.Left, "", "", "not-selected"},
	} {
		_, all := judged(t, tt.resources, tt.options, nil)
		if len(all.Decisions) != 1 {
			t.Errorf("%s: %d decisions", tt.name, len(all.Decisions))
			continue
		}
		d := all.Decisions[0]
		problem := ""
		if d.Problem != nil {
			problem = d.Problem.Name
		}
		if by := strings.Join(d.By, " "); d.Verdict != tt.want || by != tt.by || problem != tt.problem || steps.Reasons(d.Notes()) != tt.notes {
			t.Errorf("%s: %s by %q, problem %q, notes %q; want %s by %q, problem %q, notes %q", tt.name, d.Verdict, by, problem, steps.Reasons(d.Notes()), tt.want, tt.by, tt.problem, tt.notes)
		}
		if (d.Command != "") != (tt.want == grant.Elsewhere) {
			t.Errorf("%s: the command is %q", tt.name, d.Command)
		}
	}
}

// Each way in which a whole policy doesn't allow a call has its own reason.
func TestRefusal(t *testing.T) {
	for _, tt := range []struct{ document, want, hint string }{
		{`{"Ref":"P"}`, "the document can't be read, for GET / of Get", "put this statement into it: "},
		{`{"Version":"2012-10-17","Statement":[]}`, "for GET / of Get", `put this statement into it: {"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":{"Fn::GetAtt":["Fn","Arn"]},` +
			`"Condition":{"ArnLike":{"aws:SourceArn":{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/"}}}}`},
		{`{"Version":"2012-10-17","Statement":[{"Sid":"No","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`, "No, for GET / of Get", ""},
	} {
		_, all := judged(t, base+steps.Method("Get", steps.URI(own), "", "")+`,"Rule":{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":`+tt.document+`}}`, option.Options{}, nil)
		p := all.Decisions[0].Problem
		if p == nil || !strings.HasSuffix(p.Detail, tt.want) || !strings.HasPrefix(p.Hint, tt.hint) || p.At != "/Resources/Rule/Properties/PolicyDocument" {
			t.Errorf("%s: %+v", tt.document, p)
		}
	}
}

// The command for a function elsewhere can be pasted: a value that isn't known is a word
// in <>.
func TestCommand(t *testing.T) {
	_, all := judged(t, base+steps.Method("Get", steps.URI("arn:aws:lambda:eu-west-1:999999999999:function:fn:live"), "", ""), option.Options{}, nil)
	command := all.Decisions[0].Command
	for _, part := range []string{"aws lambda add-permission --region eu-west-1 ", " --function-name arn:aws:lambda:eu-west-1:999999999999:function:fn:live ", " --action lambda:InvokeFunction ",
		" --principal apigateway.amazonaws.com ", " --source-arn 'arn:aws:execute-api:eu-west-1:111122223333:<id of Api>/*/GET/'"} {
		if !strings.Contains(command, part) {
			t.Errorf("%s\nlacks %s", command, part)
		}
	}
}

// A permission that must exist before the calling resource must not wait for it.
func TestBefore(t *testing.T) {
	const bucket = `"Bucket":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"photos","NotificationConfiguration":{"LambdaConfigurations":[{"Event":"s3:ObjectCreated:*","Function":{"Fn::GetAtt":["Fn","Arn"]}}]}}}`
	byName := strings.Replace(bucket, `{"Fn::GetAtt":["Fn","Arn"]}`, `"arn:aws:lambda:us-east-1:111122223333:function:fn"`, 1)
	perm := func(source string) string {
		return `,"Perm":{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"Fn"},"Principal":"s3.amazonaws.com","SourceAccount":{"Ref":"AWS::AccountId"},"SourceArn":` + source + `}}`
	}
	fn := func(properties string) string { return `"Fn":{"Type":"AWS::Lambda::Function"` + properties + `},` }
	for _, tt := range []struct {
		name, resources string
		want            grant.Verdict
		problem, notes  string
		racing          bool
	}{
		{"none", fn("") + bucket, grant.Added, "", "", false},
		{"in time", fn("") + bucket + perm(`"arn:aws:s3:::photos"`), grant.Allowed, "", "", false},
		{"too late", fn("") + bucket + perm(`{"Fn::GetAtt":["Bucket","Arn"]}`), grant.Added, "", "late", false},
		{"the function waits for the bucket", fn(`,"Properties":{"FunctionName":"fn","Environment":{"Variables":{"B":{"Ref":"Topic"}}}}`) + byName + `,"Topic":{"Type":"AWS::SNS::Topic","DependsOn":"Bucket"}`, grant.Unknown, "circular-dependency", "", false},
		{"another service is asked for", fn("") + bucket, grant.Left, "", "not-selected", true},
		{"and the bucket for the function", fn(`,"DependsOn":"Bucket"`) + bucket, grant.Added, "", "author-cycle", true},
	} {
		o := option.Options{}
		if tt.want == grant.Left {
			o.Services = ",sns,"
		}
		_, all := judged(t, tt.resources, o, nil)
		d := all.Decisions[0]
		problem := ""
		if d.Problem != nil {
			problem = d.Problem.Name
		}
		if d.Verdict != tt.want || problem != tt.problem || steps.Reasons(d.Notes()) != tt.notes || d.Racing != tt.racing {
			t.Errorf("%s: %s, problem %q, notes %q, racing %v", tt.name, d.Verdict, problem, steps.Reasons(d.Notes()), d.Racing)
		}
	}
}

// A parameter's function is guarded where that is asked for and its value is an ARN,
// so that the permission is there only where the function is the stack's own.
func TestGuardParameters(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		guard, want bool
	}{
		{"asked for", "arn:aws:lambda:us-east-1:111122223333:function:x", true, true},
		{"not asked for", "arn:aws:lambda:us-east-1:111122223333:function:x", false, false},
		{"a name", "x", true, false},
		{"no value", "", true, false},
	} {
		_, all := judged(t, `"Topic":{"Type":"AWS::SNS::Topic","Properties":{"Subscription":[{"Protocol":"lambda","Endpoint":{"Ref":"P"}}]}}`,
			option.Options{GuardParameters: tt.guard}, func(env *invoke.Environment) { env.Parameters["P"] = tt.value })
		for _, d := range all.Decisions {
			if got := len(d.Call.When) > 0; got != tt.want {
				t.Errorf("%s: the call is there when %q", tt.name, d.Call.When.String())
			}
		}
	}
}
