package cloud

import (
	"net/http"
	"net/url"
	"strings"
)

type handler = func(*Server, request) (answer, error)

// A way is an operation with its method and path, in which {} is any one segment.
type way struct {
	method, path, operation string
	handle                  handler
}

// ways are the operations with a path of their own.
func ways() []way {
	return []way{
		{"GET", "/2015-03-31/functions", "lambda:ListFunctions", listFunctions},
		{"GET", "/2015-03-31/functions/{}/configuration", "lambda:GetFunctionConfiguration", getFunction},
		{"GET", "/2015-03-31/functions/{}/aliases", "lambda:ListAliases", listAliases},
		{"GET", "/2015-03-31/functions/{}/versions", "lambda:ListVersionsByFunction", listVersions},
		{"GET", "/2015-03-31/functions/{}/policy", "lambda:GetPolicy", getPolicy},
		{"POST", "/2015-03-31/functions/{}/policy", "lambda:AddPermission", addPermission},
		{"DELETE", "/2015-03-31/functions/{}/policy/{}", "lambda:RemovePermission", removePermission},
		{"PUT", "/2026-07-09/resource-policy/{}", "lambda:PutResourcePolicy", putResourcePolicy},
		{"GET", "/2026-07-09/resource-policy/{}", "lambda:GetResourcePolicy", getResourcePolicy},
		{"DELETE", "/2026-07-09/resource-policy/{}", "lambda:DeleteResourcePolicy", deleteResourcePolicy},
		{"GET", "/restapis", "apigateway:GetRestApis", getRESTs},
		{"GET", "/restapis/{}", "apigateway:GetRestApi", getREST},
		{"GET", "/restapis/{}/stages", "apigateway:GetStages", getRESTStages},
		{"GET", "/restapis/{}/resources", "apigateway:GetResources", getResources},
		{"GET", "/restapis/{}/authorizers", "apigateway:GetAuthorizers", getRESTAuthorizers},
		{"GET", "/restapis/{}/stages/{}/exports/{}", "apigateway:GetExport", getExport},
		{"GET", "/v2/apis", "apigateway:GetApis", getAPIs},
		{"GET", "/v2/apis/{}", "apigateway:GetApi", getAPI},
		{"GET", "/v2/apis/{}/stages", "apigateway:GetStages", getStages},
		{"GET", "/v2/apis/{}/routes", "apigateway:GetRoutes", getRoutes},
		{"GET", "/v2/apis/{}/integrations", "apigateway:GetIntegrations", getIntegrations},
		{"GET", "/v2/apis/{}/authorizers", "apigateway:GetAuthorizers", getAuthorizers},
		{"GET", "/v2/apis/{}/exports/{}", "apigateway:ExportApi", exportAPI},
	}
}

// forms are the operations of the services that take a form or a target.
var forms = map[string]struct {
	service, xmlns string
	handle         handler
}{
	"GetCallerIdentity":        {"sts", "https://sts.amazonaws.com/doc/2011-06-15/", callerIdentity},
	"ListStacks":               {"cloudformation", cfnNamespace, listStacks},
	"DescribeStacks":           {"cloudformation", cfnNamespace, describeStacks},
	"ListStackResources":       {"cloudformation", cfnNamespace, listStackResources},
	"GetRole":                  {"iam", iamNamespace, getRole},
	"SimulatePrincipalPolicy":  {"iam", iamNamespace, simulate},
	"ListRolePolicies":         {"iam", iamNamespace, listRolePolicies},
	"GetRolePolicy":            {"iam", iamNamespace, getRolePolicy},
	"ListAttachedRolePolicies": {"iam", iamNamespace, listAttachedRolePolicies},
	"ListSubscriptionsByTopic": {"sns", "http://sns.amazonaws.com/doc/2010-03-31/", listSubscriptions},

	"AWSEvents.ListTargetsByRule":               {"events", "", listTargets},
	"AWSEvents.ListRuleNamesByTarget":           {"events", "", listRuleNames},
	"Logs_20140328.DescribeSubscriptionFilters": {"logs", "", describeFilters},
}

const (
	cfnNamespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
	iamNamespace = "https://iam.amazonaws.com/doc/2010-05-08/"
)

// route reads a request and finds what handles it.
func route(r *http.Request, body []byte) (request, handler) {
	q := request{body: body, query: r.URL.Query().Get}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		f := forms[target]
		_, name, _ := strings.Cut(target, ".")
		q.operation = f.service + ":" + name
		return q, orUnknown(f.handle)
	}
	if r.Method == http.MethodPost && r.URL.Path == "/" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return q, unknown
		}
		f := forms[form.Get("Action")]
		q.operation, q.xmlns, q.query = f.service+":"+form.Get("Action"), f.xmlns, form.Get
		return q, orUnknown(f.handle)
	}
	segments := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
	for _, way := range ways() {
		if path, ok := along(way.path, segments); ok && way.method == r.Method {
			q.operation, q.path = way.operation, path
			return q, way.handle
		}
	}
	if r.Method == http.MethodGet && r.URL.Query().Has("notification") {
		q.operation, q.path, q.xmlns = "s3:GetBucketNotification", segments, "http://s3.amazonaws.com/doc/2006-03-01/"
		return q, getNotification
	}
	q.operation = "unknown:" + r.Method + " " + r.URL.Path
	return q, unknown
}

func orUnknown(h handler) handler {
	if h == nil {
		return unknown
	}
	return h
}

func unknown(_ *Server, q request) (answer, error) {
	return answer{}, &fault{http.StatusNotImplemented, "UnknownOperationException", q.operation}
}

// along returns the segments for each {}.
func along(pattern string, segments []string) ([]string, bool) {
	want := strings.Split(strings.Trim(pattern, "/"), "/")
	if len(want) != len(segments) {
		return nil, false
	}
	var out []string
	for i, x := range want {
		switch {
		case x == "{}":
			s, err := url.PathUnescape(segments[i])
			if err != nil {
				return nil, false
			}
			out = append(out, s)
		case x != segments[i]:
			return nil, false
		}
	}
	return out, true
}

func notFound(format string) error {
	return &fault{http.StatusNotFound, "ResourceNotFoundException", format}
}
