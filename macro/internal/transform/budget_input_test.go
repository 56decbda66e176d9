package transform

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Hostile events: templates of up to 6 MB that have as much of one thing as fits.

const fnURI = `{"Fn::Sub":"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}`

// times joins what is written for each number with commas.
func times(n int, write func(i int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(write(i))
	}
	return b.String()
}

// each is times for a format with one number, any number of times.
func each(n int, format string) string {
	count := strings.Count(format, "%d")
	return times(n, func(i int) string {
		args := make([]any, count)
		for a := range args {
			args[a] = i
		}
		return fmt.Sprintf(format, args...)
	})
}

// eventOf is an event with the resources, and with further sections.
func eventOf(resources, more, params string) string {
	if more != "" {
		more = "," + more
	}
	return `{"region":"us-east-1","accountId":"111122223333","requestId":"r","templateParameterValues":{},"params":{` + params +
		`},"fragment":{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},` + resources + `}` + more + `}}`
}

func restOf(paths string) string {
	return `"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"openapi":"3.0.1","paths":{` + paths + `}}}}`
}

// routes are n paths of an OpenAPI definition that lead to the function.
func routes(n int, path string) string {
	return each(n, `"`+path+`":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":`+fnURI+`}}}`)
}

func permits(n int, source string) string {
	return each(n, `"P%d":{"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","Principal":"apigateway.amazonaws.com","FunctionName":{"Ref":"Fn"},`+
		`"SourceArn":{"Fn::Sub":"arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/`+source+`"}}}`)
}

func stages(n int) string {
	return each(n, `"S%d":{"Type":"AWS::ApiGateway::Stage","Properties":{"RestApiId":{"Ref":"Api"},"StageName":"stage%d"}}`)
}

func methods(n int, uri, more string) string {
	return each(n, `"M%d":{"Type":"AWS::ApiGateway::Method"`+more+`,"Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"Integration":{"Type":"AWS_PROXY","Uri":`+uri+`}}}`)
}

const plainAPI = `"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Name":"a"}},`

func conditionsOf(list string) string { return `"Conditions":{` + list + `}` }

func ifTree(leaves, from int, leaf string) string {
	if leaves == 1 {
		return leaf
	}
	return fmt.Sprintf(`{"Fn::If":["C%d",%s,%s]}`, from+leaves/2, ifTree(leaves/2, from, leaf), ifTree(leaves-leaves/2, from+leaves/2, leaf))
}

func nestedSub(depth int, inner string) string {
	text := inner
	for range depth {
		text = `{"Fn::Sub":["${a}${a}",{"a":` + text + `}]}`
	}
	return text
}

