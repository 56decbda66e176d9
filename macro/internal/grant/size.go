package grant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A sizer tells how long names get before there are any: physical names are
// made at deployment, so each counts as the longest it can be.
type sizer struct{ *View }

// The longest values, by the rules of each service.
const (
	longestFunction = 64
	longestAPI      = 10
	longestVersion  = 5
	longestOther    = 32
	longestStack    = 128
	longestName     = 64
)

func (z sizer) partition() string { return orElse(z.Env.Partition, "aws") }

func (z sizer) region() int { return len(orElse(z.Env.Region, "ap-southeast-1")) }

// text is the length of a text with the longest values.
func (z sizer) text(x template.Text) int {
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

func (z sizer) name(name string) int {
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
	case strings.HasSuffix(r.Type, "Api"):
		return longestAPI
	}
	return max(longestOther, len(z.Env.Parameters[name]))
}

func (z sizer) prefix() int {
	return len("arn::lambda::123456789012:function:") + len(z.partition()) + z.region()
}

func (z sizer) function(r template.Resource) int {
	if x, ok := r.Properties().Get("FunctionName").One(); ok {
		if s, plain := x.Plain(); plain && s != "" {
			return len(s)
		}
	}
	return longestFunction
}

// functionARN is the length of a target's ARN with its qualifier.
func (z sizer) functionARN(t *function.Target) int {
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

// source is the length of the source ARN for what stands behind an API's id.
func (z sizer) source(a *invoke.Origin, tail template.Text) int {
	return z.text(sourcePrefix) + z.text(a.Name) + 1 + z.text(tail)
}

// statement is the size of the statement that a want becomes; function is that
// of its function's ARN.
func (z sizer) statement(w *want, function int) int {
	st := policy.Lengths{
		Principal: len(w.call.Principal),
		Function:  function,
		Account:   w.sourceAccount,
	}
	st.Source = z.sourceOf(w)
	return st.Size()
}

// sourceOf is the length of a want's source ARN, 0 where it has none.
func (z sizer) sourceOf(w *want) int {
	if w.call.Source.ARN != nil {
		return z.arn(w.tail)
	}
	return z.source(w.call.Origin, w.tail)
}

// arn is the length of a source ARN that is written as a whole: names that
// CloudFormation makes count as the longest of most services.
func (z sizer) arn(x template.Text) int {
	n := 0
	for _, p := range z.View.source(x).canonical {
		id, _, _ := strings.Cut(p.Text, ".")
		if _, own := z.Template.Resource(id); own && p.Kind != template.Lit {
			n += longestName
		} else {
			n += z.text(template.Text{p})
		}
	}
	return n
}

// given is the size of a statement that SAM will add.
func (z sizer) given(g invoke.Given) int {
	if g.Origin == nil {
		return policy.Lengths{Principal: len(g.Service.Principal), Function: z.functionARN(&g.Target), Source: z.arn(g.Source),
			Account: len(g.Source) == 0}.Size()
	}
	return policy.Lengths{
		Principal: len(g.Service.Principal),
		Function:  z.functionARN(&g.Target),
		Source:    z.source(g.Origin, g.Tail),
	}.Size()
}

// permission is the size of the statement that a permission of the template
// becomes, whatever its principal; sources is what its SourceArn can be.
func (z sizer) permission(p template.Value, t *function.Target, sources []template.Variant) int {
	longest := func(variants []template.Variant) (n int) {
		for _, v := range variants {
			n = max(n, z.text(v.Text))
		}
		return n
	}
	s := policy.Lengths{Principal: longest(p.Get("Principal").Variants()), Function: z.functionARN(t), Source: longest(sources),
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

// document is the size of the policy that an AWS::Lambda::ResourcePolicy holds,
// in its longest form.
func (z sizer) document(v template.Value) there {
	longest := there{}
	for _, doc := range v.Embedded {
		if x := z.one(doc); x.bytes > longest.bytes {
			longest = x
		}
	}
	return longest
}

func (z sizer) one(doc template.Value) there {
	n := 1
	if list := doc.Get("Statement"); list.Kind() == template.Array {
		n = max(1, list.Len())
	}
	return there{n, max(0, z.json(doc)-policy.Bytes(0, n))}
}

// json is the length of a value's compact JSON with the longest values.
func (z sizer) json(v template.Value) int {
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

// there is what a function's policy holds without us.
type there struct{ statements, bytes int }

// policies are the estimated sizes of every policy, ours included.
func policies(existing statements, docs []*document) []Policy {
	list := make([]Policy, 0, len(docs)+len(existing.sizes))
	add := func(id string, now, x there) {
		list = append(list, Policy{Function: id, Statements: x.statements, Bytes: policy.Bytes(x.bytes, x.statements),
			Present: Share{now.statements, policy.Bytes(now.bytes, now.statements)}})
	}
	var grows map[string]bool
	for _, doc := range docs {
		x, is := existing.sizes[doc.id]
		if is && grows == nil {
			grows = make(map[string]bool, len(existing.sizes))
		}
		if is {
			grows[doc.id] = true
		}
		now := x
		if doc.whole {
			list = append(list, Policy{Function: doc.id, Statements: len(statementsOf(doc.wants)), Bytes: doc.bytes, Whole: true})
			continue
		}
		for _, w := range doc.wants {
			x.statements++
			x.bytes += w.size
		}
		add(doc.id, now, x)
	}
	for id, x := range existing.sizes {
		if !grows[id] {
			add(id, x, x)
		}
	}
	slices.SortFunc(list, func(a, b Policy) int { return cmp.Compare(a.Function, b.Function) })
	return list
}
