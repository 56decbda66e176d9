package transform

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// worse are further hostile events, which a search for the worst has found.
var worse = map[string]func() string{
	"permissions that allow every stage but one": func() string {
		return eventOf(restOf(routes(2000, "/p%d"))+","+permits(300, "stage*/GET/*p*")+","+stages(100)+`,"Last":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"zlast"}}`, "", "")
	},
	"stages": func() string {
		return eventOf(restOf(routes(10, "/p%d"))+","+stages(40_000), "", "")
	},
	"permissions of one function": func() string {
		return eventOf(restOf(routes(50, "/p%d"))+","+permits(15_000, "prod/GET/x%d"), "", "")
	},
	"permissions that nearly fit": func() string {
		return eventOf(restOf(routes(4000, "/p%d"))+","+permits(4000, "*/get/p%d"), "", "")
	},
	"permissions with question marks": func() string {
		return eventOf(restOf(routes(2000, "/"+strings.Repeat("ab", 300)+"%d"))+","+permits(1000, "*/GET/"+strings.Repeat("*?b", 250)+"x%d"), "", "")
	},
	"a chain of conditions": func() string {
		return eventOf(restOf(each(2000, `"/p%d":{"Fn::If":["C%d",{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":`+fnURI+`}}},{"Ref":"AWS::NoValue"}]}`)),
			conditionsOf(`"C0":{"Fn::Equals":[{"Ref":"AWS::Region"},"a"]},`+times(9999, func(i int) string {
				return fmt.Sprintf(`"C%d":{"Fn::And":[{"Condition":"C%d"},{"Fn::Equals":["a",{"Ref":"P%d"}]}]}`, i+1, i, i)
			})), "")
	},
	"conditions of twelve comparisons": func() string {
		return eventOf(restOf(each(3000, `"/p%d":{"Fn::If":["C%d",{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::If":["D%d",`+fnURI+`,`+fnURI+`]}}}},{"Ref":"AWS::NoValue"}]}`)),
			conditionsOf(each(3000, `"C%d":{"Fn::Or":[`+each(6, `{"Fn::Equals":[{"Ref":"P%d"},"a"]}`)+`]},"D%d":{"Fn::And":[`+each(6, `{"Fn::Equals":[{"Ref":"Q%d"},"a"]}`)+`]}`)), "")
	},
	"branches in one another": func() string {
		deep := strings.Repeat(`{"Fn::If":["C%d",`, 0)
		for i := range 4000 {
			deep += fmt.Sprintf(`{"Fn::If":["C%d",`, i)
		}
		deep += fnURI + strings.Repeat(`,{"Ref":"AWS::NoValue"}]}`, 4000)
		return eventOf(plainAPI+strings.ReplaceAll(methods(10, "URI", ""), "URI", deep), conditionsOf(each(4000, `"C%d":{"Fn::Equals":[{"Ref":"P%d"},"x"]}`)), "")
	},
	"routes in role mode": func() string {
		return eventOf(restOf(routes(30_000, "/p%d")), "", `"Grant":"role"`)
	},
	"functions and routes in role mode": func() string {
		return eventOf(each(400, `"F%d":{"Type":"AWS::Lambda::Function"}`)+","+restOf(times(20_000, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F%d.Arn}:a%d/invocations"}}}}`, i, i%400, i)
		})), "", `"Grant":"role"`)
	},
	"targets of a rule": func() string {
		return eventOf(`"R":{"Type":"AWS::Events::Rule","Properties":{"Targets":[`+each(60_000, `{"Id":"t%d","Arn":{"Fn::Sub":"${Fn.Arn}:a%d"}}`)+`]}}`, "", "")
	},
	"actions of an alarm": func() string {
		return eventOf(`"A":{"Type":"AWS::CloudWatch::Alarm","Properties":{"AlarmActions":[`+each(150_000, `{"Fn::Sub":"${Fn.Arn}"}`)+`]}}`, "", "")
	},
	"bucket notifications under conditions": func() string {
		return eventOf(`"B":{"Type":"AWS::S3::Bucket","Properties":{"NotificationConfiguration":{"LambdaConfigurations":[`+each(10_000, `{"Fn::If":["C%d",{"Event":"e","Function":{"Fn::Sub":"${Fn.Arn}:a%d"}},{"Ref":"AWS::NoValue"}]}`)+`]}}}`,
			conditionsOf(each(10_000, `"C%d":{"Fn::Equals":[{"Ref":"P%d"},"x"]}`)), "")
	},
	"stage variables": func() string {
		return eventOf(restOf(each(3000, `"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}:${!stageVariables.v}/invocations"}}}}`))+","+
			each(300, `"S%d":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"s%d","Variables":{"v":"a%d"}}}`), "", "")
	},
	"many variables in a URI": func() string {
		var uri strings.Builder
		for i := range 10_000 {
			fmt.Fprintf(&uri, "${!stageVariables.v%d}", i)
		}
		return eventOf(restOf(`"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/`+uri.String()+`/invocations"}}}}`)+
			`,"S":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"s","Variables":{`+each(10_000, `"v%d":"x"`)+`}}}`, "", "")
	},
	"resources in one another": func() string {
		return eventOf(plainAPI+`"R0":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":{"Fn::GetAtt":["Api","RootResourceId"]},"PathPart":"a"}},`+
			times(20_000, func(i int) string {
				return fmt.Sprintf(`"R%d":{"Type":"AWS::ApiGateway::Resource","Properties":{"RestApiId":{"Ref":"Api"},"ParentId":{"Ref":"R%d"},"PathPart":"a"}}`, i+1, i)
			})+`,"M":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Ref":"R20000"},"Integration":{"Type":"AWS","Uri":`+fnURI+`}}}`, "", "")
	},
	"routes of one integration": func() string {
		return eventOf(`"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP"}},"I":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":`+fnURI+`}},`+
			each(30_000, `"R%d":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /a%d","Target":{"Fn::Sub":"integrations/${I}"}}}`), "", "")
	},
	"SAM events": func() string {
		return eventOf(`"S":{"Type":"AWS::Serverless::Function","Properties":{"Events":{`+each(40_000, `"E%d":{"Type":"Api","Properties":{"Path":"/e%d","Method":"get"}}`)+`}}}`, "", "")
	},
	"statements of a policy": func() string {
		return eventOf(restOf(routes(2000, "/p%d"))+`,"P":{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":{"Version":"2012-10-17","Statement":[`+
			each(2000, `{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:*n*v*k*","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":{"Fn::Sub":"arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*a*b*c*%d"}}}}`)+`]}}}`, "", "")
	},
	"values of a statement": func() string {
		return eventOf(restOf(routes(500, "/p%d"))+`,"P":{"Type":"AWS::Lambda::ResourcePolicy","Properties":{"ResourceArn":{"Fn::GetAtt":["Fn","Arn"]},"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:SourceArn":[`+
			each(20_000, `"arn:*:execute-api:*?*:*/*?a%d"`)+`]}}}]}}}`, "", "")
	},
	"long names": func() string {
		long := strings.Repeat("N", 255)
		return eventOf(each(400, `"`+long[:250]+`%d":{"Type":"AWS::Lambda::Function"}`)+","+restOf(times(10_000, func(i int) string {
			return fmt.Sprintf(`"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s%d.Arn}/invocations"}}}}`, i, long[:250], i%400)
		})), "", "")
	},
	"options of every resource": func() string {
		return eventOf(plainAPI+each(15_000, `"M%d":{"Type":"AWS::ApiGateway::Method","Metadata":{"GrantInvoke":{"Scope":"route","SourceAccount":"true"}},"Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"Integration":{"Type":"AWS_PROXY","Uri":`+fnURI+`}}}`), "", "")
	},
	"a list of lists": func() string {
		return eventOf(`"X":{"Type":"A::B::C","Properties":{"L":[`+strings.TrimSuffix(strings.Repeat("[],", 1_900_000), ",")+`]}}`, "", "")
	},
	"texts of texts": func() string {
		text := fnURI
		for range 9 {
			text = template.Quote(text)
		}
		return eventOf(`"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":`+text+`}}`, "", "")
	},
	"one Join of many parts": func() string {
		return eventOf(restOf(each(20, `"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Join":["",[`+each(10_000, `{"Ref":"P%d"}`)+`]]}}}}`)), "", "")
	},
	"APIs of one function": func() string {
		return eventOf(each(12_000, `"A%d":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP","Target":{"Fn::GetAtt":["Fn","Arn"]}}}`), "", "")
	},
	"parameters that guard": func() string {
		return eventOf(plainAPI+methods(450, `{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${P%d}/invocations"}`, ""), `"Parameters":{`+each(450, `"P%d":{"Type":"String"}`)+`}`, `"GuardParameters":"true"`)
	},
	"permissions under conditions": func() string {
		return eventOf(restOf(routes(400, "/p%d"))+","+strings.ReplaceAll(permits(400, "*/GET/*"), `"Type":"AWS::Lambda::Permission"`, `"Type":"AWS::Lambda::Permission","Condition":"C1"`),
			conditionsOf(each(400, `"C%d":{"Fn::Equals":[{"Ref":"P%d"},"x"]}`)), "")
	},
	"subscriptions": func() string {
		return eventOf(each(20_000, `"S%d":{"Type":"AWS::SNS::Subscription","Properties":{"Protocol":"lambda","TopicArn":"arn:aws:sns:us-east-1:111122223333:t%d","Endpoint":{"Fn::GetAtt":["Fn","Arn"]}}}`), "", "")
	},
	"buckets": func() string {
		return eventOf(each(15_000, `"B%d":{"Type":"AWS::S3::Bucket","DependsOn":["Fn"],"Properties":{"BucketName":"b%d","NotificationConfiguration":{"LambdaConfigurations":[{"Event":"e","Function":{"Fn::GetAtt":["Fn","Arn"]}}]}}}`), "", "")
	},
	"buckets and permissions in a chain": func() string {
		return eventOf(each(8000, `"B%d":{"Type":"AWS::S3::Bucket","DependsOn":["P%d"],"Properties":{"BucketName":"b%d","NotificationConfiguration":{"LambdaConfigurations":[{"Event":"e","Function":{"Fn::GetAtt":["Fn","Arn"]}}]}}}`)+","+
			times(8000, func(i int) string {
				return fmt.Sprintf(`"P%d":{"Type":"AWS::Lambda::Permission","DependsOn":"P%d","Properties":{"Action":"lambda:InvokeFunction","Principal":"s3.amazonaws.com","FunctionName":{"Ref":"Fn"},"SourceArn":"arn:aws:s3:::c%d","SourceAccount":{"Ref":"AWS::AccountId"}}}`, i, max(i-1, 0), i)
			}), "", "")
	},
	"filters of one group": func() string {
		return eventOf(`"G":{"Type":"AWS::Logs::LogGroup"},`+each(12_000, `"L%d":{"Type":"AWS::Logs::SubscriptionFilter","Properties":{"LogGroupName":{"Ref":"G"},"FilterPattern":"","DestinationArn":{"Fn::Sub":"${Fn.Arn}:a%d"}}}`), "", "")
	},
	"aliases": func() string {
		return eventOf(each(10_000, `"A%d":{"Type":"AWS::Lambda::Alias","Properties":{"Name":"same","FunctionName":{"Ref":"Fn"}}}`)+","+restOf(each(4000, `"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}:same/invocations"}}}}`)), "", "")
	},
	"connectors": func() string {
		return eventOf(restOf(routes(100, "/p%d"))+`,"C":{"Type":"AWS::Serverless::Connector","Properties":{"Source":{"Id":"Api"},"Destination":[`+each(60_000, `{"Id":"Fn","x":%d}`)+`],"Permissions":["Write"]}}`, "", "")
	},
	"resources without sense": func() string {
		return eventOf(each(60_000, `"R%d":{"Type":"AWS::ApiGateway::Method","Properties":{"Integration":{"Uri":{"Ref":"R%d"}}}}`), "", "")
	},
}
