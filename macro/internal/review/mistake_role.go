package review

import (
	"regexp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// role adds findings about a role of the template with which a call is made: where it
// certainly doesn't trust the service, or allows no call of a function.
func (m *mistakes) role(c *invoke.Call, id string) {
	r, ok := m.t.Resource(id)
	if !ok || r.Type != "AWS::IAM::Role" {
		return
	}
	p := r.Properties()
	if allows(p.Get("AssumeRolePolicyDocument"), "sts:assumerole", c.Principal) == no {
		m.say(roleTrust, r.Pointer(), c.Principal+" for "+c.Source.Label)
	}
	if m.mayInvoke(r) == no {
		m.say(roleRight, r.Pointer(), "for "+c.Source.Label)
	}
}

// A ternary is an answer that may not be known.
type ternary uint8

const (
	no ternary = iota
	perhaps
	yes
)

// powerless matches managed policies that services' roles often have, and that allow no
// call of a function.
var powerless = regexp.MustCompile(`:aws:policy/(service-role/)?(AmazonAPIGatewayPushToCloudWatchLogs|AWSLambdaBasicExecutionRole|AWSXRayDaemonWriteAccess|AWSXrayWriteOnlyAccess)$`)

// mayInvoke reports whether a policy of the role allows calls of functions: an inline
// policy, a managed one, or one that is a resource.
func (m *mistakes) mayInvoke(role template.Resource) ternary {
	p := role.Properties()
	answer := no
	if list := p.Get("ManagedPolicyArns"); list.Exists() {
		if list.Kind() != template.Array {
			return perhaps
		}
		for v := range list.Items() {
			x, _ := v.One()
			if s := x.String(); !powerless.MatchString(s) {
				return perhaps
			}
		}
	}
	if inline := p.Get("Policies"); inline.Exists() {
		if inline.Kind() != template.Array {
			return perhaps
		}
		for v := range inline.Items() {
			answer = max(answer, invokes(v))
		}
	}
	name, named := p.Get("RoleName").One()
	for _, r := range m.t.Resources() {
		switch r.Type {
		case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy":
			if m.attached(r, role.ID, name, named) {
				answer = max(answer, invokes(r.Properties()))
			}
		case "AWS::Serverless::Connector":
			answer = max(answer, perhaps)
		}
	}
	return answer
}

// attached reports whether a policy is, or may be, one of the role.
func (m *mistakes) attached(policy template.Resource, id string, name template.Text, named bool) bool {
	p := policy.Properties()
	all := p.Get("Roles")
	if policy.Type == "AWS::IAM::RolePolicy" {
		all = p.Get("RoleName")
	}
	if !all.Exists() {
		return false
	}
	if all.Kind() != template.Array {
		return m.isRole(all, id, name, named)
	}
	for v := range all.Items() {
		if m.isRole(v, id, name, named) {
			return true
		}
	}
	return false
}

// isRole reports whether a value names a role, or may do so, by reference or by its name.
func (m *mistakes) isRole(v template.Value, id string, name template.Text, named bool) bool {
	x, known := v.One()
	if part, single := x.Single(); known && single {
		r, found := m.t.Resource(part.Text)
		return part.Text == id || !found || r.Type != "AWS::IAM::Role"
	}
	if !known {
		return true
	}
	return !named || x.Key() == name.Key()
}

// invokes reports whether what has a PolicyDocument allows calls of functions.
func invokes(v template.Value) ternary {
	return allows(v.Get("PolicyDocument"), "lambda:invokefunction", "")
}

// allows reports whether a policy document has an Allow of an action, and, where a
// principal is given, to that.
func allows(document template.Value, action, principal string) ternary {
	statements := document.Get("Statement")
	if fn, _, ok := document.Intrinsic(); document.Kind() != template.Object || ok && fn != "" {
		return perhaps
	}
	if statements.Kind() == template.Object {
		if _, _, ok := statements.Intrinsic(); ok {
			return perhaps
		}
		return statementAllows(statements, action, principal)
	}
	if statements.Kind() != template.Array {
		return perhaps
	}
	answer := no
	for s := range statements.Items() {
		answer = max(answer, statementAllows(s, action, principal))
	}
	return answer
}

// statementAllows is allows for one statement.
func statementAllows(s template.Value, action, principal string) ternary {
	if _, _, ok := s.Intrinsic(); ok || s.Kind() != template.Object {
		return perhaps
	}
	if effect, plain := s.Get("Effect").Text(); !plain {
		return perhaps
	} else if effect != "Allow" {
		return no
	}
	if s.Get("NotAction").Exists() || s.Get("NotPrincipal").Exists() {
		return perhaps
	}
	answer := anyFits(s.Get("Action"), func(text string) bool { return actionCovers(strings.ToLower(text), action) })
	if principal == "" || answer == no {
		return answer
	}
	who := s.Get("Principal")
	if text, plain := who.Text(); plain {
		if text != "*" {
			return no
		}
		return answer
	}
	if _, _, ok := who.Intrinsic(); ok {
		return perhaps
	}
	service := anyFits(who.Get("Service"), func(text string) bool { return text == principal })
	if aws, plain := who.Get("AWS").Text(); plain && aws == "*" {
		service = yes
	}
	return min(answer, service)
}

// anyFits reports whether one of the texts of a value, which may be a list, fits; perhaps
// where one isn't known.
func anyFits(v template.Value, fits func(string) bool) ternary {
	values := []template.Value{v}
	if v.Kind() == template.Array {
		values = slices.Collect(v.Items())
	}
	answer := no
	for _, item := range values {
		text, plain := item.Text()
		switch {
		case plain && fits(text):
			return yes
		case !plain && item.Exists():
			answer = perhaps
		}
	}
	return answer
}

// actionCovers reports whether a pattern with * and ? matches an action; both are in lower
// case.
func actionCovers(pattern, action string) bool {
	re := "^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$"
	ok, err := regexp.MatchString(re, action)
	return ok && err == nil
}