// hostile are events by what they have too much of.
var hostile = map[string]func() string{
	"stars against a long path": func() string {
		path := strings.Repeat("a", 100_000)
		return eventOf(restOf(`"/`+path+`":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":`+fnURI+`}}}`)+","+permits(8, "*/GET/"+strings.Repeat("*a", 50_000)+"b%d"), "", "")
	},
	"stars against many long paths": func() string {
		return eventOf(restOf(routes(300, "/"+strings.Repeat("a", 1400)+"%d"))+","+permits(300, "*/GET/"+strings.Repeat("*a", 600)+"b%d"), "", "")
	},
	"colons": func() string {
		return eventOf(restOf(`"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"arn:aws:lambda`+strings.Repeat(":", 400_000)+`x"}}}`), "", "")
	},
	"colons in a Sub": func() string {
		return eventOf(restOf(`"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":{"Fn::Sub":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Fn.Arn}`+strings.Repeat(":", 400_000)+`/invocations"}}}}`), "", "")
	},
	"colons in a source": func() string {
		return eventOf(restOf(routes(1, "/a%d"))+","+permits(1, strings.Repeat(":", 400_000)+"%d"), "", "")
	},
	"path segments": func() string {
		return eventOf(restOf(routes(2, strings.Repeat("/a", 400_000)+"%d")), "", "")
	},
	"path segments of a route": func() string {
		return eventOf(`"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP"}},"I":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":`+fnURI+`}},`+
			each(2, `"R%d":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET `+strings.Repeat("/a", 400_000)+`%d","Target":{"Fn::Sub":"integrations/${I}"}}}`), "", "")
	},
	"permissions, routes and stages": func() string {
		return eventOf(restOf(routes(2000, "/p%d"))+","+permits(300, "stage*/GET/q%d")+","+stages(100), "", "")
	},
	"wide permissions, routes and stages": func() string {
		return eventOf(restOf(routes(2000, "/p%d"))+","+permits(300, "stage*0/GET/*p*")+","+stages(101), "", "")
	},
	"declared stages": func() string {
		return eventOf(restOf(routes(10_000, "/p%d"))+","+stages(400), "", `"Stages":"declared"`)
	},
	"names of one condition": func() string {
		return eventOf(plainAPI+each(400, `"M%d":{"Type":"AWS::ApiGateway::Method","Condition":"C%d","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"Integration":{"Type":"AWS_PROXY","Uri":`+fnURI+`}}}`),
			conditionsOf(each(1000, `"C%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]}`)), "")
	},
	"names of one condition in a body": func() string {
		return eventOf(restOf(each(1000, `"/p%d":{"Fn::If":["C%d",{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":`+fnURI+`}}},{"Ref":"AWS::NoValue"}]}`)),
			conditionsOf(each(1000, `"C%d":{"Fn::Not":[{"Condition":"C0x"}]}`)+`,"C0x":{"Fn::Equals":[{"Ref":"AWS::Region"},"us-east-1"]}`), "")
	},
	"conditions that are Or of two": func() string {
		return eventOf(restOf(each(400, `"/p%d":{"Fn::If":["O%d",{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":`+fnURI+`}}},{"Ref":"AWS::NoValue"}]}`)),
			conditionsOf(each(400, `"O%d":{"Fn::Or":[{"Condition":"A%d"},{"Condition":"B%d"}]},"A%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"a%d"]},"B%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"b%d"]}`)), `"Scope":"api"`)
	},
	"methods under Or of two": func() string {
		return eventOf(plainAPI+each(400, `"M%d":{"Type":"AWS::ApiGateway::Method","Condition":"O%d","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"Integration":{"Type":"AWS_PROXY","Uri":`+fnURI+`}}}`),
			conditionsOf(each(400, `"O%d":{"Fn::Or":[{"Condition":"A%d"},{"Condition":"B%d"}]},"A%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"a%d"]},"B%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"b%d"]}`)), "")
	},
	"loops and routes": func() string {
		return eventOf(restOf(routes(10_000, "/p%d"))+","+each(400, `"Fn::ForEach::L%d":["X",["a","b"],{"A${X}%d":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"Integration":{"Type":"AWS_PROXY","Uri":`+fnURI+`}}}}]`), "", "")
	},
	"deployments and Subs in role mode": func() string {
		return eventOf(plainAPI+methods(2, fnURI, "")+","+each(480, `"D%d":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Api"}}}`),
			`"Outputs":{`+each(30_000, `"O%d":{"Value":{"Fn::Sub":"${D1}${Fn}${AWS::Region}%d"}}`)+`}`, `"Grant":"role"`)
	},
	"a Sub of many references in role mode": func() string {
		return eventOf(plainAPI+methods(2, fnURI, "")+","+each(480, `"D%d":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Api"}}}`),
			`"Outputs":{"O":{"Value":{"Fn::Sub":"`+strings.Repeat("${D1}${Fn}", 60_000)+`"}}}`, `"Grant":"role"`)
	},
	"functions of one name": func() string {
		return eventOf(each(480, `"F%d":{"Type":"AWS::Lambda::Function","Condition":"C%d","Properties":{"FunctionName":"same"}}`)+","+
			restOf(each(4000, `"/p%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:same/invocations"}}}`)),
			conditionsOf(each(480, `"C%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"r%d"]}`)), "")
	},
	"credentials as a tree": func() string {
		tree := ifTree(4000, 0, `{"Fn::GetAtt":["Role","Arn"]}`)
		return eventOf(plainAPI+each(40, `"M%d":{"Type":"AWS::ApiGateway::Method","Properties":{"RestApiId":{"Ref":"Api"},"HttpMethod":"GET","ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"Integration":{"Type":"AWS_PROXY","Uri":`+fnURI+`,"Credentials":`+
			tree+`}}}`), conditionsOf(each(4000, `"C%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"r%d"]}`)), "")
	},
	"credentials as a tree, shared by routes": func() string {
		tree := ifTree(4000, 0, `{"Ref":"AWS::NoValue"}`)
		return eventOf(`"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP"}},"I":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":`+fnURI+`,"CredentialsArn":`+tree+`}},`+
			each(480, `"R%d":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":"GET /a%d","Target":{"Fn::Sub":"integrations/${I}"}}}`),
			conditionsOf(each(4000, `"C%d":{"Fn::Equals":[{"Ref":"AWS::Region"},"r%d"]}`)), "")
	},
	"a body of nested Subs": func() string {
		text := template.Quote(`{"openapi":"3.0.1","paths":{"/a":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"${a}"}}}}}`)
		return eventOf(`"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"Fn::Sub":[`+text+`,{"a":`+nestedSub(2000, fnURI)+`}]}}}`, "", "")
	},
	"a body of Subs with a large map": func() string {
		text := template.Quote(`{"openapi":"3.0.1","paths":{` + each(5000, `"/a%d":{"get":{"x-amazon-apigateway-integration":{"type":"aws_proxy","uri":"${a}"}}}`) + `}}`)
		return eventOf(`"Api":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":{"Fn::Sub":[`+text+`,{"a":`+fnURI+`,`+each(20_000, `"v%d":"x"`)+`}]}}}`, "", "")
	},
}
