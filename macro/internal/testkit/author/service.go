package author

import (
	"fmt"
	"strings"
)

// services are the places outside of API Gateway from which functions are
// called. Another one is another function here.
var services = []func(*author){(*author).rule, (*author).subscription, (*author).topic, (*author).bucket, (*author).logFilter,
	(*author).alarm, (*author).userPool, (*author).topicRule, (*author).configRule, (*author).rotation, (*author).targetGroup}

// arn is a function's ARN as these services take it: never an invocation URI.
func (a *author) arn() any {
	t := a.target()
	for t.value == nil && t.text == "" || t.staged {
		t = a.target()
	}
	v := t.value
	if v == nil || t.text != "" && a.chance(4) {
		v = sub(t.text)
	}
	if c := a.exists[t.fn]; c != "" {
		return choose(c, v, att("Fn", "Arn"))
	}
	return v
}

// calledFrom notes a source for permissions by hand.
func (a *author) calledFrom(principal string, source any, t any) {
	a.sources = append(a.sources, sourced{principal, source, t})
}

// A sourced call is what a permission of a service may be written for.
type sourced struct {
	principal string
	source    any // the whole SourceArn, nil: none
	fn        any // its FunctionName
}

func (a *author) rule() {
	id := a.id("Rule")
	var targets []any
	for i := range 1 + a.IntN(2) {
		t := object{"Id": fmt.Sprint("t", i), "Arn": a.arn()}
		if a.chance(6) {
			a.add("Role", "AWS::IAM::Role", object{"AssumeRolePolicyDocument": object{}}, "")
			t["RoleArn"] = att("Role", "Arn")
		}
		targets = append(targets, a.under(t, func() any { return noValue }))
		a.calledFrom("events.amazonaws.com", att(id, "Arn"), t["Arn"])
	}
	p := object{"ScheduleExpression": "rate(1 hour)", "Targets": targets}
	switch a.IntN(4) {
	case 0:
		p["Name"] = "nightly-" + id
	case 1:
		p["EventBusName"] = "orders"
	}
	a.add(id, "AWS::Events::Rule", p, a.condition())
}

func (a *author) topicOf() (topic any) {
	switch a.IntN(4) {
	case 0:
		return "arn:aws:sns:us-east-1:444455556666:theirs"
	case 1:
		a.parameter("TopicArn", []string{"arn:aws:sns:us-east-1:111122223333:given"})
		return ref("TopicArn")
	}
	id := a.id("Topic")
	a.add(id, "AWS::SNS::Topic", object{}, "")
	return ref(id)
}

func (a *author) subscription() {
	topic, fn := a.topicOf(), a.arn()
	a.add(a.id("Subscription"), "AWS::SNS::Subscription", object{"TopicArn": topic, "Protocol": pick(a, []any{"lambda", "lambda", "lambda", "sqs"}), "Endpoint": fn}, a.condition())
	a.calledFrom("sns.amazonaws.com", topic, fn)
}

func (a *author) topic() {
	id, fn := a.id("Topic"), a.arn()
	a.add(id, "AWS::SNS::Topic", object{"Subscription": []any{a.under(object{"Protocol": "lambda", "Endpoint": fn}, func() any { return noValue }),
		object{"Protocol": "email", "Endpoint": "a@example.com"}}}, a.condition())
	a.calledFrom("sns.amazonaws.com", ref(id), fn)
}

func (a *author) bucket() {
	id, fn := a.id("Bucket"), a.arn()
	p := object{"NotificationConfiguration": object{"LambdaConfigurations": []any{object{"Event": "s3:ObjectCreated:*", "Function": fn}}}}
	var source any
	switch a.IntN(3) {
	case 0:
		p["BucketName"], source = "things-of-"+strings.ToLower(id), "arn:aws:s3:::things-of-"+strings.ToLower(id)
	case 1:
		p["BucketName"], source = sub("${Env}-things-"+strings.ToLower(id)), sub("arn:${AWS::Partition}:s3:::${Env}-things-"+strings.ToLower(id))
	}
	a.add(id, "AWS::S3::Bucket", p, a.condition())
	a.calledFrom("s3.amazonaws.com", source, fn)
}

