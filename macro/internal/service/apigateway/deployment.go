package apigateway

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// deployments are the resource types of snapshots of APIs, with the property that
// names the API.
var deployments = []struct{ typ, api string }{{"AWS::ApiGateway::Deployment", "RestApiId"}, {"AWS::ApiGatewayV2::Deployment", "ApiId"}}

// redeployment is that of an API, see [invoke.Redeployment]: changed credentials take
// effect only with a new AWS::ApiGateway::Deployment
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html).
// A WebSocket or HTTP API needs the same unless its stages deploy by themselves.
func redeployment(n *invoke.Names, key string) (x invoke.Redeployment) {
	id := stack.Named(key)
	api, _ := n.Template().Resource(id)
	if strings.HasPrefix(api.Type, "AWS::Serverless::") || strings.HasPrefix(id, "Serverless") && api.Type == "" {
		return x // SAM names its deployment by a hash of the definition
	}
	auto, found := deploysItself(n, key), false
	for _, d := range deployments {
		for _, r := range n.Resources(d.typ) {
			if apiKey(n, r, d.api) != key {
				continue
			}
			if found = true; d.api == "RestApiId" || !auto {
				x.Snapshots = append(x.Snapshots, r)
			}
		}
	}
	if len(x.Snapshots) > 0 {
		x.Of = definedBy(n, key)
	}
	if !found && !auto && strings.HasPrefix(api.Type, "AWS::ApiGateway") {
		x.Missing = &finding.Finding{Reason: noDeployment, At: api.Pointer(), Detail: id}
	}
	return x
}

// apiKey is the key of the API that a property of a resource names; "" where that
// depends on conditions.
func apiKey(n *invoke.Names, r template.Resource, property string) string {
	x, ok := r.Properties().Get(property).One()
	if !ok {
		return ""
	}
	a, _ := namedAPI(n, x)
	return a.Key
}

// deploysItself reports whether every stage of a V2 API has AutoDeploy, as the
// one that quick create makes has.
func deploysItself(n *invoke.Names, api string) bool {
	r, _ := n.Template().Resource(stack.Named(api))
	auto := r.Type == "AWS::ApiGatewayV2::Api" && r.Properties().Get("Target").Exists()
	for _, s := range n.Resources("AWS::ApiGatewayV2::Stage") {
		if apiKey(n, s, "ApiId") == api {
			if v, _ := s.Properties().Get("AutoDeploy").Scalar(); !strings.EqualFold(v, "true") {
				return false
			}
			auto = true
		}
	}
	return auto
}

// definedBy returns what a deployment is a snapshot of: all resources of the API but
// stages and deployments.
func definedBy(n *invoke.Names, api string) (all []template.Resource) {
	for _, r := range n.Template().Resources() {
		if !strings.HasPrefix(r.Type, "AWS::ApiGateway") || strings.HasSuffix(r.Type, "::Stage") || strings.HasSuffix(r.Type, "::Deployment") {
			continue
		}
		if r.ID == stack.Named(api) || apiKey(n, r, "RestApiId") == api || apiKey(n, r, "ApiId") == api {
			all = append(all, r)
		}
	}
	return all
}

// opened returns the logical id of the API that a resource makes callable: a stage, or a
// deployment that makes one.
func opened(r template.Resource) (api string, ok bool) {
	p := r.Properties()
	var v template.Value
	switch r.Type {
	case "AWS::ApiGateway::Stage":
		v = p.Get("RestApiId")
	case "AWS::ApiGatewayV2::Stage":
		v = p.Get("ApiId")
	case "AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Deployment":
		if p.Get("StageName").Exists() {
			if v = p.Get("RestApiId"); !v.Exists() {
				v = p.Get("ApiId")
			}
		}
	}
	part, ok := v.Part()
	if !ok || part.Kind == template.Lit {
		return "", false
	}
	api, _, _ = strings.Cut(part.Text, ".")
	return api, true
}
