package main

import (
	"regexp"
	"strings"
	"testing"
)

// A report is an error from a public issue, and the step that the explanation must have.
type publicReport struct{ source, text, want, step string }

// publicReports are quoted from public issues of other projects, account
// numbers and request ids apart.
var publicReports = []publicReport{
	{"serverless/serverless#1913", "Execution failed due to configuration error: Invalid permissions on Lambda function", "invalid-permissions", "Transform section"},
	{"CodeGenieApp/serverless-express#247", "HTTP Method: GET, Resource Path: /\nExecution failed due to configuration error: Invalid permissions on Lambda function\nMethod completed with status: 500", "invalid-permissions", "SourceArn"},
	{"amazon-archives/aws-apigateway-importer#170", "Tue Feb 16 22:34:16 UTC 2016 : Execution failed due to configuration error: Invalid permissions on Lambda function", "invalid-permissions", "Transform section"},
	{"aws/chalice#1379", "Fri Mar 20 06:28:55 UTC 2020 : Execution failed due to configuration error: Authorizer error", "authorizer-error", "authorizers"},
	{"serverless/serverless#829", "x-amzn-ErrorType:AuthorizerConfigurationException", "authorizer-error", "authorizers"},
	{"ExpanseLLC/lambda_authorizer#1", "Wed Sep 14 21:16:33 UTC 2016 : Execution failed due to configuration error: Could not parse policy", "authorizer-policy", "policyDocument"},
	{"terraform-aws-modules/terraform-aws-apigateway-v2#87", "API Gateway doesn’t have permissions to assume the IAM role configured on the integration. Check the permissions and try again.", "assume-role", "apigateway.amazonaws.com"},
	{"serverless-heaven/serverless-aws-alias#193", "The API with ID ***** doesn’t include a resource with path /* having an integration arn:aws:lambda:********** on the ANY method.", "console-no-resource", "wildcards"},
	{"aws-amplify/amplify-flutter#4408", "The API with ID vh2wyexl67 doesn’t include a resource with path /* having an integration arn:aws:lambda:us-east-1:111122223333:function:CertHiveQueueEmailDeliveryRequest-dev on the ANY method.", "console-no-resource", "wildcards"},
	{"serverless/serverless#7508", "API doesn’t include a route with path /*", "console-no-resource", "wildcards"},
	{"aws/aws-cli#1605", "A client error (BadRequestException) occurred when calling the PutIntegration operation: Enumeration value for HttpMethod must be non-empty", "integration-verb", "POST"},
	{"aws/aws-cdk#6404", "Enumeration value for HttpMethod must be non-empty (Service: AmazonApiGateway; Status Code: 400; Error Code: BadRequestException", "integration-verb", "POST"},
	{"hashicorp/terraform-provider-aws#7916", "Error creating API Gateway Integration: BadRequestException: Role ARN must be specified for AWS integrations", "role-needed", "Credentials"},
	{"aws/aws-sdk-js#868", "[BadRequestException: Invalid ARN specified in the request]", "invalid-uri", "/invocations"},
	{"amazon-archives/aws-apigateway-importer#25", "com.amazonaws.AmazonServiceException: Cross-account pass role is not allowed. (Service: null; Status Code: 403; Error Code: null)", "pass-role-account", "account of the API"},
	{"anomalyco/sst#1556", "Error: CloudWatch Logs role ARN must be set in account settings to enable logging", "logs-role", "AWS::ApiGateway::Account"},
	{"Miserlou/Zappa#1946", "An error occurred (BadRequestException) when calling the UpdateStage operation: CloudWatch Logs role ARN must be set in account settings to enable logging", "logs-role", "AWS::ApiGateway::Account"},
	{"aws-cloudformation/rain#175", "Function not found: arn:aws:lambda:us-east-1:012345678912:function:forecast-lambda-MyFunction-bGy4dzoSPKrO:1 (Service: AWSLambdaInternal; Status Code: 404; Error Code: ResourceNotFoundException)", "function-not-found", "DependsOn|GetAtt"},
	{"amazon-archives/aws-training-demo#8", "An error occurred (ResourceNotFoundException) when calling the AddPermission operation: Function not found: arn:aws:lambda:us-east-2:111122223333:function:myTopic2017", "function-not-found", "GetAtt"},
	{"apex/up#606", "ResourceNotFoundException: Alias not found: arn:aws:lambda:us-west-2:111122223333:function:sample-up:staging", "alias-not-found", "DependsOn"},
	{"govuk-one-login/authentication-api#4382", "InvalidParameterValueException: The function arn 'arn:aws:lambda:eu-west-2:111122223333:function:integration-orch-frontend-authorizer-lambda:integration-orch-frontend-authorizer-alias-lambda-active' exceeds the maximum length of 140 characters.", "arn-length", "shorter name"},
	{"awslabs/aws-api-gateway-developer-portal#493", "1 validation error detected: Value 'serverlessrepo-api-gateway-dev-portal-CognitoPostConfirmationTriggerFn' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64 (Service: Lambda, Status Code: 400)", "function-name-length", "stack's name"},
	{"ryansb/acm-certs-cloudformation#4", "1 validation error detected: Value 'arn:aws:lambda:us-east-1:REDACTED:function:CfnAcmCertificate' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:aws:lambda:)?([a-z]{2}-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?", "function-name-pattern", "GetAtt"},
	{"mavi888/bedrock-agent-lambda#1", "Properties validation failed for resource BedrockAgentTestPermission with message: [#/SourceArn: string [arn:aws:bedrock:us-east-1:123456789012] does not match pattern ^arn:(aws[a-zA-Z0-9-]*):", "source-arn-pattern", "Sub"},
	{"aws-cloudformation/cloudformation-coverage-roadmap#1189", "The provided principal was invalid. Please check the principal and try again. ", "principal-invalid", "amazonaws.com"},
	{"Pocket/terraform-modules#1037", "Error: adding Lambda Permission: InvalidParameterValueException: The provided principal was invalid. Please check the principal and try again.", "principal-invalid", "apigateway.amazonaws.com"},
	{"localstack/localstack#3864", "An error occurred (ResourceNotFoundException) when calling the RemovePermission operation: Unable to find policy for Lambda function", "policy-not-found", "retain-resources"},
	{"adobe/helix-deploy#24", "PolicyLengthExceededException: The final policy size (20749) is bigger than the limit (20480).", "policy-size-limit", "Scope: api"},
	{"serverless/serverless#7411", "UserLambdaPermissionApiGateway - The final policy size (20581) is bigger than the limit (20480). (Service: AWSLambda; Status Code: 400; Error Code: PolicyLengthExc", "policy-size-limit", "Grant: role"},
	{"awslabs/genomics-secondary-analysis-using-aws-step-functions-and-aws-batch#12", "User: arn:aws:sts:::assumed-role/CloudFormationRole/AWSCloudFormation is not authorized to perform: lambda:AddPermission on resource: arn:aws:lambda:us-east-2::function:Pipe because no identity-based policy allows the lambda:AddPermission action", "add-permission-denied", "lambda:AddPermission"},
	{"serverless/serverless#8090", "Failed to delete resource. User: arn:aws:sts::{ACC_ID}:assumed-role/service-IamRoleCustomResources is not authorized to perform: lambda:RemovePermission on resource: arn:aws:lambda:us-west-2:{ACC_ID}:function:service-etlLambdaFunction", "remove-permission-denied", "lambda:RemovePermission"},
	{"assertible/lambda-cloudwatch-slack#54", "User: arn:aws:iam::xxxxxxxx:user/xxxxxxxx is not authorized to perform: iam:PassRole on resource: arn:aws:iam::xxxxxxxx:role/xxxxxxxx", "pass-role-denied", "iam:PassRole"},
	{"JiscSD/octopus#738", "github-actions-deploy-int is not authorized to perform: iam:PutRolePolicy on resource: role octopus-api-int-lambdaRole because no identity-based policy allows the iam:PutRolePolicy action", "role-denied", "iam:PutRolePolicy"},
	{"aws/serverless-application-model#179", "User: <My Role> is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:ap-southeast-2:aws:transform/Serverless-2016-10-31", "transform-denied", "transform/"},
	{"aws/serverless-application-model#186", "User: arn:aws:iam::xxxxxxx:user/xxx is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:us-east-1:aw:transform/Serverless-2016-10-31", "transform-denied", "AWS::"},
	{"aws/aws-sam-cli#5567", "An error occurred (AccessDenied) when calling the CreateChangeSet operation: User: arn:aws:iam::73:user/J is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:us-east-1:736:stack/aws-sam-cli-managed-default/* because no identity-based policy allows the cloudformation:CreateChangeSet action.", "change-set-denied", "CreateChangeSet"},
	{"doug-macleod/Pipe-1Dev#13", "User: arn:aws:sts::111122223333:assumed-role/SCF/I is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-2:111122223333:function:scf with an explicit deny", "invoke-denied", "lambda:InvokeFunction"},
	{"aws-samples/aws-secrets-manager-rotation-lambdas#153", "Circular dependency between resources: [SecretsManagerMongoDBRotationSingleUser, LambdaPermission]", "circular-resources", "as text"},
	{"serverless/serverless#5146", "The CloudFormation template is invalid: Template format error: Unresolved resource dependencies [ApiGatewayRestApi] in the Resources block of the template", "unresolved", "correct the name"},
	{"serverless-heaven/serverless-aws-alias#144", "The CloudFormation template is invalid: Template error: instance of Fn::GetAtt references undefined resource IamRoleLambdaExecution", "unresolved", "correct the name"},
	{"amplify-education/serverless-log-forwarding#26", "Template format error: Number of resources, 211, is greater than maximum allowed, 200", "too-many-resources", "Scope: api"},
	{"aws-samples/aws-vpc-cidr-mgmt#10", "Template may not exceed 1000000 bytes in size.", "template-bytes", "nested stack"},
	{"widdix/aws-cf-templates#169", "'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200", "template-bytes", "S3"},
	{"amazon-connect/amazon-connect-realtime-transcription#34", "The following resource types are not supported for resource import: AWS::Lambda::Permission,AWS::Lambda::Permission,AWS::IAM::Policy", "import-not-supported", "new resources"},
	{"mapbox/cfn-config#138", "CreateStack cannot be used with templates containing Transforms.", "change-set-needed", "AUTO_EXPAND"},
	{"awslabs/amazon-redshift-monitoring#14", "Check the following transforms: [\"AWS::Serverless-2016-10-31\"]\nYou must use a change set to create this stack because it includes one or more transforms.", "change-set-needed", "change set"},
	{"aws-cloudformation/cloudformation-coverage-roadmap#482", "Transform 123456789012::MyMacro failed without an error message.", "other-transform", "log"},
	{"aws-cloudformation/aws-cloudformation-templates#267", "Received malformed response from transform 111122223333::S3Objects.", "other-transform", "log"},
	{"aws-cloudformation/aws-cloudformation-macros#10", "Received malformed response from transform AWS::Serverless-2016-10-31", "sam-failed", "SAM"},
	{"DataDog/datadog-cloudformation-macro#25", "The value of parameter forwarderArn under transform DatadogServerless must resolve to a string, number, boolean or a list of any of these.", "other-transform", "documentation"},
	{"aws/aws-cdk#17458", "Functions from 'us-west-2' are not reachable in this region ('us-east-1')", "function-elsewhere", "where the function is"},
	{"serverless/serverless#10247", "ServerlessError: An error occurred: S3SourceBucket - Unable to validate the following destination configurations (Service: Amazon S3; Status Code: 400; Error Code: InvalidArgument)", "s3-destination", "DependsOn"},
	{"grafana/loki#11071", "Resource handler returned message: \"Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function. (Service: CloudWatchLogs, Status Code: 400)\"", "logs-destination", "logs.amazonaws.com"},
	{"aws/aws-cdk#4663", "elasticloadbalancing principal does not have permission to invoke arn:aws:lambda:us-west-2:********:function:LambdaFunctionF38095AF from target group arn:aws:elasticloadbalancing:us-west-2:***:targetgroup/L/4", "target-group", "DependsOn"},
	{"hashicorp/terraform-provider-aws#34259", "Error: Error creating SES rule: InvalidLambdaFunction: Could not invoke Lambda function: arn:aws:lambda:us-east-1:999999999:function:PostMeldReportInbox", "ses-function", "ses.amazonaws.com"},
	{"cloud-custodian/cloud-custodian#3530", "InsufficientPermissionsException: An error occurred (InsufficientPermissionsException) when calling the PutConfigRule operation: The AWS Lambda function arn:aws:lambda:eu-west-1:1:function:custodian cannot be invoked. Check the specified function ARN, and check the function's permissions.", "config-function", "config.amazonaws.com"},
	{"anomalyco/sst#4421", "PreTokenGeneration invocation failed due to error AccessDeniedException", "cognito-trigger", "cognito-idp.amazonaws.com"},
	{"awslabs/service-workbench-on-aws#1136", "PreSignUp invocation failed due to error AccessDeniedException.", "cognito-trigger", "cognito-idp.amazonaws.com"},
}

