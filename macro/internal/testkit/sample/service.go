package sample

import "fmt"

// DenseServices is a template in which n functions are called by rules, topics,
// buckets, log groups, user pools and alarms, in turn, beside others that don't
// concern the macro.
func DenseServices(n, others, code int) string {
	d := &document{}
	for i := range n {
		d.function(fmt.Sprintf("Function%d", i), code)
		d.caller(i)
	}
	d.add("Topic", "AWS::SNS::Topic", "")
	for i := range others {
		d.add(fmt.Sprintf("Queue%d", i), "AWS::SQS::Queue", `"VisibilityTimeout":30,"MessageRetentionPeriod":345600,"Tags":[{"Key":"team","Value":"orders"}]`)
	}
	return d.String()
}

// UsualServices is such a template as people write it: each of the n functions has a role with
// policies and an alarm, which is one call in two and a half kilobytes.
func UsualServices(n int) string {
	d := &document{}
	d.add("Topic", "AWS::SNS::Topic", "")
	d.add("Table", "AWS::DynamoDB::Table", `"BillingMode":"PAY_PER_REQUEST"`)
	for i := range n {
		fn := fmt.Sprintf("Function%d", i)
		d.function(fn, 720)
		d.caller(i)
		d.add("RoleOf"+fn, "AWS::IAM::Role", `"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]},`+
			`"Action":["sts:AssumeRole"]}]},"ManagedPolicyArns":[{"Fn::Sub":"arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}],`+
			`"Policies":[{"PolicyName":"table","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query"],`+
			`"Resource":[{"Fn::GetAtt":["Table","Arn"]},{"Fn::Sub":"${Table.Arn}/index/*"}]},{"Effect":"Allow","Action":"sns:Publish","Resource":{"Ref":"Topic"}}]}},`+
			`{"PolicyName":"parameters","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:GetParameter","ssm:GetParametersByPath"],`+
			`"Resource":[{"Fn::Sub":"arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/shop/${Stage}/*"}]}]}}]`,
			`,"Metadata":{"note":"one for each function"}`)
		d.add("ErrorsOf"+fn, "AWS::CloudWatch::Alarm", `"AlarmDescription":"the function fails","Namespace":"AWS/Lambda","MetricName":"Errors","Dimensions":[{"Name":"FunctionName","Value":{"Ref":"`+fn+`"}}],`+
			`"Statistic":"Sum","Period":300,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"notBreaching","AlarmActions":[{"Ref":"Topic"}]`)
	}
	return d.String()
}

// caller adds what calls function i.
func (d *document) caller(i int) {
	name, arn := fmt.Sprintf("Caller%d", i), fmt.Sprintf(`{"Fn::GetAtt":["Function%d","Arn"]}`, i)
	switch i % 6 {
	case 0:
		d.add(name, "AWS::Events::Rule", `"ScheduleExpression":"rate(1 hour)","Targets":[{"Id":"a","Arn":`+arn+`}]`)
	case 1:
		d.add(name, "AWS::SNS::Subscription", `"TopicArn":{"Ref":"Topic"},"Protocol":"lambda","Endpoint":`+arn)
	case 2:
		d.add(name, "AWS::S3::Bucket", fmt.Sprintf(`"BucketName":{"Fn::Sub":"uploads-%d-${AWS::AccountId}"},"NotificationConfiguration":{"LambdaConfigurations":[{"Event":"s3:ObjectCreated:*","Function":%s}]}`, i, arn))
	case 3:
		d.add(name, "AWS::Logs::SubscriptionFilter", fmt.Sprintf(`"LogGroupName":"/shop/%d","FilterPattern":"","DestinationArn":%s`, i, arn))
	case 4:
		d.add(name, "AWS::Cognito::UserPool", `"LambdaConfig":{"PreSignUp":`+arn+`,"PostConfirmation":`+arn+`}`)
	case 5:
		d.add(name, "AWS::CloudWatch::Alarm", `"Namespace":"shop","MetricName":"errors","Period":60,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold","AlarmActions":[`+arn+`]`)
	}
}
