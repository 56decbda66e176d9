package main

// rightTroubles are about the rights of whoever deploys.
var rightTroubles = []trouble{
	{
		name:  "add-permission-denied",
		text:  "User: … is not authorized to perform: lambda:AddPermission on resource: …",
		match: []string{`not authorized to perform:? lambda:(addpermission|getpolicy)`},
		means: "Whoever deploys may not add statements to the function's policy: the user, the pipeline's role, or the role that the stack was given. The macro itself adds nothing; CloudFormation does, with these rights.",
		see:   "the ARN behind \"User:\", and whether the stack has a role of its own: `aws cloudformation describe-stacks --query 'Stacks[].RoleARN'`.",
		do: []string{
			"allow that role lambda:AddPermission, lambda:RemovePermission and lambda:GetPolicy on the functions",
			"where an organization's policy denies it, use Grant: role, which needs iam:PassRole instead",
		},
	},
	{
		name:  "remove-permission-denied",
		text:  "User: … is not authorized to perform: lambda:RemovePermission on resource: …",
		match: []string{`not authorized to perform:? lambda:removepermission`},
		means: "A permission is to go, since the template has it no longer or it is replaced, and whoever deploys may not remove it. On the way back from a failed update that leaves the stack in UPDATE_ROLLBACK_FAILED.",
		see:   "the ARN behind \"User:\".",
		do: []string{
			"allow lambda:RemovePermission beside lambda:AddPermission",
			"then `aws cloudformation continue-update-rollback --stack-name NAME`",
		},
	},
	{
		name:  "pass-role-denied",
		text:  "User: … is not authorized to perform: iam:PassRole on resource: …",
		match: []string{`not authorized to perform:? iam:passrole`},
		means: "A role is handed to a service, API Gateway for credentials or Lambda for a function, and whoever deploys may not hand on this role.",
		see:   "the role in the message: one of the macro's is named after the API, with InvokeRole in it.",
		do: []string{
			"allow iam:PassRole on the role, with the condition iam:PassedToService apigateway.amazonaws.com (or lambda.amazonaws.com)",
			"with Grant: permission no role is made or handed on",
		},
	},
	{
		name:  "role-denied",
		text:  "User: … is not authorized to perform: iam:CreateRole on resource: …",
		match: []string{`not authorized to perform:? iam:(createrole|putrolepolicy|deleterole|deleterolepolicy|attachrolepolicy|getrole|tagrole)`},
		means: "The template makes a role, the macro's with Grant: role or one of its own, and whoever deploys may not.",
		see:   "`grantinvoke preview -diff template.yaml` shows whether the role is the macro's.",
		do: []string{
			"allow iam:CreateRole, iam:PutRolePolicy and their counterparts, with a path (option RolePath) or a boundary (option PermissionsBoundary) where that is the rule",
			"or give a role that is there with RoleArn, or use Grant: permission",
		},
	},
	{
		name:  "transform-denied",
		text:  "User: … is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:…:transform/…",
		match: []string{`not authorized to perform:? cloudformation:createchangeset on resource:? \S*:transform/`},
		means: "A transform is a resource of its own for CreateChangeSet: a right on the stack alone isn't enough. Where the ARN has your account, it is a macro; where it has aws, it is one of CloudFormation's own, such as SAM.",
		see:   "the ARN in the message: behind transform/ stands the name in the template's Transform section.",
		do: []string{
			"allow cloudformation:CreateChangeSet on arn:aws:cloudformation:REGION:ACCOUNT:transform/GrantInvoke, and on arn:aws:cloudformation:REGION:aws:transform/Serverless-2016-10-31 for SAM",
			"check the name: SAM's has a typo where it is AW:: instead of AWS::",
		},
	},
	{
		name:  "change-set-denied",
		text:  "User: … is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:…:stack/…",
		match: []string{`not authorized to perform:? cloudformation:(createchangeset|executechangeset|describechangeset) on resource:? \S*:stack/`},
		means: "Whoever deploys may not make change sets of this stack. A template with macros needs one.",
		see:   "the stack in the message: aws-sam-cli-managed-default is SAM's own, for its bucket.",
		do:    []string{"allow cloudformation:CreateChangeSet, DescribeChangeSet, ExecuteChangeSet and GetTemplateSummary on the stack"},
	},
	{
		name:  "invoke-denied",
		text:  "User: … is not authorized to perform: lambda:InvokeFunction on resource: …",
		match: []string{`not authorized to perform:? lambda:invokefunction`},
		means: "A user or role calls the function and its own policy doesn't allow that: a statement for a service in the function's policy doesn't help. For an integration the role is the one in its credentials; during a deployment with a macro it is whoever deploys, who calls the macro's function; \"explicit deny\" is a policy that forbids it.",
		see:   "the ARN behind \"User:\", and the function in the message.",
		do: []string{
			"allow lambda:InvokeFunction on the function, and on FUNCTION:* where it is called by alias or version, in that role's policy",
			"of an integration: take the credentials away where the function's policy is to decide",
		},
	},
}