func (a *author) logFilter() {
	fn := a.arn()
	group := any("/things")
	if a.chance(2) {
		id := a.id("Group")
		a.add(id, "AWS::Logs::LogGroup", object{"LogGroupName": "/of/" + id}, "")
		group = ref(id)
	}
	a.add(a.id("Filter"), "AWS::Logs::SubscriptionFilter", object{"LogGroupName": group, "FilterPattern": "", "DestinationArn": fn}, a.condition())
	a.calledFrom("logs.amazonaws.com", sub("arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"), fn)
}

func (a *author) alarm() {
	id, fn := a.id("Alarm"), a.arn()
	a.add(id, "AWS::CloudWatch::Alarm", object{"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1,
		"AlarmActions": []any{fn}, "OKActions": []any{"arn:aws:sns:us-east-1:111122223333:t", fn}}, a.condition())
	a.calledFrom("lambda.alarms.cloudwatch.amazonaws.com", att(id, "Arn"), fn)
}

func (a *author) userPool() {
	id, fn := a.id("Pool"), a.arn()
	a.add(id, "AWS::Cognito::UserPool", object{"LambdaConfig": object{"PreSignUp": fn, "CustomEmailSender": object{"LambdaArn": fn, "LambdaVersion": "V1_0"}, "KMSKeyID": "k"}}, a.condition())
	a.calledFrom("cognito-idp.amazonaws.com", att(id, "Arn"), fn)
}

func (a *author) topicRule() {
	id, fn := a.id("Iot"), a.arn()
	a.add(id, "AWS::IoT::TopicRule", object{"TopicRulePayload": object{"Sql": "SELECT * FROM 'a'", "Actions": []any{object{"Lambda": object{"FunctionArn": fn}}},
		"ErrorAction": object{"Lambda": object{"FunctionArn": fn}}}}, a.condition())
	a.calledFrom("iot.amazonaws.com", att(id, "Arn"), fn)
}

func (a *author) configRule() {
	fn := a.arn()
	a.add(a.id("Config"), "AWS::Config::ConfigRule", object{"Source": object{"Owner": pick(a, []any{"CUSTOM_LAMBDA", "CUSTOM_LAMBDA", "AWS"}), "SourceIdentifier": fn}}, a.condition())
	a.calledFrom("config.amazonaws.com", nil, fn)
}

func (a *author) rotation() {
	fn, id := a.arn(), a.id("Secret")
	a.add(id, "AWS::SecretsManager::Secret", object{}, "")
	a.add(a.id("Rotation"), "AWS::SecretsManager::RotationSchedule", object{"SecretId": ref(id), "RotationLambdaARN": fn}, a.condition())
	a.calledFrom("secretsmanager.amazonaws.com", pick(a, []any{nil, ref(id)}), fn)
}

func (a *author) targetGroup() {
	id, fn := a.id("Group"), a.arn()
	p := object{"TargetType": pick(a, []any{"lambda", "lambda", "ip"}), "Targets": []any{object{"Id": fn}}}
	if a.chance(2) {
		p["Name"] = "group-" + id
	}
	a.add(id, "AWS::ElasticLoadBalancingV2::TargetGroup", p, a.condition())
	a.calledFrom("elasticloadbalancing.amazonaws.com", pick(a, []any{nil, sub("arn:aws:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:targetgroup/*")}), fn)
}

// servicePermission writes one by hand for a service other than API Gateway.
func (a *author) servicePermission() {
	if len(a.sources) == 0 {
		return
	}
	s := pick(a, a.sources)
	p := object{"Action": "lambda:InvokeFunction", "Principal": s.principal, "FunctionName": s.fn}
	if s.source != nil && !a.chance(6) {
		p["SourceArn"] = s.source
	}
	if s.source == nil || a.chance(3) {
		p["SourceAccount"] = pick(a, []any{ref("AWS::AccountId"), ref("AWS::AccountId"), "444455556666"})
	}
	if a.chance(8) {
		p["Principal"] = pick(a, []any{"s3.amazonaws.com", "apigateway.amazonaws.com", "*"})
	}
	when := a.condition()
	for _, id := range references(s.source) {
		when = a.both(when, a.exists[id])
	}
	a.add(a.id("Permission"), "AWS::Lambda::Permission", p, when)
}

// references are the resources that a Ref or Fn::GetAtt names.
func references(v any) []string {
	o, _ := v.(object)
	if id, ok := o["Ref"].(string); ok {
		return []string{id}
	}
	if list, ok := o["Fn::GetAtt"].([]any); ok {
		id, _ := list[0].(string)
		return []string{id}
	}
	return nil
}
