package main

// serviceTroubles are errors of other services that call functions. Some of them try
// the permission when they are set up, so that it must come first.
var serviceTroubles = []trouble{
	{
		name:  "s3-destination",
		text:  "Unable to validate the following destination configurations",
		match: []string{`unable to validate the following destination configurations`, `not authorized to invoke function \[`},
		means: "S3 asks when a bucket's notifications are set whether it may call each destination, and one says no: the function's policy has no statement for s3.amazonaws.com and this bucket, or it comes after the bucket, or the function is gone. All destinations of the bucket are asked, those of others too.",
		see:   "`aws lambda get-policy --function-name NAME`, and `aws s3api get-bucket-notification-configuration --bucket BUCKET`.",
		do: []string{
			"add an AWS::Lambda::Permission with Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId and SourceArn: arn:aws:s3:::BUCKET, by the bucket's name and not by !GetAtt, which would make a circular dependency",
			"let the bucket depend on it: DependsOn: PERMISSION",
			"remove destinations that are no longer there",
		},
	},
	{
		name:  "logs-destination",
		text:  "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.",
		match: []string{`given cloudwatch logs permission to execute your function`},
		means: "CloudWatch Logs sends a test message when a subscription filter is made, and the function's policy has no statement for logs.amazonaws.com and this log group, or it comes after the filter.",
		see:   "`aws lambda get-policy --function-name NAME`.",
		do: []string{
			"add an AWS::Lambda::Permission with Principal: logs.amazonaws.com and SourceArn: the log group's ARN, with :* at its end",
			"let the AWS::Logs::SubscriptionFilter depend on it: DependsOn: PERMISSION",
		},
	},
	{
		name:  "target-group",
		text:  "elasticloadbalancing principal does not have permission to invoke … from target group …",
		match: []string{`elasticloadbalancing principal does not have permission to invoke`},
		means: "A load balancer asks when a function is registered whether it may call it. The permission needs the target group's ARN, which exists after the group, and the group wants the permission first.",
		see:   "the function and target group in the message; an alias has a policy of its own.",
		do: []string{
			"add an AWS::Lambda::Permission with Principal: elasticloadbalancing.amazonaws.com and without the group's ARN (SourceAccount: !Ref AWS::AccountId keeps it in the account)",
			"let the AWS::ElasticLoadBalancingV2::TargetGroup depend on it: DependsOn: PERMISSION",
		},
	},
	{
		name:  "ses-function",
		text:  "InvalidLambdaFunction: Could not invoke Lambda function: …",
		match: []string{`invalidlambdafunction`, `could not invoke lambda function`},
		means: "SES asks when a receipt rule is made whether it may call the function: its policy has no statement for ses.amazonaws.com, it comes after the rule, or the function is in another Region than the rule.",
		see:   "`aws lambda get-policy --function-name NAME`.",
		do: []string{
			"add an AWS::Lambda::Permission with Principal: ses.amazonaws.com and SourceAccount: !Ref AWS::AccountId",
			"let the AWS::SES::ReceiptRule depend on it: DependsOn: PERMISSION",
		},
	},
	{
		name:  "config-function",
		text:  "The AWS Lambda function … cannot be invoked. Check the specified function ARN, and check the function's permissions.",
		match: []string{`cannot be invoked\. check the specified function arn`},
		means: "AWS Config asks when a custom rule is made whether it may call the function: its policy has no statement for config.amazonaws.com, or it comes after the rule.",
		see:   "`aws lambda get-policy --function-name NAME`: a statement for events.amazonaws.com is not enough.",
		do: []string{
			"add an AWS::Lambda::Permission with Principal: config.amazonaws.com and SourceAccount: !Ref AWS::AccountId",
			"let the AWS::Config::ConfigRule depend on it: DependsOn: PERMISSION",
		},
	},
	{
		name:  "secrets-manager",
		text:  "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.",
		match: []string{`secrets manager cannot invoke the specified lambda function`},
		means: "Secrets Manager asks when rotation is switched on whether it may call the function: its policy has no statement for secretsmanager.amazonaws.com, or it comes after the rotation schedule. The same is said where whoever deploys lacks lambda:InvokeFunction on it.",
		see:   "`aws lambda get-policy --function-name NAME`.",
		do: []string{
			"add an AWS::Lambda::Permission with Principal: secretsmanager.amazonaws.com, and SourceArn: !Ref SECRET",
			"let the AWS::SecretsManager::RotationSchedule depend on it: DependsOn: PERMISSION",
			"allow lambda:InvokeFunction on the function to the role that deploys",
		},
	},
	{
		name:  "cognito-trigger",
		text:  "PreSignUp invocation failed due to error AccessDeniedException.",
		match: []string{`invocation failed due to error accessdeniedexception`, `exception when invoking lambda arn`},
		means: "A user pool calls its triggers at sign-up and sign-in, and the function's policy has no statement for cognito-idp.amazonaws.com and this pool. Nothing checks that when the pool is made; the console adds it when a trigger is saved there.",
		see:   "`aws lambda get-policy --function-name NAME`.",
		do: []string{
			"add an AWS::Lambda::Permission with Principal: cognito-idp.amazonaws.com and SourceArn: !GetAtt POOL.Arn",
			"a statement with EventSourceToken, as old versions of SAM wrote it, doesn't match: deploy with a newer one",
		},
	},
	{
		name:  "silent-service",
		text:  "an event arrives nowhere, and there is no error",
		match: []string{`an event arrives nowhere`},
		means: "EventBridge, SNS, Cognito, IoT, alarms, AppSync and others check no permission when they are set up. Later a rule counts FailedInvocations and tries again for 24 hours, a topic drops the message unless the subscription has a dead-letter queue, a user pool answers UnexpectedLambdaException or an AccessDenied, an alarm's history says that the action failed, an IoT rule runs its error action, and a GraphQL API answers Unauthorized.",
		see:   "the metric FailedInvocations of the rule, NumberOfNotificationsFailed of the topic, the alarm's history; `aws lambda get-policy --function-name NAME`; `grantinvoke check template.yaml`.",
		do: []string{
			"name the macro in the Transform section",
			"compare the statement with the source: a rule on a bus of its own is rule/BUS/NAME, alarms call as lambda.alarms.cloudwatch.amazonaws.com, Lex V2 as lexv2.amazonaws.com, topics of a Region that is opted into as sns.REGION.amazonaws.com",
			"where an alias is called, give the permission the alias",
			"grantinvoke explain with a service's name, such as sns, tells more of that one",
		},
	},
	{
		name:  "function-url-forbidden",
		text:  "Forbidden. For troubleshooting Function URL authorization issues",
		match: []string{`troubleshooting function url authorization`, `publicpolicyexception`},
		means: "A function's URL needs two statements since October 2025: lambda:InvokeFunctionUrl, and lambda:InvokeFunction with InvokedViaFunctionUrl. With one of them callers get status 403. Where the account blocks public policies, neither can be added for everybody.",
		see:   "`aws lambda get-policy --function-name NAME` shows both or one of them.",
		do: []string{
			"of a URL with AuthType NONE: set the option Services to all,url, and the macro adds what is missing",
			"of a URL behind CloudFront: name the macro, which adds both for the distribution",
		},
	},
}
