package live

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Rights returns the IAM policy, as JSON, that allows what this package sends and
// nothing else.
func Rights(partition string) ([]byte, error) {
	type statement struct {
		Sid      string
		Effect   string
		Action   []string
		Resource []string
	}
	apis := []string{}
	for _, path := range []string{"/restapis", "/restapis/*", "/apis", "/apis/*"} {
		apis = append(apis, "arn:"+partition+":apigateway:*::"+path)
	}
	actions := map[string][]string{}
	for _, r := range reads {
		service, operation, _ := strings.Cut(r.name, ":")
		switch service {
		case "API Gateway", "ApiGatewayV2", "STS": // GET on paths; everybody may ask who they are
		case "S3":
			actions["s3"] = append(actions["s3"], "s3:GetBucketNotification")
		default:
			prefix := prefixes[service]
			actions[prefix] = append(actions[prefix], prefix+":"+operation)
		}
	}
	doc := struct {
		Version   string
		Statement []statement
	}{"2012-10-17", []statement{{"apigateway", "Allow", []string{"apigateway:GET"}, apis}}}
	for _, prefix := range slices.Sorted(maps.Keys(actions)) {
		slices.Sort(actions[prefix])
		doc.Statement = append(doc.Statement, statement{prefix, "Allow", actions[prefix], []string{"*"}})
	}
	return json.MarshalIndent(doc, "", "  ")
}

// prefixes maps the SDK's names of services to the prefixes of IAM's actions.
var prefixes = map[string]string{"Lambda": "lambda", "CloudFormation": "cloudformation", "IAM": "iam", "EventBridge": "events", "SNS": "sns", "CloudWatch Logs": "logs"}
