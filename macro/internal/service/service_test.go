package service_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/steps"
)

const (
	head = `"Parameters":{"P":{"Type":"String"}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"c"]}},`
	arn  = `{"Fn::GetAtt":["Fn","Arn"]}`
)

// wired is a resource of a type beside a function that its properties name.
func wired(typ, properties string) string {
	return `"Fn":{"Type":"AWS::Lambda::Function"},"R":{"Type":"` + typ + `","Properties":{` + strings.ReplaceAll(properties, "FN", arn) + `}}`
}

// line is a call in one line: who calls from where, what a statement for it must have,
// when it is, and what else the service tells of it.
func line(c *invoke.Call) string {
	a := c.Source.ARN
	text := c.Kind.Name + " " + c.Principal + " " + cmp.Or(a.Exact.String(), "none")
	if len(a.Presented) > 0 {
		text += " presents " + a.Presented.String()
	}
	if widest, ok := a.Widest(); ok {
		text += " wide " + cmp.Or(widest.String(), "none")
	}
	text += " account " + [...]string{"optional", "sent", "always", "never"}[a.Account]
	if c.Access != invoke.Invoke {
		text += fmt.Sprint(" access ", c.Access.Action())
	}
	if len(c.When) > 0 {
		text += " if " + c.When.String()
	}
	if c.Identity == invoke.Role {
		text += " by role"
	}
	for _, x := range []struct {
		word string
		is   bool
	}{{" before", c.Kind.Before}, {" watched", c.Kind.Watched}, {" itself", c.Kind.Itself}} {
		if x.is {
			text += x.word
		}
	}
	if c.Target.Function != "Fn" {
		text += " of another function"
	}
	if c.Problem != nil {
		text += " !" + c.Problem.Name
	}
	for _, n := range c.Notes {
		text += " +" + n.Name
	}
	return short.Replace(text)
}

var short = strings.NewReplacer("arn:${AWS::Partition}:", "arn:P:", "${AWS::Region}:${AWS::AccountId}", "R:A")

func lines(t *testing.T, resources string, change func(*invoke.Environment)) (all []string, problems string) {
	t.Helper()
	env := steps.Env()
	if change != nil {
		change(&env)
	}
	x := steps.Read(t, "{"+head+`"Resources":{`+resources+`}}`, env, option.Options{})
	for _, c := range x.Found.Calls {
		all = append(all, line(c))
	}
	for _, p := range x.Found.Problems {
		problems += " " + p.Name
	}
	return all, strings.TrimSpace(problems)
}

