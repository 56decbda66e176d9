package main

// A trouble is one error that people meet on the way from a template to an
// answered request.
type trouble struct {
	name  string
	text  string   // as AWS writes it
	match []string // regular expressions that find it in a text, whatever the case
	means string
	see   string // how to look closer
	do    []string
}

// troubles is the table that explain reads and the README's section is made
// of. The general ones stand last.
var troubles = []trouble{
	{
		name:  "invalid-permissions",
		text:  "Invalid permissions on Lambda function",
		match: []string{`invalid permissions on lambda function`},
		means: "API Gateway called the function and Lambda refused: no statement of the function's resource policy allows apigateway.amazonaws.com for this API, stage, method and path. The caller gets status 500 and \"Internal server error\". CloudFormation checks nothing of this during the deployment.",
		see:   "`aws lambda get-policy --function-name NAME` shows the statements; with `--qualifier ALIAS` where the integration names an alias, which has a policy of its own. `grantinvoke check template.yaml` shows what the template allows.",
		do: []string{
			"name the macro in the template's Transform section and deploy again; it takes effect with the next request, without a new deployment of the API",
			"where a permission is there, compare its SourceArn with the request: method, path (* for {parameters}), stage, and the API's id",
			"where the integration names an alias or version, give the permission the same qualifier",
			"where the integration has credentials, the role's policy counts instead: it needs lambda:InvokeFunction on the function",
		},
	},
	{
		name:  "authorizer-error",
		text:  "Authorizer error",
		match: []string{`authorizer error`, `authorizerconfigurationexception`, `authorizer_configuration_error`},
		means: "API Gateway could not call the authorizer's function, most often because its policy has no statement for authorizers: their source ARN is API/authorizers/ID, without a stage, so that a permission for API/*/*/* does not match it. The caller gets status 500.",
		see:   "`aws lambda get-policy --function-name AUTHORIZER`, and `grantinvoke check template.yaml`, where authorizers have lines of their own.",
		do: []string{
			"name the macro in the Transform section; it grants authorizers too",
			"of an AWS::Serverless::HttpApi, set EnableFunctionDefaultPermissions on the authorizer, or let the macro do it",
			"where the policy is right, look into the log of the authorizer's function: an answer in the wrong form gives the same error",
		},
	},
	{
		name:  "policy-size-limit",
		text:  "The final policy size (…) is bigger than the limit (20480)",
		match: []string{`final policy size \(?\d*\)? ?is bigger than the limit`, `policylengthexceeded`},
		means: "A function's resource policy takes 20,480 bytes, about 50 statements with a SourceArn. One permission for every route of a large API, or two as the CDK writes them, is more. The limit can't be raised.",
		see:   "`grantinvoke check template.yaml` estimates the policy of every function.",
		do: []string{
			"let the macro add the permissions: it takes wider patterns where there are too many",
			"set Scope: api, one statement for each API and function",
			"use Grant: role, which needs no statement in the function's policy",
			"remove permissions that say the same twice or that nothing uses; check lists them",
			"remove what was added by hand, outside of CloudFormation: it counts too",
		},
	},
	{
		name:  "statement-exists",
		text:  "The statement id (…) provided already exists",
		match: []string{`statement id \(.*\) provided already exists`},
		means: "Somebody added a statement with this id outside of the stack, or a resource of another stack has the same name. Each statement of one policy has its own id.",
		see:   "`aws lambda get-policy --function-name NAME` shows the ids.",
		do: []string{
			"remove the statement that was added by hand: `aws lambda remove-permission --function-name NAME --statement-id ID`",
			"rename the AWS::Lambda::Permission, whose logical id is part of the statement's",
		},
	},
	{
		name:  "function-elsewhere",
		text:  "Functions from '…' are not reachable in this region ('…')",
		match: []string{`functions from '.*' are not reachable in this region`},
		means: "The permission is for a function in another Region. A statement can be added only where the function is, and a stack only works in its own Region.",
		see:   "`grantinvoke check -region REGION -account ACCOUNT template.yaml` marks such calls and prints the command that allows them.",
		do: []string{
			"run that command where the function is",
			"remove the permission from this stack",
		},
	},
	{
		name:  "latest-policy",
		text:  "We currently do not support adding policies for $LATEST",
		match: []string{`do not support adding policies for \$latest`},
		means: "The permission names the function with the qualifier $LATEST, for which Lambda keeps no policy.",
		see:   "`grantinvoke check template.yaml` marks the integration as latest.",
		do: []string{
			"name the function without a qualifier, in the integration and in the permission: that is the same code",
			"or name an alias",
		},
	},
	{
		name:  "assume-role",
		text:  "API Gateway does not have permission to assume the provided role",
		match: []string{`api gateway does not have permission to assume the provided role`},
		means: "The role in the integration's credentials does not trust apigateway.amazonaws.com, or it is new and not yet known everywhere.",
		see:   "`aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument`.",
		do: []string{
			"let the role's AssumeRolePolicyDocument allow sts:AssumeRole to the service apigateway.amazonaws.com; trusting lambda.amazonaws.com doesn't help",
			"leave conditions on SourceArn out of the trust policy",
			"right after the role was made, deploy once more",
			"with Grant: role the macro makes a role that fits; with permissions none is needed",
		},
	},
	{
		name:  "macro-failed",
		text:  "Transform …::GrantInvoke failed with: …",
		match: []string{`transform \S+ failed with: `},
		means: "The macro refused the template; what follows says where and why, with a hint. Most often it is an option that isn't one, or a call that can't be known under OnUnknown: fail.",
		see:   "`grantinvoke check template.yaml` says the same without a deployment.",
		do: []string{
			"correct what the message names",
			"where the call is fine and only unknown to the macro, put Metadata: {GrantInvoke: {Grant: none}} on the resource that it names and write the permission by hand",
		},
	},
	{
		name:  "no-message",
		text:  "failed without an error message",
		match: []string{`failed without an error message`},
		means: "The macro's function answered, but not with success, and without a reason. This macro always gives one: the function behind the name is another, or an old one.",
		see:   "`aws cloudformation describe-stack-resources` on the stack that has the AWS::CloudFormation::Macro, and the log group of its function.",
		do:    []string{"deploy the macro's stack again", "see that no other stack has a macro of this name"},
	},
	{
		name:  "malformed-response",
		text:  "Received malformed response from transform …",
		match: []string{`received malformed response from transform`},
		means: "The macro's function ended without an answer: it timed out, ran out of memory, could not start (an executable for the wrong architecture), or answered more than Lambda takes, 6 MB.",
		see:   "the log group that the stack's output LogGroupName names: the line REPORT has time and memory, and a start that failed has its reason.",
		do: []string{
			"set the stack's parameter Size to standard or large",
			"see that its architecture is that of the executable: make package writes a template that fits",
			"split a template of several megabytes into nested stacks",
		},
	},
	{
		name:  "no-transform",
		text:  "No transform named … found",
		match: []string{`no transform named \S+ found`},
		means: "In this account and Region there is no macro of this name. A macro is known where its stack was deployed and nowhere else, and its name is case-sensitive.",
		see:   "the stacks of this account and Region: one of them must have an AWS::CloudFormation::Macro whose physical id is the name.",
		do: []string{
			"deploy the macro's stack in this account and Region",
			"compare the name in Transform with the stack's parameter for the macro's name",
		},
	},
	{
		name:  "execute-transform",
		text:  "Failed to execute transform …",
		match: []string{`failed to execute transform`},
		means: "CloudFormation could not call the macro's function: it calls with the rights of whoever deploys, and they lack lambda:InvokeFunction on it.",
		see:   "CloudTrail's event Invoke of the function, with AccessDenied.",
		do: []string{
			"allow lambda:InvokeFunction on the macro's function to the role or user that deploys",
			"where the function is in another account, its resource policy must allow this one",
		},
	},
	{
		name:  "data-limit",
		text:  "Transformation data limit exceeded",
		match: []string{`transformation data limit exceeded`},
		means: "With what the macros added, the template is larger than CloudFormation takes: 51,200 bytes where it was passed inline, 1 MB from S3.",
		see:   "`grantinvoke preview template.yaml | wc -c`.",
		do: []string{
			"pass the template by way of S3: aws cloudformation deploy --s3-bucket BUCKET, or sam deploy",
			"set Scope: api, or use Grant: role: both add less",
			"split the template into nested stacks",
		},
	},
	{
		name:  "auto-expand",
		text:  "Requires capabilities : [CAPABILITY_AUTO_EXPAND]",
		match: []string{`requires capabilities ?: ?\[[^\]]*capability_auto_expand`},
		means: "A stack is created or updated directly from a template with macros. CloudFormation wants to hear that you have not reviewed what they add. A change set needs no such word.",
		see:   "`grantinvoke preview -diff template.yaml` shows what is added.",
		do: []string{
			"add --capabilities CAPABILITY_AUTO_EXPAND",
			"or deploy by a change set: aws cloudformation deploy, sam deploy",
		},
	},
	{
		name:  "iam-capability",
		text:  "Requires capabilities : [CAPABILITY_IAM]",
		match: []string{`requires capabilities ?: ?\[[^\]]*capability_(named_)?iam`},
		means: "The template, with what the macro added, makes an IAM role. Permissions (Grant: permission, the default) need no capability; roles (Grant: role) do.",
		see:   "`grantinvoke preview -diff template.yaml` shows whether the role is the macro's.",
		do: []string{
			"add --capabilities CAPABILITY_IAM; the macro's roles have no names, so that CAPABILITY_NAMED_IAM isn't needed for them",
			"or give a role with RoleArn, or use Grant: permission",
		},
	},
	{
		name:  "service-managed",
		text:  "Transform is not supported in SERVICE_MANAGED permission model",
		match: []string{`transform is not supported in service_managed`},
		means: "A StackSet with service-managed permissions takes no template with macros.",
		see:   "`aws cloudformation describe-stack-set --stack-set-name NAME` shows PermissionModel.",
		do: []string{
			"write the permissions into the template before it becomes the StackSet's: grantinvoke eject template.yaml",
			"or use self-managed permissions, with the macro in every target account and Region",
		},
	},
	{
		name:  "unsupported-structure",
		text:  "Template format error: unsupported structure",
		match: []string{`template format error: ?unsupported structure`},
		means: "The template, or what a macro returned for it, is no object. This macro returns an object for every object, so look at the file that was passed and at the other macros of the Transform section.",
		see:   "`grantinvoke check template.yaml` reads the file; an empty one, or a path where the text was wanted, gives this error too.",
		do: []string{
			"pass --template-body file://template.yaml with the file://",
			"name the macros one by one to see which one it is",
		},
	},
	{
		name:  "transform-parameters",
		text:  "The value of parameter … under transform … must resolve to a string, number, boolean or a list of any of these.",
		match: []string{`under transform \S+ must resolve to a string`},
		means: "An option in the Transform section has an object for a value, or an expression that CloudFormation doesn't resolve there: it knows Ref to a parameter or pseudo parameter, and not Fn::ImportValue.",
		see:   "the Parameters below the macro's name in the Transform section.",
		do:    []string{"write a plain value, or Ref to a parameter", "options for one API or function belong into its Metadata.GrantInvoke"},
	},
	{
		name:  "no-updates",
		text:  "No updates are to be performed",
		match: []string{`no updates are to be performed`},
		means: "The template, after all macros, is the one that is deployed. That is no error: a new version of the macro, too, only acts where its output differs.",
		see:   "`aws cloudformation get-template --stack-name NAME --template-stage Processed` shows what is deployed.",
		do:    []string{"nothing", "with the CDK, cdk deploy --force sends a template that it thinks unchanged"},
	},
	{
		name:  "internal-server-error",
		text:  "Internal server error",
		match: []string{`internal server error`},
		means: "The API answers status 500. That is what callers see when API Gateway may not call the function, and also when the function fails or answers in a form that API Gateway doesn't take.",
		see:   "the API's execution log (REST) or access log with $context.integrationErrorMessage and $context.authorizer.error (HTTP, WebSocket); the function's log group: no entry at the time of the request means that it was never called.",
		do: []string{
			"never called: grantinvoke check template.yaml, and the errors above",
			"called: its answer must be {\"statusCode\": 200, \"body\": \"text\"} for a proxy integration",
		},
	},
}
