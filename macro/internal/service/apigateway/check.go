package apigateway

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// notPost checks the method with which an integration calls its function.
var notPost = invoke.Check{
	Reason: finding.Reason{Name: "not-post", Severity: finding.Warning,
		Sentence: "the integration does not call the function with POST, the only method that Lambda takes",
		Hint:     "write POST; it is API Gateway's own method, not that of the API's callers"},
	Find: findNotPost,
}

// noPayloadFormat checks that an HTTP API has the payload format beside the function.
var noPayloadFormat = invoke.Check{
	Reason: finding.Reason{Name: "no-payload-format", Severity: finding.Warning,
		Sentence: "an HTTP API wants to be told in which format it hands requests to the function",
		Hint:     "write '2.0', or '1.0' for a function that reads the events of REST APIs"},
	Find: findNoPayloadFormat,
}

// noLogsRole checks the role with which API Gateway writes into CloudWatch.
var noLogsRole = invoke.Check{
	Reason: finding.Reason{Name: "no-logs-role", Severity: finding.Info,
		Sentence: "the stage logs, and nothing in the template gives the account's API Gateway a role to write with",
		Hint:     "nothing, where the account has one (aws apigateway get-account); else add an AWS::ApiGateway::Account once for account and Region"},
	Find: findNoLogsRole,
}

// methodNames are the names of the property with an integration's own method, by that of
// the property that names the function.
var methodNames = map[string]string{"Uri": "IntegrationHttpMethod", "IntegrationUri": "IntegrationMethod", "uri": "httpMethod"}

// formatNames are the names of the property with the payload format, likewise.
var formatNames = map[string]string{"IntegrationUri": "PayloadFormatVersion", "uri": "payloadFormatVersion",
	"AuthorizerUri": "AuthorizerPayloadFormatVersion", "authorizerUri": "authorizerPayloadFormatVersion"}

// holderOf returns the object with the property that names the function, and the name of
// the property; ok is false where that isn't in the template itself.
func holderOf(n *invoke.Names, c *invoke.Call) (holder template.Value, name string, ok bool) {
	at := c.At()
	holder = n.Template().At(at.Parent())
	return holder, at.LastToken(), n.Template().At(at).Exists() && holder.Kind() == template.Object
}

// findNotPost looks at the method of each integration. Only REST APIs need one.
func findNotPost(n *invoke.Names, calls []*invoke.Call, tell invoke.Tell) {
	for _, c := range calls {
		holder, name, ok := holderOf(n, c)
		method := methodNames[name]
		if !ok || method == "" || c.Source.Form == Authorizer {
			continue
		}
		v := holder.Get(method)
		x, known := v.One()
		text, plain := x.Plain()
		switch {
		case !v.Exists() && c.Origin.Kind == REST:
			tell(c.At().Parent(), "it has no "+method)
		case v.Exists() && known && plain && !strings.EqualFold(text, "POST"):
			tell(v.Pointer(), text)
		}
	}
}

// findNoPayloadFormat looks at the integrations and authorizers of HTTP APIs.
func findNoPayloadFormat(n *invoke.Names, calls []*invoke.Call, tell invoke.Tell) {
	for _, c := range calls {
		holder, name, ok := holderOf(n, c)
		if format := formatNames[name]; ok && format != "" && c.Origin.Kind == HTTP && !holder.Get(format).Exists() {
			tell(c.At().Parent(), "it has no "+format)
		}
	}
}

// findNoLogsRole looks for stages that log while nothing in the template sets the
// role. HTTP APIs need none
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html).
func findNoLogsRole(n *invoke.Names, _ []*invoke.Call, tell invoke.Tell) {
	var logging []jsontext.Pointer
	for _, r := range n.Template().Resources() {
		if r.Type == "AWS::ApiGateway::Account" {
			return
		}
		if logs(n, r) {
			logging = append(logging, r.Pointer())
		}
	}
	for _, at := range logging {
		tell(at, "")
	}
}

// logs reports whether a resource makes a stage that writes logs with the account's role.
func logs(n *invoke.Names, r template.Resource) bool {
	p := r.Properties()
	switch r.Type {
	case "AWS::ApiGateway::Stage", "AWS::Serverless::Api":
		return p.Get("AccessLogSetting").Exists() || anyLevel(p.Get("MethodSettings"))
	case "AWS::ApiGateway::Deployment":
		d := p.Get("StageDescription")
		return d.Get("AccessLogSetting").Exists() || anyLevel(d.Get("MethodSettings")) || level(d.Get("LoggingLevel"))
	case "AWS::ApiGatewayV2::Stage":
		return isWebSocket(n, p.Get("ApiId")) && (p.Get("AccessLogSettings").Exists() || level(p.Path("DefaultRouteSettings", "LoggingLevel")))
	}
	return false
}

func anyLevel(settings template.Value) bool {
	for s := range settings.Items() {
		if level(s.Get("LoggingLevel")) {
			return true
		}
	}
	return false
}

// level reports whether a logging level certainly writes.
func level(v template.Value) bool {
	s, _ := v.Text()
	return s == "INFO" || s == "ERROR"
}

func isWebSocket(n *invoke.Names, api template.Value) bool {
	p, ok := api.Part()
	if !ok || p.Kind != template.Ref {
		return false
	}
	r, _ := n.Template().Resource(p.Text)
	protocol, _ := r.Properties().Get("ProtocolType").Text()
	return protocol == "WEBSOCKET"
}
