package main

// stackTroubles are errors of CloudFormation about a template or a stack.
var stackTroubles = []trouble{
	{
		name:  "circular-resources",
		text:  "Circular dependency between resources: […]",
		match: []string{`circular dependenc`, `\be3004\b`},
		means: "Each of the resources waits for another: often a permission whose SourceArn names what the function is wired to, while that names the function by way of its role or environment, or by a DependsOn.",
		see:   "the resources in the message: they wait by Ref, Fn::GetAtt, Fn::Sub or DependsOn. `grantinvoke preview -diff template.yaml` shows what the macro adds: its permissions never make a circular dependency.",
		do: []string{
			"write one of the names as text: an ARN with a fixed name instead of !GetAtt, such as arn:aws:s3:::BUCKET for a bucket",
			"take the DependsOn away that nothing needs",
			"move the permission, or the policy of the function's role, out: into an AWS::IAM::Policy of its own, or another stack",
		},
	},
	{
		name:  "unresolved",
		text:  "Template format error: Unresolved resource dependencies […] in the Resources block of the template",
		match: []string{`unresolved resource dependencies`, `references undefined resource`, `template error: instance of fn::getatt references`, `unable to resolve dependenc|unresolved condition dependency`},
		means: "A Ref, Fn::GetAtt, Fn::Sub or DependsOn names a resource or parameter that the template doesn't have: a typo, a resource that moved to another stack, or ${name} of Fn::Sub that should have been ${!name}.",
		see:   "the names in the message; `grantinvoke check template.yaml` reports those in integrations as dangling, with what was probably meant.",
		do:    []string{"correct the name", "write ${!stageVariables.name} where Fn::Sub is to leave it alone", "for another stack, use Fn::ImportValue or a parameter"},
	},
	{
		name:  "too-many-resources",
		text:  "Template format error: Number of resources, …, is greater than maximum allowed, 500",
		match: []string{`number of resources,? \d+,? is greater than maximum allowed`},
		means: "A template has at most 500 resources (200 once), after all macros. A permission for each route of a large API is a large part of them.",
		see:   "`grantinvoke preview template.yaml`: the macro itself never adds beyond the limit, it takes wider permissions instead or fails.",
		do: []string{
			"set Scope: api, one permission for each API and function, use Grant: policy, one resource for each function, or Grant: role, one for each API",
			"remove permissions that check calls repeated or unused",
			"move a part into a nested stack",
		},
	},
	{
		name:  "template-bytes",
		text:  "Template may not exceed 1000000 bytes in size.",
		match: []string{`template may not exceed \d+ bytes`, `templatebody.{0,60}less than or equal to 51200`},
		means: "A template is at most 51,200 bytes where it is passed as it is, and 1 MB from S3.",
		see:   "`wc -c template.yaml`, and `grantinvoke preview template.yaml | wc -c` with what the macro adds.",
		do:    []string{"pass it by way of S3: aws cloudformation deploy --s3-bucket BUCKET, --template-url, or sam deploy", "set Scope: api, or use Grant: role: both add less", "move a part into a nested stack"},
	},
	{
		name:  "import-not-supported",
		text:  "The following resource types are not supported for resource import: AWS::Lambda::Permission",
		match: []string{`not supported for resource import`, `import operations? (don.t|do not|cannot) (allow|create)`, `as part of the import operation, you cannot modify or add`},
		means: "The stack is made by \"With existing resources (import)\", which takes only what exists already and some types not at all. What a macro adds is new.",
		see:   "which of the two the console was asked for: Create stack, with new resources (standard).",
		do: []string{
			"for a new stack choose \"With new resources (standard)\"",
			"for an import, take the macro out of Transform for that one change set, and deploy with it afterwards",
		},
	},
	{
		name:  "drift",
		text:  "The stack has drifted: AWS::Lambda::Permission DELETED",
		match: []string{`(resource|stack) ?drift ?status`, `\bha(s|ve) drifted\b`, `lambda::permission.{0,80}\bdrift`, `\bdrift.{0,80}lambda::permission`},
		means: "The function's policy isn't the one that the stack made: a statement was removed or changed by hand, or the function was deleted and made again, which takes its policy with it. CloudFormation doesn't put it back by itself: for it nothing has changed.",
		see:   "`aws cloudformation describe-stack-resource-drifts --stack-name NAME`, and `aws lambda get-policy --function-name NAME`.",
		do: []string{
			"add the statement by hand with the stack's statement id, the physical id of the permission",
			"or let CloudFormation make it anew: deploy once with the logical id changed, or without the permission and again with it",
		},
	},
	{
		name:  "change-set-needed",
		text:  "CreateStack cannot be used with templates containing Transforms.",
		match: []string{`(createstack|updatestack) cannot be used with templates containing transforms`, `must use a change set to create this stack because it includes one or more transforms`},
		means: "A template with a Transform section is deployed by a change set, or with CAPABILITY_AUTO_EXPAND.",
		see:   "how the stack is deployed: an old plugin or tool may only know CreateStack.",
		do:    []string{"deploy with aws cloudformation deploy or sam deploy, which make a change set", "or add --capabilities CAPABILITY_AUTO_EXPAND to create-stack and update-stack"},
	},
}