// What each place of a service makes of a function, in one line for each call: who
// calls (kind and principal), the source ARN of a statement for it, what the service
// presents where that is more, what it may be widened to, and SourceAccount. P, R and
// A stand for the stack's own partition, Region and account.
func TestCalls(t *testing.T) {
	for _, tt := range []struct{ name, typ, properties, want, problems string }{
		{"a bucket", "AWS::S3::Bucket", `"BucketName":"b","NotificationConfiguration":{"LambdaConfigurations":[{"Event":"s3:ObjectCreated:*","Function":FN}]}`,
			"s3-bucket s3.amazonaws.com arn:P:s3:::b presents ${R.Arn} wide none account always before", ""},
		{"a bucket without a name", "AWS::S3::Bucket", `"NotificationConfiguration":{"LambdaConfigurations":[{"Event":"s3:ObjectCreated:*","Function":FN}]}`,
			"s3-bucket s3.amazonaws.com none presents ${R.Arn} wide none account always before", ""},
		{"a bucket in one case", "AWS::S3::Bucket", `"BucketName":"b","NotificationConfiguration":{"Fn::If":["C",{"LambdaConfigurations":[{"Event":"e","Function":FN}]},{"Ref":"AWS::NoValue"}]}`,
			"s3-bucket s3.amazonaws.com arn:P:s3:::b presents ${R.Arn} wide none account always if C before", ""},
		{"a topic", "AWS::SNS::Topic", `"Subscription":[{"Protocol":"lambda","Endpoint":FN},{"Protocol":"sqs","Endpoint":"q"}]`,
			"sns-topic sns.amazonaws.com ${R} wide arn:P:sns:R:A:* account optional", ""},
		{"a subscription", "AWS::SNS::Subscription", `"Protocol":"lambda","TopicArn":"arn:aws:sns:us-east-1:111122223333:t","Endpoint":FN`,
			"sns-subscription sns.amazonaws.com arn:aws:sns:us-east-1:111122223333:t account optional", ""},
		{"a topic of a Region that is opted into", "AWS::SNS::Subscription", `"Protocol":"lambda","TopicArn":"arn:aws:sns:af-south-1:111122223333:t","Endpoint":FN`,
			"sns-subscription sns.af-south-1.amazonaws.com arn:aws:sns:af-south-1:111122223333:t account optional +opt-in-region", ""},
		{"an alarm", "AWS::CloudWatch::Alarm", `"AlarmActions":[FN],"OKActions":["arn:aws:sns:us-east-1:111122223333:t"]`,
			"alarm lambda.alarms.cloudwatch.amazonaws.com ${R.Arn} wide arn:P:cloudwatch:R:A:alarm:* account always", ""},
		{"a rule", "AWS::Events::Rule", `"Targets":[{"Id":"a","Arn":FN},{"Id":"b","Arn":FN,"RoleArn":"arn:aws:iam::111122223333:role/r"}]`,
			"events-rule events.amazonaws.com ${R.Arn} wide arn:P:events:R:A:rule/* account sent | events-rule events.amazonaws.com ${R.Arn} wide arn:P:events:R:A:rule/* account sent by role", ""},
		{"a rule with a role", "AWS::Events::Rule", `"RoleArn":"arn:aws:iam::111122223333:role/r","Targets":[{"Id":"a","Arn":FN}]`,
			"events-rule events.amazonaws.com ${R.Arn} wide arn:P:events:R:A:rule/* account sent +rule-role", ""},
		{"a subscription filter", "AWS::Logs::SubscriptionFilter", `"LogGroupName":"/g","DestinationArn":FN`,
			"logs-filter logs.amazonaws.com arn:P:logs:R:A:log-group:/g:* wide arn:P:logs:R:A:log-group:* account sent before", ""},
		{"a user pool", "AWS::Cognito::UserPool", `"LambdaConfig":{"PreSignUp":FN,"KMSKeyID":"k","PreTokenGenerationConfig":{"LambdaArn":FN,"LambdaVersion":"V2_0"}}`,
			"cognito-trigger cognito-idp.amazonaws.com ${R.Arn} wide arn:P:cognito-idp:R:A:userpool/* account sent | cognito-trigger cognito-idp.amazonaws.com ${R.Arn} wide arn:P:cognito-idp:R:A:userpool/* account sent", ""},
		{"a topic rule", "AWS::IoT::TopicRule", `"TopicRulePayload":{"Sql":"s","Actions":[{"Lambda":{"FunctionArn":FN}}],"ErrorAction":{"Lambda":{"FunctionArn":FN}}}`,
			"iot-rule iot.amazonaws.com ${R.Arn} wide arn:P:iot:R:A:rule/* account always | iot-rule iot.amazonaws.com ${R.Arn} wide arn:P:iot:R:A:rule/* account always", ""},
		{"a provisioning template", "AWS::IoT::ProvisioningTemplate", `"TemplateName":"t","PreProvisioningHook":{"TargetArn":FN}`,
			"iot-provisioning iot.amazonaws.com arn:P:iot:R:A:provisioningtemplate/t wide arn:P:iot:R:A:provisioningtemplate/* account always before", ""},
		{"an authorizer of IoT", "AWS::IoT::Authorizer", `"AuthorizerFunctionArn":FN`,
			"iot-authorizer iot.amazonaws.com ${R.Arn} wide arn:P:iot:R:A:authorizer/* account sent", ""},
		{"a target group", "AWS::ElasticLoadBalancingV2::TargetGroup", `"TargetType":"lambda","Targets":[{"Id":FN}]`,
			"elb-target-group elasticloadbalancing.amazonaws.com arn:P:elasticloadbalancing:R:A:targetgroup/* presents ${R} wide arn:P:elasticloadbalancing:R:A:targetgroup/* account never before", ""},
		{"a target group of machines", "AWS::ElasticLoadBalancingV2::TargetGroup", `"TargetType":"ip","Targets":[{"Id":"10.0.0.1"}]`,
			"", ""},
		{"a Config rule", "AWS::Config::ConfigRule", `"Source":{"Owner":"CUSTOM_LAMBDA","SourceIdentifier":FN}`,
			"config-rule config.amazonaws.com none presents ${R.Arn} wide none account always before", ""},
		{"a managed Config rule", "AWS::Config::ConfigRule", `"Source":{"Owner":"AWS","SourceIdentifier":"S3_BUCKET_LOGGING_ENABLED"}`,
			"", ""},
		{"a receipt rule", "AWS::SES::ReceiptRule", `"RuleSetName":"s","Rule":{"Name":"r","Actions":[{"LambdaAction":{"FunctionArn":FN}}]}`,
			"ses-receipt-rule ses.amazonaws.com arn:P:ses:R:A:receipt-rule-set/s:receipt-rule/r wide arn:P:ses:R:A:receipt-rule-set/s:receipt-rule/* account always before", ""},
		{"a rotation", "AWS::SecretsManager::RotationSchedule", `"SecretId":"arn:aws:secretsmanager:us-east-1:111122223333:secret:s-abcdef","RotationLambdaARN":FN`,
			"secret-rotation secretsmanager.amazonaws.com none presents arn:aws:secretsmanager:us-east-1:111122223333:secret:s-abcdef wide none account always before", ""},
		{"an AppSync API", "AWS::AppSync::GraphQLApi", `"AuthenticationType":"AWS_LAMBDA","LambdaAuthorizerConfig":{"AuthorizerUri":FN}`,
			"appsync-authorizer appsync.amazonaws.com ${R.Arn} wide arn:P:appsync:R:A:apis/* account optional", ""},
		{"an AppSync API with a key", "AWS::AppSync::GraphQLApi", `"AuthenticationType":"API_KEY","LambdaAuthorizerConfig":{"AuthorizerUri":FN}`,
			"", ""},
		{"an agent", "AWS::Bedrock::Agent", `"ActionGroups":[{"ActionGroupName":"g","ActionGroupExecutor":{"Lambda":FN}}]`,
			"bedrock-agent bedrock.amazonaws.com ${R.AgentArn} wide arn:P:bedrock:R:A:agent/* account always", ""},
		{"a repository", "AWS::CodeCommit::Repository", `"RepositoryName":"r","Triggers":[{"Name":"t","DestinationArn":FN,"Events":["all"]}]`,
			"codecommit-trigger codecommit.amazonaws.com ${R.Arn} wide arn:P:codecommit:R:A:* account optional", ""},
		{"log groups of the account", "AWS::Logs::AccountPolicy", `"PolicyName":"p","PolicyType":"SUBSCRIPTION_FILTER_POLICY","PolicyDocument":{"Fn::Sub":"{\"DestinationArn\":\"${Fn.Arn}\"}"}`,
			"logs-account-policy logs.amazonaws.com arn:P:logs:R:A:log-group:* account always before", ""},
		{"a pool's replica", "AWS::Cognito::UserPoolRegionalConfigurationAttachment", `"UserPoolId":"us-east-1_x","LambdaConfig":{"PostConfirmation":FN}`,
			"cognito-replica-trigger cognito-idp.amazonaws.com arn:P:cognito-idp:R:A:userpool/us-east-1_x wide arn:P:cognito-idp:R:A:userpool/* account sent", ""},
		{"a named target group", "AWS::ElasticLoadBalancingV2::TargetGroup", `"Name":"n","TargetType":"lambda","Targets":[{"Id":FN}]`,
			"elb-target-group elasticloadbalancing.amazonaws.com arn:P:elasticloadbalancing:R:A:targetgroup/n/* presents ${R} wide arn:P:elasticloadbalancing:R:A:targetgroup/* account never before", ""},
		{"a server", "AWS::Transfer::Server", `"IdentityProviderType":"AWS_LAMBDA","IdentityProviderDetails":{"Function":FN}`,
			"transfer-server transfer.amazonaws.com ${R.Arn} wide arn:P:transfer:R:A:server/* account optional", ""},
		{"an evaluator", "AWS::BedrockAgentCore::Evaluator", `"EvaluatorConfig":{"CodeBased":{"LambdaConfig":{"LambdaArn":FN}}}`,
			"agentcore-evaluator bedrock-agentcore.amazonaws.com ${R.EvaluatorArn} wide arn:P:bedrock-agentcore:R:A:evaluator/* account always", ""},
		{"an AppSync API of events", "AWS::AppSync::Api", `"EventConfig":{"AuthProviders":[{"AuthType":"AWS_LAMBDA","LambdaAuthorizerConfig":{"AuthorizerUri":FN}}]}`,
			"appsync-event-authorizer appsync.amazonaws.com ${R.ApiArn} wide arn:P:appsync:R:A:apis/* account optional", ""},
		{"a FIFO topic", "AWS::SNS::Topic", `"FifoTopic":true,"Subscription":[{"Protocol":"lambda","Endpoint":FN}]`,
			"", "fifo-topic"},
		{"a protocol that nobody knows", "AWS::SNS::Subscription", `"Protocol":{"Ref":"P"},"TopicArn":"arn:aws:sns:us-east-1:111122223333:t","Endpoint":FN`,
			"", "unknown-protocol"},
		{"a URL of which nobody knows whom it lets in", "AWS::Lambda::Url", `"AuthType":{"Ref":"P"},"TargetFunctionArn":FN`,
			"", "unknown-auth-type"},
		{"a rule on a bus of its own", "AWS::Events::Rule", `"Name":"n","EventBusName":"bus","Targets":[{"Id":"a","Arn":FN}]`,
			"events-rule events.amazonaws.com ${R.Arn} wide arn:P:events:R:A:rule/* account sent", ""},
		{"a public URL", "AWS::Lambda::Url", `"AuthType":"NONE","TargetFunctionArn":FN`,
			"function-url * none presents ${R.FunctionUrl} account never access lambda:InvokeFunctionUrl | function-url * none presents ${R.FunctionUrl} account never access lambda:InvokeFunction", ""},
		{"a signed URL", "AWS::Lambda::Url", `"AuthType":"AWS_IAM","TargetFunctionArn":FN`,
			"", ""},
		{"a bot", "AWS::Lex::BotAlias", `"BotAliasName":"a","BotId":"B","BotAliasLocaleSettings":[{"LocaleId":"en_US","BotAliasLocaleSetting":{"Enabled":true,"CodeHookSpecification":{"LambdaCodeHook":{"LambdaArn":FN,"CodeHookInterfaceVersion":"1.0"}}}}]`,
			"lex-alias lexv2.amazonaws.com ${R.Arn} wide arn:P:lex:R:A:bot-alias/* account optional", ""},
		{"a chime application", "AWS::Chime::SipMediaApplication", `"Endpoints":[{"LambdaArn":FN}]`,
			"chime-sip-application voiceconnector.chime.amazonaws.com ${R.Arn} account never itself", ""},
	} {
		all, problems := lines(t, wired(tt.typ, tt.properties), nil)
		if got := strings.Join(all, " | "); got != tt.want || problems != tt.problems {
			t.Errorf("%s:\n%s, problems %q\nwant\n%s, problems %q", tt.name, got, problems, tt.want, tt.problems)
		}
	}
}

