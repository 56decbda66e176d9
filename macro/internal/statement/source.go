package statement

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A source is what a SourceArn can be.
type source struct {
	pattern string
	when    template.Guard
	account bool // matches every origin of the account
}

// sources reads the SourceArn of a permission for a service, nil for everybody;
// what it can't compare matches nothing.
func sources(v *View, service *invoke.Service, variants []template.Variant) []source {
	var out []source
	for _, x := range variants {
		if x.Absent {
			out = append(out, source{pattern: anySource, when: x.When})
			continue
		}
		if service != nil && !service.HasOrigins() {
			out = append(out, source{pattern: ARNPattern(v, x.Text), when: x.When})
			continue
		}
		patterns := sourcePatterns(v, service, x.Text)
		for _, p := range patterns {
			if when, ok := x.When.And(p.when); ok {
				out = append(out, source{p.pattern, when, strings.HasPrefix(p.pattern, "*")})
			}
		}
		if len(patterns) == 0 && service == nil {
			out = append(out, source{pattern: ARNPattern(v, x.Text), when: x.When})
		}
	}
	return out
}

// A pattern is what a text matches, where a condition is true.
type pattern struct {
	pattern string
	when    template.Guard
}

// sourcePatterns reads a source ARN that is put together of an origin's id and what
// is called there: of a service, or, where it is nil, of any that has such.
func sourcePatterns(v *View, service *invoke.Service, x template.Text) []pattern {
	if p, ok := x.Single(); ok && p.Kind == template.Ref {
		value, _ := v.Scope.Value(x)
		x = template.Literal(value)
	}
	if service != nil {
		return patternsOf(v, service, x)
	}
	for _, s := range v.Env.Catalog().WithOrigins() {
		if patterns := patternsOf(v, s, x); len(patterns) > 0 {
			return patterns
		}
	}
	return nil
}

func patternsOf(v *View, service *invoke.Service, x template.Text) []pattern {
	if id, tail, ok := usualSource(service, x); ok {
		return behind(v.Scope, id, tail)
	}
	parts := x.SplitN(":", 6) // further colons may stand in a path
	if len(parts) < 6 || !Is(parts[0], "arn") || !Is(parts[2], service.Origins.Namespace()) ||
		!matches(v.Scope, parts[1], "AWS::Partition", v.Env.Partition) || !matches(v.Scope, parts[3], "AWS::Region", v.Env.Region) ||
		!matches(v.Scope, parts[4], "AWS::AccountId", v.Env.Account) {
		return nil
	}
	resource := parts[5]
	if plain, ok := resource.Plain(); ok && strings.HasPrefix(plain, "*") {
		return []pattern{{pattern: "*" + plain}} // every origin's, which is less than anySource
	}
	id, tail, found := resource.Cut("/")
	if !found { // "${Api}*", or no pattern that could match
		rest, star := resource.TrimSuffix("*")
		if a, ok := v.Scope.Origin(rest); star && ok {
			return []pattern{{pattern: policy.Symbol(a.Key) + "*"}}
		}
		return nil
	}
	return behind(v.Scope, id, tail)
}

// behind are the patterns for what stands behind an origin's id.
func behind(s *invoke.Names, id, tail template.Text) []pattern {
	a, ok := s.Origin(id)
	if !ok {
		return nil
	}
	if _, plain := tail.Plain(); plain { // nearly always
		return []pattern{{pattern: OriginPattern(a.Key, tail)}}
	}
	var out []pattern
	for _, x := range s.Tails(tail) {
		out = append(out, pattern{OriginPattern(a.Key, x.Text), x.When})
	}
	return out
}

// sourceOrigin is what stands for the origin's id in a SourceArn.
func sourceOrigin(x template.Text) template.Text {
	parts := x.SplitN(":", 6)
	if len(parts) < 6 {
		return nil
	}
	id, _, _ := parts[5].Cut("/")
	return id
}

// usualSource takes an ARN apart that is written as ours are, as nearly all are
// that other tools write.
func usualSource(service *invoke.Service, x template.Text) (id, tail template.Text, ok bool) {
	own := service.Origins.ARN
	n := len(own)
	if len(x) != n+2 || x[n].Kind == template.Lit || x[n+1].Kind != template.Lit || x[n+1].Expr.Exists() || !strings.HasPrefix(x[n+1].Text, "/") ||
		!slices.Equal(x[:n], own) {
		return nil, nil, false
	}
	return x[n : n+1 : n+1], template.Literal(x[n+1].Text[1:]), true
}

// Is reports whether a text is plain and says this.
func Is(x template.Text, word string) bool {
	s, ok := x.Plain()
	return ok && s == word
}

// matches reports whether a component of an ARN is the stack's own: the pseudo
// parameter, or its value. An empty one never is, and a wildcard Lambda refuses.
func matches(s *invoke.Names, x template.Text, pseudo, own string) bool {
	if p, ok := x.Single(); ok && p.Text == pseudo {
		return true
	}
	v, ok := s.Value(x)
	return ok && v != "" && v != "*" && (v == own || own == "")
}

// Slash stands between an origin's id and what is called there.
var Slash = template.Literal("/")