// What people met is explained, first by what it is, with the step that helps.
func TestPublicReports(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range publicReports {
		if seen[r.text] {
			t.Errorf("%s: stands twice", r.source)
		}
		seen[r.text] = true
		found := explanations(r.text, "GrantInvoke")
		if len(found) == 0 || found[0].name != r.want {
			t.Errorf("%s: %q: %v, want %s", r.source, r.text, namesOf(found), r.want)
			continue
		}
		if steps := strings.Join(found[0].do, "\n"); !regexp.MustCompile(r.step).MatchString(steps) {
			t.Errorf("%s: %s has no step with %s:\n%s", r.source, r.want, r.step, steps)
		}
	}
	if len(seen) < 50 {
		t.Errorf("%d reports", len(seen))
	}
}

func namesOf(all []trouble) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.name)
	}
	return out
}

// A text of another transform is never taken for this macro's; one of this macro is, in any
// account and with any name of the macro.
func TestWhoseTransform(t *testing.T) {
	for _, said := range []string{"Transform %s failed with: anything", "Transform %s failed without an error message.", "Received malformed response from transform %s.",
		"No transform named %s found.", "Failed to execute transform %s", "The value of parameter X under transform %s must resolve to a string, number, boolean or a list of any of these."} {
		for name, want := range map[string]bool{"AWS::Serverless-2016-10-31": false, "AWS::LanguageExtensions": false, "AWS::Include": false, "111122223333::Other": false,
			"Count": false, "111122223333::GrantInvoke": true, "GrantInvoke": true, "111122223333::GrantInvok": true} {
			text := strings.Replace(said, "%s", name, 1)
			found := explanations(text, "GrantInvoke")
			if len(found) != 1 || (found[0].name != "sam-failed" && found[0].name != "other-transform") != want {
				t.Errorf("%s: %v", text, namesOf(found))
			}
		}
		text := strings.Replace(said, "%s", "111122223333::Ours", 1)
		if found := explanations(text, "Ours"); len(found) != 1 || found[0].name == "other-transform" {
			t.Errorf("%s, of the macro Ours: %v", text, namesOf(found))
		}
	}
}
