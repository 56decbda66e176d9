package steps

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// URI is what an integration calls a function with: "${Fn.Arn}", "${Fn.Arn}:live".
func URI(function string) string {
	return `{"Fn::Sub":"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/` + function + `/invocations"}`
}

// Method is a resource: GET at the root of the REST API Api, with attributes (JSON
// members, a comma behind each) and more members of the integration (a comma before each).
func Method(id, uri, attributes, more string) string {
	return fmt.Sprintf(`%q:{"Type":"AWS::ApiGateway::Method",%s"Properties":{"RestApiId":{"Ref":"Api"},"ResourceId":{"Fn::GetAtt":["Api","RootResourceId"]},"HttpMethod":"GET",`+
		`"Integration":{"Type":"AWS_PROXY","IntegrationHttpMethod":"POST","Uri":%s%s}}}`, id, attributes, uri, more)
}

// Reasons are the names of findings, sorted, each once, with blanks between.
func Reasons(list []finding.Finding) string {
	var names []string
	for _, f := range list {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}
