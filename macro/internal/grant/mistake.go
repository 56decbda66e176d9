package grant

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// The mistakes in an integration that answer with the same error as a missing
// permission, or fail the stack beside it.
var (
	notPost = finding.Reason{Name: "not-post", Severity: finding.Warning,
		Sentence: "the integration does not call the function with POST, the only method that Lambda takes",
		Hint:     "write POST; it is API Gateway's own method, not that of the API's callers"}
	noPayloadFormat = finding.Reason{Name: "no-payload-format", Severity: finding.Warning,
		Sentence: "an HTTP API wants to be told in which format it hands requests to the function",
		Hint:     "write '2.0', or '1.0' for a function that reads the events of REST APIs"}
	roleTrust = finding.Reason{Name: "role-trust", Severity: finding.Warning,
		Sentence: "the role in the credentials does not trust the service that is to call with it",
		Hint:     "let its AssumeRolePolicyDocument allow sts:AssumeRole to the service"}
	roleRight = finding.Reason{Name: "role-right", Severity: finding.Warning,
		Sentence: "no policy of the role in the credentials allows lambda:InvokeFunction",
		Hint:     "allow it in the role's policy, on the function with the qualifier that is called"}
	noLogsRole = finding.Reason{Name: "no-logs-role", Severity: finding.Info,
		Sentence: "the stage logs, and nothing in the template gives the account's API Gateway a role to write with",
		Hint:     "nothing, where the account has one (aws apigateway get-account); else add an AWS::ApiGateway::Account once for account and Region"}
)

// Mistakes tells of integrations, roles and stages that are wrong apart from
// permissions. Nothing is decided by it, so that only who asks pays for it.
func (r *Result) Mistakes() []finding.Finding {
	if r.view == nil {
		return nil
	}
	m := mistakes{t: r.view.Template, seen: map[string]bool{}}
	for i := range r.Decisions {
		c := r.Decisions[i].Call
		if c.Origin == nil {
			continue
		}
		m.integration(c)
		if p, ok := c.Given.Single(); ok && c.Identity == invoke.Role && p.Kind == template.Att {
			m.role(c, strings.TrimSuffix(p.Text, ".Arn"))
		}
	}
	m.stages()
	m.references(r)
	return m.out
}

// references tells of names in the resources that wire calls, and in those that
// allow them, that lead nowhere, where no call has told it.
func (m *mistakes) references(r *Result) {
	told := map[string]bool{}
	for i := range r.Decisions {
		if p := r.Decisions[i].Problem; p != nil && p.Dangles {
			id, _, _ := strings.Cut(p.Detail, " ")
			told[id] = true
		}
	}
	for _, x := range m.t.Resources() {
		switch {
		case x.Type == "AWS::Lambda::Permission", x.Type == "AWS::Lambda::Alias", x.Type == "AWS::Lambda::Version", strings.HasPrefix(x.Type, "AWS::ApiGateway"):
		default:
			continue
		}
		for _, p := range r.view.Scope.UnresolvedIn(x) {
			if !told[p.Detail] {
				m.seen[p.Name+" "+string(p.At)] = true
				m.out = append(m.out, p)
			}
		}
	}
}

// mistakes is the state of looking for them.
type mistakes struct {
	t    *template.Template
	seen map[string]bool // what has been told, by reason and place
	out  []finding.Finding
}

func (m *mistakes) say(reason finding.Reason, at jsontext.Pointer, detail string) {
	key := reason.Name + " " + string(at)
	if !m.seen[key] {
		m.seen[key] = true
		m.out = append(m.out, finding.Finding{Reason: reason, At: at, Detail: detail})
	}
}

// methodNames are the names of an integration's own method, by that of the
// property that names the function.
var methodNames = map[string]string{"Uri": "IntegrationHttpMethod", "IntegrationUri": "IntegrationMethod", "uri": "httpMethod"}

// formatNames are the names of the payload format, by that of the property that
// names the function.
var formatNames = map[string]string{"IntegrationUri": "PayloadFormatVersion", "uri": "payloadFormatVersion",
	"AuthorizerUri": "AuthorizerPayloadFormatVersion", "authorizerUri": "authorizerPayloadFormatVersion"}

// integration looks at what stands beside the property that names the function,
// where that is in the template itself.
func (m *mistakes) integration(c *invoke.Call) {
	at := c.At()
	holder := m.t.At(at.Parent())
	name := at.LastToken()
	if !m.t.At(at).Exists() || holder.Kind() != template.Object {
		return
	}
	if method := methodNames[name]; method != "" && c.Source.Form != policy.Authorizer {
		v := holder.Get(method)
		x, known := v.One()
		text, plain := x.Plain()
		switch {
		case !v.Exists() && c.Origin.Kind == apigateway.REST:
			m.say(notPost, at.Parent(), "it has no "+method)
		case v.Exists() && known && plain && !strings.EqualFold(text, "POST"):
			m.say(notPost, v.Pointer(), text)
		}
	}
	if format := formatNames[name]; format != "" && c.Origin.Kind == apigateway.HTTP && !holder.Get(format).Exists() {
		m.say(noPayloadFormat, at.Parent(), "it has no "+format)
	}
}

// stages tells of stages that log while nothing in the template sets the role
// with which API Gateway writes into CloudWatch. HTTP APIs need none
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html).
func (m *mistakes) stages() {
	var logging []template.Resource
	for _, r := range m.t.Resources() {
		p := r.Properties()
		switch r.Type {
		case "AWS::ApiGateway::Account":
			return
		case "AWS::ApiGateway::Stage", "AWS::Serverless::Api":
			if p.Get("AccessLogSetting").Exists() || logs(p.Get("MethodSettings")) {
				logging = append(logging, r)
			}
		case "AWS::ApiGateway::Deployment":
			if d := p.Get("StageDescription"); d.Get("AccessLogSetting").Exists() || logs(d.Get("MethodSettings")) || level(d.Get("LoggingLevel")) {
				logging = append(logging, r)
			}
		case "AWS::ApiGatewayV2::Stage":
			if m.isWebSocket(p.Get("ApiId")) && (p.Get("AccessLogSettings").Exists() || level(p.Path("DefaultRouteSettings", "LoggingLevel"))) {
				logging = append(logging, r)
			}
		}
	}
	for _, r := range logging {
		m.say(noLogsRole, r.Pointer(), "")
	}
}

func logs(settings template.Value) bool {
	for s := range settings.Items() {
		if level(s.Get("LoggingLevel")) {
			return true
		}
	}
	return false
}

// level reports whether a logging level surely writes.
func level(v template.Value) bool {
	s, _ := v.Text()
	return s == "INFO" || s == "ERROR"
}

func (m *mistakes) isWebSocket(api template.Value) bool {
	p, ok := api.Part()
	if !ok || p.Kind != template.Ref {
		return false
	}
	r, _ := m.t.Resource(p.Text)
	protocol, _ := r.Properties().Get("ProtocolType").Text()
	return protocol == "WEBSOCKET"
}
