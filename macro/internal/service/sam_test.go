package service_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

// A statement of SAM's own counts as there, so that none is added beside it, and the calls
// that it is for are known as they are once SAM has made the resources.
func TestGiven(t *testing.T) {
	const by = "SAM, for the event E of Fn: "
	for _, tt := range []struct{ name, event, want, calls string }{
		{"a schedule", `"Type":"Schedule","Properties":{"Schedule":"rate(1 day)"}`, by + "events.amazonaws.com arn:P:events:R:A:rule/${FnE}", "FnE rule FnE"},
		{"a rule", `"Type":"EventBridgeRule","Properties":{"Pattern":{"source":["x"]}}`, by + "events.amazonaws.com arn:P:events:R:A:rule/${FnE}", "FnE rule FnE"},
		{"a rule by its old name", `"Type":"CloudWatchEvent","Properties":{"Pattern":{"source":["x"]}}`, by + "events.amazonaws.com arn:P:events:R:A:rule/${FnE}", "FnE rule FnE"},
		{"a topic", `"Type":"SNS","Properties":{"Topic":{"Ref":"Topic"}}`, by + "sns.amazonaws.com ${Topic}", "FnE topic Topic"},
		{"a topic by way of a queue", `"Type":"SNS","Properties":{"Topic":{"Ref":"Topic"},"SqsSubscription":true}`, "", ""},
		{"a topic by a condition", `"Type":"SNS","Properties":{"Topic":{"Fn::If":["C",{"Ref":"Topic"},"arn:aws:sns:us-east-1:111122223333:t"]}}`,
			by + "sns.amazonaws.com ${Topic} | " + by + "sns.amazonaws.com arn:aws:sns:us-east-1:111122223333:t", "FnE topic Topic, FnE topic t"},
		{"a rule on a bus of its own", `"Type":"EventBridgeRule","Properties":{"EventBusName":"b","Pattern":{"source":["x"]}}`, by + "events.amazonaws.com ${FnE.Arn}", "FnE rule FnE"},
		{"a bucket", `"Type":"S3","Properties":{"Bucket":{"Ref":"Bucket"},"Events":"s3:ObjectCreated:*"}`, by + "s3.amazonaws.com none", "Bucket bucket Bucket s3:ObjectCreated:*"},
		{"no event of a bucket", `"Type":"S3","Properties":{"Bucket":{"Ref":"Bucket"},"Events":[]}`, by + "s3.amazonaws.com none", "Bucket bucket Bucket"},
		{"several events of a bucket", `"Type":"S3","Properties":{"Bucket":{"Ref":"Bucket"},"Events":["a","b"]}`, by + "s3.amazonaws.com none", "Bucket bucket Bucket a, Bucket bucket Bucket b"},
		{"a user pool", `"Type":"Cognito","Properties":{"UserPool":{"Ref":"Pool"},"Trigger":"PreSignUp"}`, by + "cognito-idp.amazonaws.com ${Pool.Arn}", "Pool user pool Pool PreSignUp"},
		{"a topic rule", `"Type":"IoTRule","Properties":{"Sql":"s"}`, by + "iot.amazonaws.com arn:P:iot:R:A:rule/${FnE}", "FnE rule FnE Actions"},
		{"a log group", `"Type":"CloudWatchLogs","Properties":{"LogGroupName":"/g","FilterPattern":""}`, by + "logs.amazonaws.com arn:P:logs:R:A:log-group:/g:*", "FnE log group /g"},
		{"a skill", `"Type":"AlexaSkill"`, by + "alexa-appkit.amazon.com none", "any skill skill"},
		{"a skill by its id", `"Type":"AlexaSkill","Properties":{"SkillId":"amzn1.ask.skill.1"}`, by + "alexa-appkit.amazon.com none", "amzn1.ask.skill.1 skill"},
		{"a queue", `"Type":"SQS","Properties":{"Queue":"arn:aws:sqs:us-east-1:111122223333:q"}`, "", ""},
		{"a schedule of its own service", `"Type":"ScheduleV2","Properties":{"ScheduleExpression":"rate(1 day)"}`, "", ""},
	} {
		x := steps.Read(t, `{"Parameters":{"P":{"Type":"String"}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"x"]}},"Resources":{"Topic":{"Type":"AWS::SNS::Topic"},"Bucket":{"Type":"AWS::S3::Bucket"},"Pool":{"Type":"AWS::Cognito::UserPool"},"Fn":{"Type":"AWS::Serverless::Function","Properties":{"Events":{"E":{`+tt.event+`}}}}}}`, steps.Env(), option.Options{})
		var all, calls []string
		for _, g := range x.Found.Given {
			all = append(all, g.By+": "+g.Service.Principal+" "+cmp.Or(short.Replace(g.Source.String()), "none"))
		}
		for _, c := range x.Found.Calls {
			calls = append(calls, strings.TrimSpace(cmp.Or(c.Origin.ID, c.Origin.Name.String())+" "+c.Source.Label+" "+c.Source.Event))
		}
		if got := strings.Join(all, " | "); got != tt.want || strings.Join(calls, ", ") != tt.calls {
			t.Errorf("%s: %s and the calls %q, want %s and %q", tt.name, got, calls, tt.want, tt.calls)
		}
	}
}
