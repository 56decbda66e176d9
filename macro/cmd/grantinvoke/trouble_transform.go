package main

// transformTroubles are errors of CloudFormation about macros.
var transformTroubles = []trouble{
	{
		name:  "macro-failed",
		text:  "Transform …::GrantInvoke failed with: …",
		ours:  true,
		match: []string{`transform (\S+) failed with: `},
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
		ours:  true,
		match: []string{`transform (\S+) failed without an error message`, `^()failed without an error message`},
		means: "The macro's function answered, but not with success, and without a reason. This macro always gives one: the function behind the name is another, or an old one.",
		see:   "`aws cloudformation describe-stack-resources` on the stack that has the AWS::CloudFormation::Macro, and the log group of its function.",
		do:    []string{"deploy the macro's stack again", "see that no other stack has a macro of this name"},
	},
	{
		name:  "malformed-response",
		text:  "Received malformed response from transform …",
		ours:  true,
		match: []string{`received malformed response from transform (\S*)`},
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
		ours:  true,
		match: []string{`no transform named (\S+) found`},
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
		ours:  true,
		match: []string{`failed to execute transform ?(\S*)`},
		means: "CloudFormation could not call the macro's function: it calls with the rights of whoever deploys, and they lack lambda:InvokeFunction on it.",
		see:   "CloudTrail's event Invoke of the function, with AccessDenied.",
		do: []string{
			"allow lambda:InvokeFunction on the macro's function to the role or user that deploys",
			"where the function is in another account, its resource policy must allow this one",
		},
	},
	{
		name:  "transform-parameters",
		text:  "The value of parameter … under transform … must resolve to a string, number, boolean or a list of any of these.",
		ours:  true,
		match: []string{`under transform (\S+) must resolve to a string`},
		means: "An option in the Transform section has an object for a value, or an expression that CloudFormation doesn't resolve there: it knows Ref to a parameter or pseudo parameter, and not Fn::ImportValue.",
		see:   "the Parameters below the macro's name in the Transform section.",
		do:    []string{"write a plain value, or Ref to a parameter", "options for one API or function belong into its Metadata.GrantInvoke"},
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
}

// Failures of other transforms.
var (
	samFailed = trouble{
		name:  "sam-failed",
		text:  "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. …",
		means: "SAM can't read the template; what follows names the resource and the property. It is not GrantInvoke: where that is listed behind SAM it has not been called yet, and what it adds before SAM is plain CloudFormation, which SAM leaves alone.",
		see:   "`sam validate --lint --template template.yaml`.",
		do: []string{
			"correct what the message names, by SAM's documentation of that property",
			"an event's RestApiId or ApiId is a !Ref to an API of the same template",
		},
	}
	otherTransform = trouble{
		name:  "other-transform",
		text:  "Transform … failed with: …, of a transform that isn't GrantInvoke",
		means: "CloudFormation names the transform, and it is another one: a macro of your own or of somebody else, or one of CloudFormation's such as AWS::Include and AWS::LanguageExtensions. GrantInvoke has no part in it.",
		see:   "the name behind \"transform\": with an account in front it is a macro, whose function's log has more; with AWS:: it is CloudFormation's own, whose message is all there is.",
		do: []string{
			"look in that macro's documentation and its function's log group",
			"where GrantInvoke is deployed under this name, say so: grantinvoke explain -macro NAME",
		},
	}
)
