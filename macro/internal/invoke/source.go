package invoke

import "github.com/grantinvoke/grantinvoke/macro/internal/template"

// A Source is where a call comes from. Of a service with origins it is the tail of
// the source ARN, after the origin's id: a stage and a route; of every other service
// it is the whole source ARN.
type Source struct {
	Form  *Form         // of a service with origins: the form of the tail
	Stage template.Text // the one stage that makes the call; empty: any
	Route template.Text // as the ARN has it: "GET/pets/*", "$default", "authorizers/id"
	Plain template.Text // the route with its parameters as written, which a statement may name too; empty: it has none
	Root  template.Text // the route if the part that isn't in the template is the root path; empty: all of it is in the template
	Label string        // for people: "GET /pets/{id}"
	Event string        // of a service without origins: which event it calls for, as the service names it: "s3:ObjectCreated:*", "PreSignUp"; "" where it has one
	ARN   *SourceARN    // of a service without origins, instead of Form, Stage, Route, Plain and Root; else nil

	AnyStage template.Text // "*/" and Route as one text, so that Tail need not join them; may be empty
}

// Open reports whether a part of the route isn't in the template.
func (s *Source) Open() bool { return len(s.Root) > 0 }

// Tail returns what follows the id of the origin in the source ARN, for a stage; an
// empty stage is any, a wildcard. Of a service without origins it is the whole ARN.
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
	Exact     template.Text          // for a statement; empty: none can be written, and SourceAccount alone restricts it
	Presented template.Text          // the ARN with which the service calls, if that isn't Exact; else empty
	Wide      template.Text          // for a statement, where exact ones don't fit the policy; empty: they can't be widened
	AnySource bool                   // it is widened by naming no source, only the account
	Mistaken  func() []template.Text // what authors write by mistake, which matches nothing; nil: none is known
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
	AccountSent                    // only there, and where a source is widened: the service is known to send it
	AccountAlways
	AccountNever // the service isn't known to send it: a statement with it might match nothing
)

// Access is what a statement allows beside lambda:InvokeFunction. The zero
// value is the plain call of a service.
type Access uint8

// The ways to be called.
const (
	Invoke       Access = iota // lambda:InvokeFunction
	InvokeURL                  // lambda:InvokeFunctionUrl: by the function's URL
	InvokePublic               // the same of a URL with AuthType NONE
	InvokeViaURL               // lambda:InvokeFunction, only for calls by the URL
)

// Action is what a statement allows, with the condition keys that the access needs.
func (a Access) Action() string {
	if a == InvokeURL || a == InvokePublic {
		return "lambda:InvokeFunctionUrl"
	}
	return "lambda:InvokeFunction"
}

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
