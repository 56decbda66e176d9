package statement

import (
	"cmp"
	"regexp"
	"strings"
	"sync"

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
	var text [256]byte
	if pattern, ok := appendPattern(text[:0], v, x); ok {
		return string(pattern)
	}
	return byComponents(v, x)
}

// own are the pseudo parameters for the components of an ARN that tell where a resource
// is, and their values, "" where these aren't known; "" for the other components.
func (v *View) own() [5]ownComponent {
	return [...]ownComponent{1: {"AWS::Partition", v.Env.Partition}, 3: {"AWS::Region", v.Env.Region}, 4: {"AWS::AccountId", v.Env.Account}}
}

// An ownComponent is the pseudo parameter for a component of an ARN, and its value.
type ownComponent struct{ pseudo, value string }

// symbol stands for a component that is the stack's own, or, where the value isn't known,
// may be: it then keeps the literal, since of two literals at most one can be.
func (o ownComponent) symbol(literal string) template.Part {
	name := o.pseudo
	if o.value == "" && literal != "" {
		name += "=" + literal
	}
	return template.Part{Kind: template.Ref, Text: name}
}

// guessed matches what symbol has made of a literal that may be the stack's own.
var guessed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(\x01AWS::(?:Partition|Region|AccountId))(=[^\x02]*)?\x02")
})

// AsOwn is an [ARNPattern] in which every literal that may be the stack's own is taken for
// that.
func AsOwn(pattern string) string {
	if !strings.Contains(pattern, "=") {
		return pattern
	}
	return guessed().ReplaceAllString(pattern, "$1\x02")
}

// sameHead reports whether the first five components of two ARNs can be the same: each is
// equal, or one is the stack's own, which the other may be.
func sameHead(a, b string) bool {
	if a == b {
		return true
	}
	if AsOwn(a) != AsOwn(b) {
		return false
	}
	x, y := guessed().FindAllStringSubmatch(a, -1), guessed().FindAllStringSubmatch(b, -1)
	for i := range x { // as many, since they are the same otherwise
		if p, q := x[i][2], y[i][2]; p != "" && q != "" && p != q {
			return false
		}
	}
	return true
}

// byComponents is patternOf for an ARN of any spelling.
func byComponents(v *View, x template.Text) string {
	parts := x.Split(":")
	if len(parts) < 6 || !Is(parts[0], "arn") {
		return "arn?" + HeadEnd + x.Key()
	}
	var text [256]byte
	b := append(text[:0], "arn"...)
	for i, own := range v.own() {
		if i == 0 {
			continue
		}
		component := parts[i]
		if own.pseudo != "" && len(component) > 0 && matches(v.Scope, component, own.pseudo, own.value) {
			text, plain := component.Plain()
			if !plain {
				text = ""
			}
			component = template.Text{own.symbol(text)}
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

// appendPattern appends what byComponents returns, without splitting, for an ARN of which
// each of the first five components is one literal or one pseudo parameter, as nearly all
// are; ok is false for others.
func appendPattern(b []byte, v *View, x template.Text) (pattern []byte, ok bool) {
	r := reader{x: x}
	for i, own := range v.own() {
		p, ok := r.component()
		switch {
		case !ok, i == 0 && p.Text != "arn":
			return nil, false
		case p.Kind == template.Lit && own.pseudo != "" && p.Text != "" && p.Text != "*" && (p.Text == own.value || own.value == ""):
			p = own.symbol(p.Text)
		case p.Kind != template.Lit && (p.Kind != template.Ref || p.Text != own.pseudo):
			return nil, false
		}
		if i > 0 {
			b = append(b, ':')
		}
		b = template.Text{p}.AppendKey(b)
	}
	b = append(b, HeadEnd...)
	if r.rest != "" {
		b = template.Text{{Text: r.rest}}.AppendKey(b)
	}
	return r.x.AppendKey(b), true
}

// A reader reads an ARN component by component.
type reader struct {
	rest string        // of the literal that is being read
	x    template.Text // what follows it
}

// component returns the next component, without its colon; ok is false where it isn't one
// part, or the last.
func (r *reader) component() (p template.Part, ok bool) {
	if r.rest == "" {
		if len(r.x) == 0 {
			return p, false
		}
		if p, r.x = r.x[0], r.x[1:]; p.Expr.Exists() || p.Kind == template.Lit && strings.Contains(p.Text, "{{") {
			return p, false // an expression, or a dynamic reference, whose colons don't count
		}
		if p.Kind != template.Lit {
			if len(r.x) == 0 || r.x[0].Kind != template.Lit || !strings.HasPrefix(r.x[0].Text, ":") || r.x[0].Expr.Exists() || strings.Contains(r.x[0].Text, "{{") {
				return p, false
			}
			r.rest, r.x = r.x[0].Text[1:], r.x[1:]
			return p, true
		}
		r.rest = p.Text
	}
	text, rest, found := strings.Cut(r.rest, ":")
	r.rest = rest
	return template.Part{Text: text}, found
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
	return sameHead(head, needHead) && policy.Covers(tail, needTail) || !isARN && policy.Covers(pattern, need)
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
		case p.Kind == template.Ref && p.Text == "AWS::URLSuffix":
			suffix, ok := template.URLSuffix(cmp.Or(env.Partition, "aws"))
			if !ok {
				return ""
			}
			b.WriteString(suffix)
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
