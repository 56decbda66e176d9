package invoke

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Wire is a property with a function's ARN by which a service invokes the function.
type Wire struct {
	Resource  template.Resource
	Function  template.Value // the property, or what is read of it
	At        template.Value // the property, where that isn't Function
	When      template.Guard // of the Fn::If branches around it
	Always    bool           // it names functions only, so that any expression is taken for a function's ARN
	TakesName bool           // it takes a function's name, too
	Label     string         // what calls, for people: "rule Nightly"
	Event     string         // see Source
	Source    SourceARN
	As        Caller
	Takes     Takes // where it takes a role
	Notes     []finding.Finding
}

// A Caller says how a service calls, where that isn't as it usually does.
type Caller struct {
	Principal string // "": the service's
	Access    Access
	Given     Given // By and IDPrefix of the permission that SAM adds; the zero value: it adds none
}

// Wire makes calls of a property: one for each function and kind of credentials that
// the conditions allow. An expression that may name something else than a function is
// a finding, and no call.
func (f *Finder) Wire(w Wire) {
	if !w.At.Exists() {
		w.At = w.Function
	}
	if isURI(w.Function) {
		w.Notes = append(slices.Clip(w.Notes), finding.Finding{Reason: NotARN, Detail: "an invocation URI"})
	}
	f.Connect(&Connection{
		Property:  Property{Resource: w.Resource, Value: w.Function, At: w.At},
		Takes:     w.Takes,
		Accepts:   function.Accepts{Bare: true, Opaque: w.Always, Named: w.Always},
		Source:    Source{Label: w.Label, Event: w.Event},
		When:      w.When,
		Principal: w.As.Principal,
		Access:    w.As.Access,
		Notes:     w.Notes,
	}, Hooks{
		Skip: func(y *function.Reading) bool {
			unclear := y.Problem != nil && y.Problem.Name == function.OpaqueURI.Name && !w.Always
			if unclear {
				f.Report(finding.Finding{Reason: MaybeFunction, At: w.At.Pointer(), About: f.awaited(y.Target.ARN)})
			}
			return unclear
		},
		Finish: func(c *Call, y *function.Reading) {
			source := w.Source // here, since most properties that may name a function name none
			c.Source.ARN = &source
			f.finishWire(&w, c)
		},
	})
}

// awaited is the first parameter that a text names and that has no value yet, though
// the macro sees one at deployment; "" where there is none.
func (f *Finder) awaited(x template.Text) string {
	for name := range x.Names {
		if f.Awaits(f.t, name) {
			return name
		}
	}
	return ""
}

// isURI reports whether a value is an invocation URI, whichever function it names.
func isURI(v template.Value) bool {
	if fn, _, _ := v.Intrinsic(); fn == "Ref" || fn == "Fn::GetAtt" {
		return false
	}
	x, ok := v.One()
	_, _, found := x.Cut(":lambda:path/")
	return ok && found
}

// finishWire adds the findings about properties that take a function's ARN.
func (f *Finder) finishWire(w *Wire, c *Call) {
	if wrong, is := f.notARN(c.Target.ARN); is && !w.TakesName && !f.kind.Watched && (c.Problem == nil || c.Problem.Name != function.Malformed.Name) {
		c.Notes = append(c.Notes, finding.Finding{Reason: NotARN, At: w.At.Pointer(), Detail: wrong})
	}
	if c.Problem == nil && slices.ContainsFunc(w.Source.Exact, isNoExpression) {
		c.Problem = &finding.Finding{Reason: function.Malformed, Detail: "an object that is no function of CloudFormation stands in the name of what calls", Hint: "write a text or an expression there"}
	}
	c.Problem = w.problem(c.Problem)
	g := w.As.Given
	if f.kind.Itself {
		g.By = f.kind.service.Title + " itself"
	}
	if g.By != "" {
		g.Source, g.Target, g.When = w.Source.Exact, *c.Target, c.When
		f.Give(g)
	}
}

// isNoExpression reports whether a part is an object or a list that CloudFormation
// makes no text of.
func isNoExpression(p template.Part) bool {
	return p.Kind == template.Opaque && p.Expr.Exists() && !p.Expr.IsExpression()
}

// problem is what is wrong with the function's name, with a hint for a property that
// takes an ARN and no invocation URI.
func (w Wire) problem(p *finding.Finding) *finding.Finding {
	if p == nil {
		return nil
	}
	own := *p
	if own.At == "" {
		own.At = w.At.Pointer()
	}
	switch {
	case own.Hint != "":
	case own.Name == function.Malformed.Name:
		own.Hint = NotARN.Hint
	case own.Name == function.OpaqueURI.Name:
		own.Hint = "name the function by Ref or Fn::GetAtt, or give the parameter a value that is a function's ARN"
	case own.Name == function.Latest.Name && !w.Takes.Holder.Exists():
		own.Hint = "name the function without a qualifier, or name an alias"
	}
	return &own
}

// notARN returns in which way a text isn't a function's ARN although it names one.
func (f *Finder) notARN(x template.Text) (wrong string, is bool) {
	p, single := x.Single()
	if !single || p.Kind == template.Att || p.Kind == template.Opaque {
		plain, literal := x.Plain()
		return plain, literal && plain != "" && !strings.Contains(plain, ":")
	}
	r, own := f.t.Resource(p.Text)
	if value, given := f.ParameterOf(f.t, p.Text); !own && given && value != "" && !strings.Contains(value, ":") {
		return "!Ref " + p.Text + " has a name as its value", true
	}
	return "!Ref " + p.Text + " is its name", own && function.Is(r.Type)
}
