package statement

import (
	"cmp"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Speller writes the texts of policies and calls so that they can be compared:
// references that are known by their values, other resources of the template as a
// [policy.Symbol], and all else as a [policy.Unknown].
type Speller struct{ *View }

// pseudo is the value of a pseudo parameter, or a symbol.
func (r Speller) pseudo(name string) string {
	switch name {
	case "AWS::Partition":
		return cmp.Or(r.Env.Partition, policy.Symbol(name))
	case "AWS::Region":
		return cmp.Or(r.Env.Region, policy.Symbol(name))
	case "AWS::AccountId":
		return cmp.Or(r.Env.Account, policy.Symbol(name))
	case "AWS::URLSuffix":
		if suffix, ok := template.URLSuffix(cmp.Or(r.Env.Partition, "aws")); ok {
			return suffix
		}
	}
	return policy.Unknown(name)
}

// account is the stack's account, or its symbol.
func (r Speller) account() string { return r.pseudo("AWS::AccountId") }

// prefix is what the stack's own ARNs of a service begin with, account and colon
// included.
func (r Speller) prefix(service string) string {
	return "arn:" + r.pseudo("AWS::Partition") + ":" + service + ":" + r.pseudo("AWS::Region") + ":" + r.account() + ":"
}

// source is the ARN with which the service calls from a stage, an empty stage being
// any; "" where it isn't known.
func (r Speller) source(c *invoke.Call, src invoke.Source, stage template.Text) string {
	if src.ARN != nil {
		return r.Text(src.ARN.Presents())
	}
	tail := r.Parts(r.Scope.Canonical(src.Tail(stage)))
	if src.Form != invoke.AnyRoute && !src.Open() {
		tail = policy.Segments(tail) // stage, method and path parameters have no slash
	}
	return r.Origin(c) + "/" + tail
}

// Origin is what the source ARNs of a call's origin begin with.
func (r Speller) Origin(c *invoke.Call) string {
	begin := r.prefix(c.Service.Origins.Namespace())
	if c.Origin.ID == "" {
		return begin + r.Parts(c.Origin.Name)
	}
	return begin + policy.Symbol(c.Origin.ID)
}

// Request is a call as the policy of its function sees it. src is the call's source, or
// another spelling of it; function the function's ARN, see Function.
func (r Speller) Request(c *invoke.Call, src invoke.Source, stage template.Text, function string) policy.Request {
	q := policy.NewRequest(c.Principal, function, r.source(c, src, stage), r.account())
	if src.ARN != nil && src.ARN.Account == invoke.AccountNever {
		delete(q.Keys, policy.SourceAccount) // the service isn't known to send it
	}
	if c.Access == invoke.Invoke {
		return q
	}
	if q.Absent = nil; c.Principal == Everybody { // an anonymous request, without the keys of a service's
		q.Principal, q.Keys = policy.Principal{}, map[string]string{}
	}
	switch c.Access {
	case invoke.InvokeViaURL:
		q.Keys["lambda:invokedviafunctionurl"] = "true"
		return q
	case invoke.InvokePublic:
		q.Keys["lambda:functionurlauthtype"] = "NONE"
	default:
		q.Keys["lambda:functionurlauthtype"] = "AWS_IAM"
	}
	q.Action = "lambda:InvokeFunctionUrl"
	return q
}

// Function is the ARN of a function and qualifier.
func (r Speller) Function(t function.Target) string {
	name := r.prefix("lambda") + "function:" + policy.Symbol(t.Function)
	if t.Function == "" {
		name = r.Parts(t.Name)
	} else if t.Qualifier != "" {
		name += ":" + t.Qualifier
	}
	return name
}

// Text is a text of a policy: an ARN, a name, or a pattern of either.
func (r Speller) Text(x template.Text) string {
	if t, ok := r.named(x); ok {
		return r.Function(t)
	}
	if plain, _ := x.Plain(); r.Env.Account == "" && isAccount(plain) {
		return r.account() // as in ARNs
	}
	x = r.Scope.Canonical(x)
	p := x.Split(":")
	if len(p) < 6 || !Is(p[0], "arn") {
		return r.Parts(x)
	}
	var b strings.Builder
	for i, part := range p {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(r.arnPart(i, part))
	}
	return b.String()
}

// arnPart is component i of an ARN. Where the partition, Region or account of the stack
// isn't known, a literal one is taken for the stack's own.
func (r Speller) arnPart(i int, x template.Text) string {
	s := r.Parts(x)
	if plain, ok := x.Plain(); !ok || plain == "" || strings.ContainsAny(plain, "*?$") {
		return s
	}
	switch {
	case i == 1 && r.Env.Partition == "":
		return r.pseudo("AWS::Partition")
	case i == 3 && r.Env.Region == "":
		return r.pseudo("AWS::Region")
	case i == 4 && r.Env.Account == "":
		return r.account()
	}
	return s
}

// named returns the function of the template that a text names as a whole.
func (r Speller) named(x template.Text) (t function.Target, ok bool) {
	_, single := x.Single()
	p := x.Split(":")
	if !single && !(len(p) > 6 && Is(p[2], "lambda") && Is(p[5], "function")) && !strings.HasPrefix(x.Key(), "\x01") {
		return function.Target{}, false
	}
	if plain := x.String(); strings.ContainsAny(plain, "*?") {
		return function.Target{}, false
	}
	t, problem := r.Scope.Function(x)
	return t, problem == nil && t.Function != "" && !t.Elsewhere()
}

// Parts is Text for a text that is neither a function nor an ARN.
func (r Speller) Parts(x template.Text) string {
	var b strings.Builder
	for i, p := range x {
		id, attribute, _ := strings.Cut(p.Text, ".")
		own, isOwn := r.Template.Resource(id)
		switch {
		case p.Kind == template.Lit:
			b.WriteString(x[i : i+1].Key()) // without control characters
		case p.Kind == template.Opaque:
			b.WriteString(policy.Unknown(strings.Trim(x[i:i+1].Key(), "\x01\x02")))
		case strings.HasPrefix(p.Text, "AWS::"):
			b.WriteString(r.pseudo(p.Text))
		case isOwn && function.Is(own.Type) && attribute == "Arn":
			b.WriteString(r.prefix("lambda") + "function:" + policy.Symbol(id))
		default:
			if a, ok := r.Scope.Origin(x[i : i+1]); ok && a.ID != "" {
				b.WriteString(policy.Symbol(a.ID))
			} else if isOwn {
				b.WriteString(policy.Symbol(p.Text))
			} else {
				b.WriteString(policy.Unknown(p.Text))
			}
		}
	}
	return b.String()
}

// isAccount reports whether a text has the form of an account's id.
func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}
