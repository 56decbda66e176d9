package statement

import (
	"cmp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Lengths estimates how long texts get at deployment, in bytes: a physical name
// that CloudFormation makes counts as the longest that it can be.
type Lengths struct{ *View }

// The longest values, by the rules of each service.
const (
	longestFunction = 64
	longestVersion  = 5
	longestOther    = 32
	longestStack    = 128
	longestName     = 64
)

// partition is the stack's, or the usual one.
func (z Lengths) partition() string { return cmp.Or(z.Env.Partition, "aws") }

// region is the length of the stack's Region, or of the longest.
func (z Lengths) region() int { return len(cmp.Or(z.Env.Region, "ap-southeast-1")) }

// text is the length of a text with the longest values.
func (z Lengths) text(x template.Text) int {
	n := 0
	for _, p := range x {
		switch p.Kind {
		case template.Lit:
			n += len(p.Text)
		case template.Opaque:
			n += longestOther
		default:
			n += z.name(p.Text)
		}
	}
	return n
}

// name is the length of what a reference stands for.
func (z Lengths) name(name string) int {
	switch name {
	case "AWS::Partition":
		return len(z.partition())
	case "AWS::Region":
		return z.region()
	case "AWS::AccountId":
		return 12
	case "AWS::StackName":
		return longestStack
	}
	id, attribute, _ := strings.Cut(name, ".")
	r, _ := z.Template.Resource(id)
	switch {
	case function.Is(r.Type) && attribute == "Arn":
		return z.prefix() + z.function(r)
	case function.Is(r.Type):
		return z.function(r)
	case r.Type == "AWS::Lambda::Alias" || r.Type == "AWS::Lambda::Version":
		return z.prefix() + longestFunction + 1 + longestOther
	}
	for _, s := range z.Env.Catalog().WithOrigins() {
		if s.Origins.Is(r.Type) {
			return s.Origins.IDs
		}
	}
	return max(longestOther, len(z.Env.Parameters[name]))
}

// prefix is the length of what a function's ARN begins with, before its name.
func (z Lengths) prefix() int {
	return len("arn::lambda::123456789012:function:") + len(z.partition()) + z.region()
}

// function is the length of a function's name.
func (z Lengths) function(r template.Resource) int {
	if x, ok := r.Properties().Get("FunctionName").One(); ok {
		if s, plain := x.Plain(); plain && s != "" {
			return len(s)
		}
	}
	return longestFunction
}

// FunctionARN is the length of a target's ARN with its qualifier.
func (z Lengths) FunctionARN(t *function.Target) int {
	n := z.prefix() + longestFunction
	if r, ok := z.Template.Resource(t.Function); ok {
		n = z.prefix() + z.function(r)
	} else if s, plain := t.Name.Plain(); plain {
		n = max(len(s), z.prefix()+len(s))
	}
	switch {
	case t.Qualifier == "":
	case strings.HasPrefix(t.Qualifier, "@"):
		n += 1 + longestVersion
	case strings.IndexByte(t.Qualifier, 1) >= 0:
		n += 1 + longestOther
	default:
		n += 1 + len(t.Qualifier)
	}
	return n
}

// Source is the length of a service's source ARN for an origin and a tail.
func (z Lengths) Source(s *invoke.Service, o *invoke.Origin, tail template.Text) int {
	return z.Before(s, o) + z.Tail(tail)
}

// Before is the length of what precedes the tail in a service's source ARN.
func (z Lengths) Before(s *invoke.Service, o *invoke.Origin) int {
	return z.text(s.Origins.ARN) + z.text(o.Name) + 1
}

// Tail is the length of a source ARN's tail, after the origin's id.
func (z Lengths) Tail(x template.Text) int { return z.text(x) }

// ARN is the length of a whole source ARN.
func (z Lengths) ARN(x Spelled) int {
	n := 0
	for _, p := range x.canonical {
		if p.Kind == template.Ref || p.Kind == template.Att {
			if _, own := z.Template.Resource(p.ID()); own {
				n += longestName
				continue
			}
		}
		n += z.text(template.Text{p})
	}
	return n
}

// given is the size of a statement that SAM will add.
func (z Lengths) given(g invoke.Given) int {
	if g.Origin == nil {
		return policy.Lengths{Principal: len(g.Service.Principal), Function: z.FunctionARN(&g.Target), Source: z.ARN(z.Spell(g.Source)),
			Account: len(g.Source) == 0}.Size()
	}
	return policy.Lengths{
		Principal: len(g.Service.Principal),
		Function:  z.FunctionARN(&g.Target),
		Source:    z.Source(g.Service, g.Origin, g.Tail),
	}.Size()
}

// permission is the size of the statement of a template's permission for a function;
// sources is what its SourceArn can be.
func (z Lengths) permission(p template.Value, t *function.Target, sources []template.Variant) int {
	longest := func(variants []template.Variant) (n int) {
		for _, v := range variants {
			n = max(n, z.text(v.Text))
		}
		return n
	}
	s := policy.Lengths{Principal: longest(p.Get("Principal").Variants()), Function: z.FunctionARN(t), Source: longest(sources),
		Account: p.Get("SourceAccount").Exists()}
	if s.Principal == 12 { // an account: {"AWS":"arn:aws:iam::123456789012:root"}
		s.Principal += 25
	}
	for _, x := range []struct{ name, key string }{{"PrincipalOrgID", "aws:PrincipalOrgID"}, {"EventSourceToken", "lambda:EventSourceToken"},
		{"FunctionUrlAuthType", "lambda:FunctionUrlAuthType"}, {"InvokedViaFunctionUrl", "lambda:InvokedViaFunctionUrl"}} {
		v := p.Get(x.name)
		if !v.Exists() {
			continue
		}
		if n := longest(v.Variants()); n > 0 {
			s.More += 40 + len(x.key) + n
		}
	}
	return s.Size()
}

// document is the size of a PolicyDocument, the longest of those that conditions choose.
func (z Lengths) document(v template.Value) Size {
	longest := Size{}
	for _, doc := range v.Embedded {
		if x := z.one(doc); x.Bytes > longest.Bytes {
			longest = x
		}
	}
	return longest
}

// one is the size of a document that isn't chosen by conditions.
func (z Lengths) one(doc template.Value) Size {
	n := 1
	if list := doc.Get("Statement"); list.Kind() == template.Array {
		n = max(1, list.Len())
	}
	return Size{n, max(0, z.json(doc)-policy.Bytes(0, n))}
}

// json is the length of a value's compact JSON with the longest values.
func (z Lengths) json(v template.Value) int {
	fn, arg, isCall := v.Intrinsic()
	switch {
	case isCall && fn == "Fn::If":
		return max(z.json(arg.Item(1)), z.json(arg.Item(2)))
	case v.Kind() == template.Object && !isCall:
		n := 1
		for name, m := range v.Members() {
			n += len(name) + len(`"":,`) + z.json(m)
		}
		return max(2, n)
	case v.Kind() == template.Array:
		n := 1
		for item := range v.Items() {
			n += 1 + z.json(item)
		}
		return max(2, n)
	}
	n := 0
	for _, x := range v.Variants() {
		if !x.Absent {
			n = max(n, len(`""`)+z.text(x.Text))
		}
	}
	return n
}

// Size is that of statements in a policy; Bytes are those of the statements alone.
type Size struct{ Statements, Bytes int }
