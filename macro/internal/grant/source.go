package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A source is what a SourceArn can be.
type source struct {
	pattern string
	when    template.Guard
	account bool // matches every API of the account
}

// sources reads the SourceArn of a permission for a service, nil for everybody;
// what it can't compare matches nothing.
func sources(s *caller.Scope, env caller.Environment, service *caller.Service, variants []template.Variant) []source {
	var out []source
	for _, x := range variants {
		if x.Absent {
			out = append(out, source{pattern: anySource, when: x.When})
			continue
		}
		if service != nil && service != &caller.APIGateway {
			out = append(out, source{pattern: arnPattern(s, env, x.Text), when: x.When})
		} else if pattern, ok := sourcePattern(s, env, x.Text); ok {
			account := strings.HasPrefix(pattern, "*")
			out = append(out, source{pattern, x.When, account})
		} else if service == nil {
			out = append(out, source{pattern: arnPattern(s, env, x.Text), when: x.When})
		}
	}
	return out
}

func sourcePattern(s *caller.Scope, env caller.Environment, x template.Text) (string, bool) {
	if p, ok := x.Single(); ok && p.Kind == template.Ref {
		x = template.Literal(env.Parameters[p.Text])
	}
	if plain, ok := x.Plain(); ok && plain == "*" {
		return "*", true
	}
	if api, tail, ok := usualSource(x); ok {
		a, ok := s.API(api)
		return sourceKey(a.Key, tail), ok
	}
	parts := x.Split(":")
	if len(parts) < 6 || !is(parts[0], "arn") || !is(parts[2], "execute-api") && !is(parts[2], "*") ||
		!matches(parts[1], "AWS::Partition", env.Partition) || !matches(parts[3], "AWS::Region", env.Region) ||
		!matches(parts[4], "AWS::AccountId", env.Account) {
		return "", false
	}
	resource := parts[5]
	for _, p := range parts[6:] { // colons may stand in a path
		resource = template.Join(resource, template.Literal(":"), p)
	}
	if plain, ok := resource.Plain(); ok && strings.HasPrefix(plain, "*") {
		return plain, true
	}
	api, tail, found := resource.Cut("/")
	if !found { // "${Api}*", or no pattern that could match
		rest, star := resource.TrimSuffix("*")
		a, ok := s.API(rest)
		return policy.Symbol(a.Key) + "*", star && ok
	}
	a, ok := s.API(api)
	return sourceKey(a.Key, s.Canonical(tail)), ok
}

// usualSource takes an ARN apart that is written as ours are, as nearly all are
// that other tools write.
func usualSource(x template.Text) (api, tail template.Text, ok bool) {
	n := len(sourcePrefix)
	if len(x) != n+2 || x[n].Kind == template.Lit || x[n+1].Kind != template.Lit || x[n+1].Expr.Exists() || !strings.HasPrefix(x[n+1].Text, "/") ||
		!slices.Equal(x[:n], sourcePrefix) {
		return nil, nil, false
	}
	return x[n : n+1 : n+1], template.Literal(x[n+1].Text[1:]), true
}

func is(x template.Text, word string) bool {
	s, ok := x.Plain()
	return ok && s == word
}

// matches reports whether a component of an ARN is the stack's own: the pseudo
// parameter, or its value.
func matches(x template.Text, pseudo, value string) bool {
	if p, ok := x.Single(); ok {
		return p.Text == pseudo
	}
	s, ok := x.Plain()
	return ok && (s == value || s == "*" || value == "" && s != "")
}
