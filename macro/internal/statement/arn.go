package statement

import (
	"cmp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// HeadEnd separates, in an [ARNPattern], the first five components of a source ARN from
// the last. The five have no wildcards; in the last one * matches any text.
const HeadEnd = "\n"

// A Spelled is a source ARN with its [ARNPattern].
type Spelled struct {
	Pattern   string
	canonical template.Text // for [Lengths.ARN]
}

// Spell returns a source ARN of a call with its pattern.
func (v *View) Spell(x template.Text) Spelled {
	canonical := v.Scope.Canonical(x)
	return Spelled{patternOf(v, canonical), canonical}
}

// ARNPattern is the pattern of a whole source ARN, as statements and needs are
// compared: with the stack's own partition, Region and account in one spelling. A text
// without components, such as an import, is one symbol, equal only to itself.
func ARNPattern(v *View, x template.Text) string { return patternOf(v, v.Scope.Canonical(x)) }

// patternOf is the ARNPattern of a canonical text.
func patternOf(v *View, x template.Text) string {
	if pattern, ok := ownPattern(x); ok {
		return pattern
	}
	return byComponents(v, x)
}

// byComponents is patternOf for an ARN of any spelling.
func byComponents(v *View, x template.Text) string {
	parts := x.Split(":")
	if len(parts) < 6 || !Is(parts[0], "arn") {
		return "arn?" + HeadEnd + x.Key()
	}
	var text [256]byte
	b := append(text[:0], "arn"...)
	for i, own := range [...]struct{ pseudo, value string }{1: {"AWS::Partition", v.Env.Partition}, 3: {"AWS::Region", v.Env.Region}, 4: {"AWS::AccountId", v.Env.Account}} {
		if i == 0 {
			continue
		}
		component := parts[i]
		if own.pseudo != "" && len(component) > 0 && matches(v.Scope, component, own.pseudo, own.value) {
			component = template.RefTo(own.pseudo)
		}
		b = component.AppendKey(append(b, ':'))
	}
	b = append(b, HeadEnd...)
	for i, p := range parts[5:] { // the last component may have colons
		if i > 0 {
			b = append(b, ':')
		}
		b = p.AppendKey(b)
	}
	return string(b)
}

// ownPattern is byComponents, without splitting, for an ARN that is written with the
// stack's own partition, Region and account, as most are; ok is false for others.
func ownPattern(x template.Text) (pattern string, ok bool) {
	if len(x) < 7 || x[0].Text != "arn:" || x[1].Text != "AWS::Partition" || x[3].Text != "AWS::Region" || x[4].Text != ":" || x[5].Text != "AWS::AccountId" {
		return "", false
	}
	for i, p := range x {
		if (p.Kind == template.Lit) != (i%2 == 0) && i < 7 || p.Expr.Exists() || p.Kind == template.Lit && strings.Contains(p.Text, "{{") {
			return "", false
		}
	}
	service, last := x[2].Text, x[6].Text
	if len(service) < 2 || strings.Count(service, ":") != 2 || service[0] != ':' || service[len(service)-1] != ':' || last[0] != ':' {
		return "", false
	}
	var text [256]byte
	b := x[1:2].AppendKey(append(text[:0], "arn:"...))
	b = x[3:4].AppendKey(append(b, service...))
	b = x[5:6].AppendKey(append(b, ':'))
	b = template.Text{{Text: last[1:]}}.AppendKey(append(b, HeadEnd...))
	return string(x[7:].AppendKey(b)), true
}

// namesNoAccount reports whether a pattern is that of an ARN with an empty account, such
// as a bucket's.
func namesNoAccount(pattern string) bool {
	head, _, isARN := strings.Cut(pattern, HeadEnd)
	return isARN && strings.HasSuffix(head, ":")
}

// Covers reports whether a statement's pattern matches all that need stands for.
func Covers(pattern, need string) bool {
	if pattern == need || pattern == anySource {
		return true
	}
	head, tail, isARN := strings.Cut(pattern, HeadEnd)
	needHead, needTail, needsARN := strings.Cut(need, HeadEnd)
	if isARN != needsARN {
		return false
	}
	return head == needHead && policy.Covers(tail, needTail) || !isARN && policy.Covers(pattern, need)
}

// Everybody is the principal of statements that let everybody in.
const Everybody = "*"

// principalOf returns the principal of a permission, and its service, nil for
// everybody; ok is false where the principal isn't known here.
func principalOf(x template.Text, env invoke.Environment) (service *invoke.Service, principal string, ok bool) {
	name, plain := x.Plain()
	if plain && name == Everybody {
		return nil, Everybody, true
	}
	if !plain {
		name = ownPrincipal(x, env)
	}
	service, principal = env.Catalog().ServiceOf(strings.ToLower(name), env.Facts)
	return service, principal, service != nil
}

// ownPrincipal is the text of a principal that is written with pseudo parameters; ""
// where it has other expressions. Outside of China AWS::URLSuffix is also the suffix of
// principals.
func ownPrincipal(x template.Text, env invoke.Environment) string {
	var b strings.Builder
	for _, p := range x {
		switch {
		case p.Kind == template.Lit:
			b.WriteString(p.Text)
		case p.Kind == template.Ref && p.Text == "AWS::URLSuffix" && (env.Partition == "" || env.Partition == "aws" || env.Partition == "aws-us-gov"):
			b.WriteString("amazonaws.com")
		case p.Kind == template.Ref && p.Text == "AWS::URLSuffix" && env.Partition == "aws-cn":
			b.WriteString("amazonaws.com.cn")
		case p.Kind == template.Ref && p.Text == "AWS::Partition":
			b.WriteString(cmp.Or(env.Partition, "aws"))
		case p.Kind == template.Ref && p.Text == "AWS::AccountId":
			b.WriteString(cmp.Or(env.Account, "<account>"))
		case p.Kind == template.Ref && p.Text == "AWS::Region":
			b.WriteString(cmp.Or(env.Region, "<region>"))
		default:
			return ""
		}
	}
	return b.String()
}
