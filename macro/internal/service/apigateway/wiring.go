package apigateway

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A wiring is a property that names a function, and all else that its calls have.
type wiring struct {
	property   invoke.Property
	takes      invoke.Takes
	form       form
	api        template.Value // RestApiId or ApiId; absent where own is set
	own        *invoke.Origin
	when       template.Guard // of the Fn::If branches around it
	source     invoke.Source
	sourceWhen template.Guard // of what makes the source: an API's resources, a route
	route      *route         // instead of source: how a route's key is read depends on the API
	notes      []finding.Finding
}

// A form says how a property may name a function beside by an invocation URI.
type form struct {
	bare  bool // a function's ARN is accepted, too, by all but REST APIs
	arn   bool // only a function's ARN is accepted
	proxy bool // the URI can have no other action of Lambda
}

// accepts is what the property accepts in an API of a kind.
func (w form) accepts(api string) function.Accepts {
	return function.Accepts{Proxy: w.proxy, Bare: w.bare && api != REST || w.arn, Opaque: w.bare && api != REST && api != WebSocket || w.arn}
}

// connect makes the calls of a wiring, for each API that the conditions allow.
func (g *gateway) connect(w *wiring) {
	if g.Full() {
		return
	}
	var one [1]apiVariant // mostly there is one
	apis := one[:0]
	if w.own != nil {
		apis = append(apis, apiVariant{Origin: w.own, ok: true})
	} else {
		apis = g.apis(apis, w.api)
	}
	for _, a := range apis {
		a.Origin = ofType(a.Origin, w.property.Resource.Type)
		source := w.source
		if w.route != nil {
			source = g.routeSource(w.route.key, a.Kind)
		}
		when, ok := template.All(w.when, a.when, w.sourceWhen)
		if !ok {
			continue
		}
		g.Connect(&invoke.Connection{
			Property: w.property, Takes: w.takes, Accepts: w.form.accepts(a.Kind), Origin: a.Origin, Source: source, When: when, Notes: w.notes,
		}, invoke.Hooks{
			PerStage: func(x template.Text) []function.Staged { return g.perStage(x, a.Origin) },
			Finish:   func(c *invoke.Call, y *function.Reading) { g.finishCall(w, a, c, y) },
		})
	}
}

// finishCall adds API Gateway's own findings to a call.
func (g *gateway) finishCall(w *wiring, a apiVariant, c *invoke.Call, y *function.Reading) {
	if c.Source.Form != Authorizer {
		c.Source.Stage = y.Stage
	}
	if c.Source.Open() {
		c.Notes = append(c.Notes, finding.Finding{Reason: UnknownPath, At: c.At()})
	}
	if c.Source.Form == Key && g.readsAsPattern(c.Source.Route) {
		c.Notes = append(c.Notes, finding.Finding{Reason: KeyPattern, At: c.At()})
	}
	if c.Problem == nil {
		c.Problem = w.unfit(a, &c.Source)
		g.nameAPI(c.Problem, a)
	}
	if c.Identity == invoke.Role {
		if wrong, hint := g.wrongCredentials(c.Given); wrong != "" {
			c.Notes = append(c.Notes, finding.Finding{Reason: function.Malformed, At: c.Slot.Pointer(), Detail: "its credentials: " + wrong, Hint: hint})
		}
	}
	if id, ok := g.TextIsID(a.Name, isAPI); ok && a.ID == "" {
		c.Notes = append(c.Notes, finding.Finding{Reason: function.TextIsID, At: w.api.Pointer(), Detail: id})
	}
	if id, ok := g.FunctionAsText(y.Target.Name); ok && y.Target.Function == "" {
		c.Notes = append(c.Notes, finding.Finding{Reason: function.TextIsID, At: c.At(), Detail: id})
	}
}

// unfit returns why no permission can be for the call; nil where one can.
func (w *wiring) unfit(a apiVariant, src *invoke.Source) *finding.Finding {
	if !a.ok {
		return &finding.Finding{Reason: NoAPI, At: w.property.Resource.Pointer(), Detail: wrongAPI(a.Name)}
	}
	size := 0
	for _, p := range src.Route {
		if p.Kind != template.Lit {
			continue
		}
		if size += len(p.Text); strings.IndexByte(p.Text, '\n') >= 0 || strings.IndexByte(p.Text, '\r') >= 0 {
			return &finding.Finding{Reason: function.Malformed, At: w.property.Resource.Pointer(), Detail: "its route has a line break", Hint: "write it in one line"}
		}
	}
	if size > longestTail {
		return &finding.Finding{Reason: function.Malformed, At: w.property.Resource.Pointer(), Detail: fmt.Sprintf("its route has %d characters, too many for a source ARN", size),
			Hint: "shorten the path"}
	}
	return nil
}

// longestTail is how long the tail of a SourceArn of up to 1,024 characters may be, without
// the stage
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html).
const longestTail = 800

// wrongCredentials returns why credentials are no role's ARN, as far as they are literal,
// and a hint. They may have API Gateway's own variables.
func (g *gateway) wrongCredentials(x template.Text) (wrong, hint string) {
	if plain, ok := x.Visible().Plain(); ok && !strings.HasPrefix(plain, "arn:") && !strings.Contains(plain, "AWS::NoValue") {
		return fmt.Sprintf("%q is no role's ARN", plain), "write !GetAtt Role.Arn"
	}
	if p, ok := x.Single(); ok && p.Kind == template.Ref && g.TypeOf(p.Text) == "AWS::IAM::Role" {
		return "!Ref " + p.Text + " is the role's name", "write !GetAtt " + p.Text + ".Arn"
	}
	for _, p := range x {
		if p.Kind == template.Opaque && p.Expr.Exists() && !p.Expr.IsExpression() {
			return "an object or a list stands there that is no function of CloudFormation", "write !GetAtt Role.Arn"
		}
		if p.Kind == template.Lit && (strings.Contains(p.Text, "AWS::NoValue") || strings.ContainsAny(p.Text, " \n\r\t")) {
			return function.WrongText(x)
		}
	}
	return "", ""
}
