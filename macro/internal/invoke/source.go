package invoke

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

// A Source is where a call comes from. Of a service with origins it is what stands
// in the last component of the source ARN behind the origin's id: a stage and a
// route; of every other service it is the whole source ARN.
type Source struct {
	Form  *Form         // of a service with origins: how the route stands in the ARN
	Stage template.Text // the one stage that makes the call; empty: any
	Route template.Text // what is called, as the ARN has it: "GET/pets/*", "$default", "authorizers/id"
	Plain template.Text // the route with its parameters as written, which a statement may name too; empty: it has none
	Root  template.Text // the route where what isn't in the template is the root; empty: all of it is there
	Label string        // for people: "GET /pets/{id}"
	Event string        // of a whole ARN: what happens then, in the service's word for it: "s3:ObjectCreated:*", "PreSignUp"; "" where it has one kind alone
	ARN   *SourceARN    // what there is instead of all that, where nothing is put together

	AnyStage template.Text // the tail for any stage, as long as it ends in Route; may be empty
}

// Open reports whether a part of the route isn't in the template.
func (s *Source) Open() bool { return len(s.Root) > 0 }

// Tail returns what stands behind the id of the origin for the stage: an empty stage
// is the wildcard.
func (s Source) Tail(stage template.Text) template.Text {
	switch {
	case s.ARN != nil:
		return s.ARN.Exact
	case s.Form != nil && s.Form.Stageless:
		return s.Route
	case s.Form == AnyRoute:
		if len(stage) == 0 {
			return template.Literal("*")
		}
		return template.Join(stage, template.Literal("/*"))
	}
	if len(stage) == 0 {
		if len(s.AnyStage) == 1 && len(s.Route) == 1 && s.AnyStage[0].Text[2:] == s.Route[0].Text {
			return s.AnyStage
		}
		stage = template.Literal("*")
	}
	return template.Join(stage, template.Literal("/"), s.Route)
}

// A SourceARN is where a call of a service without origins comes from.
type SourceARN struct {
	Exact     template.Text          // what a statement names; empty: none can be written, SourceAccount alone confines it
	Presented template.Text          // what the service presents, if that is more than Exact tells; else empty
	Wide      template.Text          // what is named instead where exact sources don't fit the policy; empty: they can't be widened
	AnySource bool                   // it is widened by naming no source, only the account
	Mistaken  func() []template.Text // what people write for it, and what matches nothing; nil: none that is known
	Account   Account
}

// Presents is the ARN with which the service calls.
func (a *SourceARN) Presents() template.Text { return a.Presented.Or(a.Exact) }

// Account says whether a statement has SourceAccount: it is needed where the
// source ARN holds no account, and may be added where the service is known to
// fill the key aws:SourceAccount.
type Account uint8

// The rules for SourceAccount.
const (
	AccountOptional Account = iota // only where the option SourceAccount asks for it
	AccountSent                    // there, and where a source is widened: the service is known to send it
	AccountAlways
	AccountNever // the service isn't known to send it: a statement with it might match nothing
)

// Access is what a statement allows beside lambda:InvokeFunction. The zero
// value is the plain call of a service.
type Access uint8

// The ways to be called.
const (
	Invoke       Access = iota // lambda:InvokeFunction
	InvokeURL                  // lambda:InvokeFunctionUrl: the function's URL is asked
	InvokePublic               // the same of a URL with AuthType NONE
	InvokeViaURL               // lambda:InvokeFunction, where the call came by the URL
)

// OwnARN is the ARN of a resource of the stack's own account and Region.
func OwnARN(service string, resource ...template.Text) template.Text {
	parts := 7
	for _, r := range resource {
		parts += len(r)
	}
	return append(make(template.Text, 0, parts),
		template.Part{Kind: template.Lit, Text: "arn:"}, template.Part{Kind: template.Ref, Text: "AWS::Partition"}, template.Part{Kind: template.Lit, Text: ":" + service + ":"},
		template.Part{Kind: template.Ref, Text: "AWS::Region"}, template.Part{Kind: template.Lit, Text: ":"}, template.Part{Kind: template.Ref, Text: "AWS::AccountId"},
		template.Part{Kind: template.Lit, Text: ":"}).Extend(resource...)
}