// A parameter tells whether a place is one, where its value is known and isn't empty.
func TestWordOfParameter(t *testing.T) {
	authorizer := wired("AWS::AppSync::GraphQLApi", `"AuthenticationType":{"Ref":"P"},"LambdaAuthorizerConfig":{"AuthorizerUri":FN}`)
	for _, tt := range []struct {
		value string
		known bool
		want  int
	}{{"AWS_LAMBDA", true, 1}, {"API_KEY", true, 0}, {"", true, 1}, {"", false, 1}} {
		all, _ := lines(t, authorizer, func(env *invoke.Environment) {
			if tt.known {
				env.Parameters["P"] = tt.value
			}
		})
		if len(all) != tt.want {
			t.Errorf("%q, known %v: %q", tt.value, tt.known, all)
		}
	}
}

// The catalog is whole: each service and each place has a name of its own, says what
// it is about, and finds what it says.
func TestCatalog(t *testing.T) {
	services, kinds := map[string]bool{}, map[string]bool{}
	for _, s := range service.All().Services {
		if services[s.Name] || s.Name == "" || s.Title == "" || s.Word == "" || s.Principal == "" && s.OtherPrincipal == nil {
			t.Errorf("%q: twice, or without name, title, word or principal", s.Name)
		}
		services[s.Name] = true
		if len(s.Kinds) == 0 {
			t.Errorf("%s has no place from which it calls", s.Name)
		}
		for _, k := range s.Kinds {
			if kinds[k.Name] || k.Doc == "" || len(k.Types) == 0 || k.Find == nil {
				t.Errorf("%s of %s: twice, or without words, types or a way to find it", k.Name, s.Name)
			}
			if k.Watched && k.Itself {
				t.Errorf("%s is both watched and granted by itself", k.Name)
			}
			kinds[k.Name] = true
			for _, typ := range k.Types {
				if parts := strings.Split(typ, "::"); len(parts) != 3 && typ != "AWS::CloudFormation::Stack" {
					t.Errorf("%s of %s is no type of resources", typ, k.Name)
				}
			}
		}
		for typ := range s.Spells {
			if !strings.HasPrefix(typ, "AWS::") {
				t.Errorf("%s spells %s", s.Name, typ)
			}
		}
	}
	reasons := map[string]bool{}
	for _, r := range service.Reasons() {
		if reasons[r.Name] || r.Sentence == "" || r.Hint == "" {
			t.Errorf("the reason %s: twice, or without a sentence or hint", r.Name)
		}
		reasons[r.Name] = true
	}
	for _, s := range service.All().Silent {
		if s.Because == "" || services[s.Principal] {
			t.Errorf("%s: without a reason, or a service's own", s.Principal)
		}
	}
}

