package review

import (
	"slices"
	"strings"
	"unicode"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A mend changes one part of a permission into what a call needs there. It also returns
// what is wrong with that part, "" where nothing is, and what to write. The caller sees
// whether the mended permission allows the call.
type mend func(w permission, c wantedCall) (mended permission, what, hint string)

// mends are for the common mistakes in permissions, in the order in which they are tried;
// those for the slips of services come last, see mendSlip.
var mends = []mend{mendBlanks, mendSub, mendLogicalID,
	mendInvocation, mendMistaken, mendQualifier, mendNamespace, mendPlace, mendAccount, mendPrincipal, mendAction}

// mendBlanks is for line breaks and blanks, which folded YAML puts into a text.
func mendBlanks(w permission, _ wantedCall) (permission, string, string) {
	property := ""
	strip := func(x template.Text, name string) template.Text {
		var out template.Text
		for _, p := range x {
			if p.Kind == template.Lit && strings.ContainsFunc(p.Text, unicode.IsSpace) {
				p.Text, property = strings.Join(strings.Fields(p.Text), ""), name
			}
			out = template.Join(out, template.Text{p})
		}
		return out
	}
	x := w.named(strip(w.function, "FunctionName")).sourced(strip(w.source, "SourceArn"))
	for _, field := range []struct {
		text *string
		name string
	}{{&x.principal, "Principal"}, {&x.action, "Action"}, {&x.account, "SourceAccount"}} {
		if strings.ContainsFunc(*field.text, unicode.IsSpace) {
			*field.text, property = strings.Join(strings.Fields(*field.text), ""), field.name
		}
	}
	if property == "" {
		return w, "", ""
	}
	return x, property + " has a line break or a blank in it", "write it in one line, without blanks"
}

// mendSub is for a ${…} in a text without Fn::Sub.
func mendSub(w permission, _ wantedCall) (permission, string, string) {
	property := ""
	sub := func(x template.Text, name string) template.Text {
		plain, ok := x.Plain()
		if !ok || !strings.Contains(plain, "${") {
			return x
		}
		property = name
		y, _ := template.Index(`{"Fn::Sub":` + template.Quote(plain) + `}`).Root().One()
		return y
	}
	x := w.named(sub(w.function, "FunctionName")).sourced(sub(w.source, "SourceArn"))
	if property == "" {
		return w, "", ""
	}
	return x, property + " has ${…} and no Fn::Sub around it", "write " + property + ": !Sub …"
}

// mendLogicalID is for a text that equals the logical id of a function or API.
func mendLogicalID(w permission, c wantedCall) (permission, string, string) {
	_, text, isARN := w.function.CutLast("function:")
	if !isARN {
		text = w.function
	}
	plain, literal := text.Plain()
	if name, qualifier, qualified := strings.Cut(plain, ":"); literal && name != "" && name == c.Target.Function {
		x := template.RefTo(name)
		if qualified {
			x = template.Join(x, template.Literal(":"+qualifier))
		}
		return w.named(x), "the text " + name + " is no reference: it names a function that is called so", "write !Ref " + name + ", or ${" + name + "} in Fn::Sub"
	}
	if c.Origin.ID == "" || c.Source.ARN != nil {
		return w, "", ""
	}
	before, after, found := w.source.CutLast(":" + c.Origin.ID)
	if rest, _ := after.Plain(); !found || rest != "" && rest[0] != '/' && rest[0] != '*' {
		return w, "", ""
	}
	x := template.Join(before, template.Literal(":"), c.Origin.Name, after)
	return w.sourced(x), "the text " + c.Origin.ID + " is no reference: it names an API with that id", "write ${" + c.Origin.ID + "} in Fn::Sub"
}

// mendInvocation is for an invocation URI as FunctionName.
func mendInvocation(w permission, _ wantedCall) (permission, string, string) {
	_, after, found := w.function.Cut("/functions/")
	name, _ := after.TrimSuffix("/invocations")
	if !found {
		return w, "", ""
	}
	return w.named(name), "FunctionName is an invocation URI", "write the function's name or ARN alone"
}

// mendQualifier is for a permission for the function itself where an alias or a version is
// called, and the reverse.
func mendQualifier(w permission, c wantedCall) (permission, string, string) {
	if w.key == "" || w.key != c.Target.Key || w.qualifier == c.Target.Qualifier {
		return w, "", ""
	}
	mended := w
	mended.target = statement.Speller{View: w.View}.Function(*c.Target)
	name := qualifierName(c.Target.Qualifier)
	hint := "write FunctionName: !Sub ${" + c.Target.Function + "}:" + name
	switch {
	case w.qualifier == "$LATEST":
		return mended, "Lambda accepts no permission for $LATEST", "name the function as it is called"
	case c.Target.Qualifier == "":
		return mended, "it is for " + qualifierName(w.qualifier) + ", and the function is called without an alias or version, which has a policy of its own", "write FunctionName: !Ref " + c.Target.Function
	case strings.HasPrefix(c.Target.Qualifier, "@"):
		hint = "write FunctionName: !Ref " + name
	}
	if w.qualifier == "" {
		return mended, "it is for the function without a qualifier, and the alias or version " + name + " is called, which has a policy of its own", hint
	}
	return mended, "it is for " + qualifierName(w.qualifier) + ", and the alias or version " + name + " is called, which has a policy of its own", hint
}

// qualifierName is a qualifier as people write it.
func qualifierName(q string) string {
	q = strings.TrimPrefix(q, "@")
	return strings.NewReplacer("\x01", "${", "\x02", "}").Replace(q)
}

// mendPlace is for another partition, Region or account in the SourceArn.
func mendPlace(w permission, c wantedCall) (permission, string, string) {
	from, need := policy.SplitARN(w.from), policy.SplitARN(c.source())
	if len(from) < 6 || len(need) < 6 {
		return w, "", ""
	}
	var what, hints []string
	for _, part := range arnPlaces {
		switch is := from[part.index]; {
		case is == need[part.index]:
		case strings.HasPrefix(is, policy.Unknown("")[:2]):
			return w, "", "" // it may be the stack's own
		case is == "":
			what, hints = append(what, "the "+part.name+" in its SourceArn is empty"), append(hints, part.own)
		default:
			what, hints = append(what, "the "+part.name+" in its SourceArn is not the stack's own"), append(hints, part.own)
		}
		from[part.index] = need[part.index]
	}
	w.from = strings.Join(from, ":")
	return w, strings.Join(what, ", "), "write " + strings.Join(hints, ", ") + " there"
}

// arnPlaces are the components of an ARN that say where its resource is.
var arnPlaces = []struct {
	index     int
	name, own string
}{{1, "partition", "${AWS::Partition}"}, {3, "Region", "${AWS::Region}"}, {4, "account", "${AWS::AccountId}"}}

// mendAccount is for another SourceAccount.
func mendAccount(w permission, _ wantedCall) (permission, string, string) {
	if !w.hasAccount {
		return w, "", ""
	}
	w.hasAccount = false
	if w.Env.Account == "" {
		return w, "its SourceAccount is not known to be the account of the stack", "write !Ref AWS::AccountId, or name the stack's account to this tool"
	}
	return w, "its SourceAccount is not the account that the call comes from", "write !Ref AWS::AccountId, or leave it out"
}

// mendPrincipal is for another principal than that of the service whose SourceArn the
// permission has.
func mendPrincipal(w permission, c wantedCall) (permission, string, string) {
	like := c.Service.HasOrigins() && strings.HasPrefix(w.principal, c.Service.Name)
	for _, s := range w.Env.Catalog().WithOrigins() {
		like = like || strings.Contains(w.principal, s.Origins.Namespace()) // authors take the namespace for the principal
	}
	like = like || c.Principal != c.Service.Principal && w.principal == c.Service.Principal
	if w.principal == c.Principal || !like && !w.names(c) {
		return w, "", ""
	}
	was := qualifierName(w.principal)
	w.principal = c.Principal
	return w, "its Principal is " + was + ", and the call is made by " + c.Principal, "write Principal: " + c.Principal
}

// mendAction is for another action, where the SourceArn is the call's.
func mendAction(w permission, c wantedCall) (permission, string, string) {
	if w.odd || !w.names(c) {
		return w, "", ""
	}
	was := qualifierName(w.action)
	w.action = "lambda:InvokeFunction"
	return w, "its Action is " + was, "write Action: lambda:InvokeFunction"
}

// names reports whether the SourceArn names the call's origin.
func (w permission) names(c wantedCall) bool {
	return w.hasSource && c.Origin.ID != "" && strings.Contains(w.from, policy.Symbol(c.Origin.ID))
}

// source is the source ARN of the call.
func (c wantedCall) source() string { return c.requests[0].Keys[policy.SourceArn] }

// readableSource is the SourceArn that a call needs, as a text for Fn::Sub.
func readableSource(c wantedCall) string {
	return c.Service.SourceARN(c.Origin, c.Source.Tail(c.Source.Stage)).String()
}

// mendMistaken is for a whole ARN that authors mistake for the source's, see
// [invoke.SourceARN].
func mendMistaken(w permission, c wantedCall) (permission, string, string) {
	a := c.Source.ARN
	isSource := func(x template.Text) bool {
		return statement.AsOwn(statement.ARNPattern(w.View, w.source)) == statement.AsOwn(statement.ARNPattern(w.View, x))
	}
	if a == nil || !w.hasSource || a.Mistaken == nil || !slices.ContainsFunc(a.Mistaken(), isSource) {
		return w, "", ""
	}
	source := w.Scope.Shown(a.Presents())
	return w.sourced(a.Presents()), "its SourceArn is not that of the source", "the source is " + source
}
