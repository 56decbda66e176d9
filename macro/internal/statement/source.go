package statement

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A source is one of the ARNs that a SourceArn can be.
type source struct {
	pattern string // see OriginPattern and ARNPattern
	when    template.Guard
	account bool // it matches every origin of the account
}

// sources reads the SourceArn of a permission for a service, nil for everybody. A
// SourceArn that can't be compared is left out: it matches nothing.
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

// A pattern is an OriginPattern under a condition.
type pattern struct {
	pattern string
	when    template.Guard
}

// sourcePatterns reads a source ARN of a service with origins: of the service, or,
// where that is nil, of the first that has such ARNs; nil where it is none.
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

// patternsOf reads a source ARN of one service with origins; nil where it is none.
func patternsOf(v *View, service *invoke.Service, x template.Text) []pattern {
	if id, tail, ok := usualSource(service, x); ok {
		return tailPatterns(v.Scope, id, tail)
	}
	parts := x.SplitN(":", 6) // a path may have further colons
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
	return tailPatterns(v.Scope, id, tail)
}

// tailPatterns are the patterns of an origin's id and a tail; nil where the id refers
// to nothing.
func tailPatterns(s *invoke.Names, id, tail template.Text) []pattern {
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

// sourceOrigin is the origin's id in a SourceArn; nil where that is no ARN.
func sourceOrigin(x template.Text) template.Text {
	parts := x.SplitN(":", 6)
	if len(parts) < 6 {
		return nil
	}
	id, _, _ := parts[5].Cut("/")
	return id
}

// usualSource splits a source ARN that is written as the macro writes it, as most are;
// ok is false for others.
func usualSource(service *invoke.Service, x template.Text) (id, tail template.Text, ok bool) {
	own := service.Origins.ARN
	n := len(own)
	if len(x) != n+2 || x[n].Kind == template.Lit || x[n+1].Kind != template.Lit || x[n+1].Expr.Exists() || !strings.HasPrefix(x[n+1].Text, "/") ||
		!slices.Equal(x[:n], own) {
		return nil, nil, false
	}
	return x[n : n+1 : n+1], template.Literal(x[n+1].Text[1:]), true
}

// Is reports whether a text is literal and equals a word.
func Is(x template.Text, word string) bool {
	s, ok := x.Plain()
	return ok && s == word
}

// matches reports whether a component of an ARN is the stack's own: the pseudo
// parameter, or its value. An empty component isn't, nor a wildcard, which Lambda
// refuses.
func matches(s *invoke.Names, x template.Text, pseudo, own string) bool {
	if p, ok := x.Single(); ok && p.Text == pseudo {
		return true
	}
	v, ok := s.Value(x)
	return ok && v != "" && v != "*" && (v == own || own == "")
}

// Slash separates an origin's id from the tail.
var Slash = template.Literal("/")
