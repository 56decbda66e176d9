package sample

import "fmt"

// Services is a template in which n functions are called by rules, topics,
// buckets, log groups, user pools and alarms, in turn, beside others that don't
// concern the macro.
func Services(n, others, code int) string {
	d := &document{}
	for i := range n {
		fn, name := fmt.Sprintf("Function%d", i), fmt.Sprintf("Caller%d", i)
		d.function(fn, code)
		arn := fmt.Sprintf(`{"Fn::GetAtt":[%q,"Arn"]}`, fn)
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
	d.add("Topic", "AWS::SNS::Topic", "")
	for i := range others {
		d.add(fmt.Sprintf("Queue%d", i), "AWS::SQS::Queue", `"VisibilityTimeout":30,"MessageRetentionPeriod":345600,"Tags":[{"Key":"team","Value":"orders"}]`)
	}
	return d.String()
}
