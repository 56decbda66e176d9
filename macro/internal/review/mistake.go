package review

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Mistakes tells of integrations, roles and stages that are wrong apart from
// permissions. Nothing is decided by it, so that only who asks pays for it.
func Mistakes(v *statement.View, decisions []grant.Decision) []finding.Finding {
	m := mistakes{t: v.Template, seen: map[string]bool{}}
	for i := range decisions {
		c := decisions[i].Call
		if c.Origin == nil {
			continue
		}
		m.integration(c)
		if p, ok := c.Given.Single(); ok && c.Identity == invoke.Role && p.Kind == template.Att {
			m.role(c, strings.TrimSuffix(p.Text, ".Arn"))
		}
	}
	m.stages()
	m.references(v.Scope, decisions)
	return m.out
}

// references tells of names in the resources that wire calls, and in those that
// allow them, that lead nowhere, where no call has told it.
func (m *mistakes) references(s *invoke.Names, decisions []grant.Decision) {
	told := map[string]bool{}
	for i := range decisions {
		if p := decisions[i].Problem; p != nil && p.Dangles {
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
		for _, p := range s.UnresolvedIn(x) {
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
	if method := methodNames[name]; method != "" && c.Source.Form != apigateway.Authorizer {
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