// References to a resource and its ARN as text are the same source, since a statement
// may name either.
func TestSpells(t *testing.T) {
	for _, tt := range []struct{ name, typ, properties, reference, text string }{
		{"a bucket", "AWS::S3::Bucket", `"BucketName":"b"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:s3:::b"},
		{"a bucket by Ref", "AWS::S3::Bucket", `"BucketName":"b"`, `{"Fn::Sub":"arn:${AWS::Partition}:s3:::${R}"}`, "arn:aws:s3:::b"},
		{"a topic", "AWS::SNS::Topic", `"TopicName":"t"`, `{"Ref":"R"}`, "arn:aws:sns:us-east-1:111122223333:t"},
		{"a topic by its name", "AWS::SNS::Topic", `"TopicName":"t"`, `{"Fn::Sub":"arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${R.TopicName}"}`, "arn:aws:sns:us-east-1:111122223333:t"},
		{"a rule", "AWS::Events::Rule", `"Name":"r"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:events:us-east-1:111122223333:rule/r"},
		{"a rule on a bus of its own", "AWS::Events::Rule", `"Name":"r","EventBusName":"bus"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:events:us-east-1:111122223333:rule/bus/r"},
		{"a rule on the default bus", "AWS::Events::Rule", `"Name":"r","EventBusName":"default"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:events:us-east-1:111122223333:rule/r"},
		{"an alarm", "AWS::CloudWatch::Alarm", `"AlarmName":"a"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:cloudwatch:us-east-1:111122223333:alarm:a"},
		{"a log group", "AWS::Logs::LogGroup", `"LogGroupName":"/g"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:logs:us-east-1:111122223333:log-group:/g:*"},
		{"a topic rule", "AWS::IoT::TopicRule", `"RuleName":"r"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:iot:us-east-1:111122223333:rule/r"},
		{"a repository", "AWS::CodeCommit::Repository", `"RepositoryName":"r"`, `{"Fn::GetAtt":["R","Arn"]}`, "arn:aws:codecommit:us-east-1:111122223333:r"},
	} {
		x := steps.Read(t, `{"Resources":{"R":{"Type":"`+tt.typ+`","Properties":{`+tt.properties+`}}},"Outputs":{"Ref":{"Value":`+tt.reference+`},"Text":{"Value":"`+tt.text+`"}}}`, steps.Env(), option.Options{})
		pattern := func(output string) string {
			text, _ := x.Template.Section("Outputs").Path(output, "Value").One()
			return statement.ARNPattern(x.View, text)
		}
		if reference, text := pattern("Ref"), pattern("Text"); reference != text {
			t.Errorf("%s: %q and %q", tt.name, reference, text)
		}
	}
}
