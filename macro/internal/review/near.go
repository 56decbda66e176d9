package review

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A NearMiss is a permission of the template that seems to be made for calls that nothing
// allows, and doesn't allow them.
type NearMiss struct {
	finding.Finding
	ID    string // of the permission
	Calls []int  // indexes of the decisions
}

// maxNear bounds how many pairs of a permission and a call are compared.
const maxNear = 50_000

// NearMisses returns the permissions that differ in one part from what calls need, in the
// order of the template. Nothing is decided by it: the local tool calls it, the macro
// doesn't.
func NearMisses(v *statement.View, decisions []grant.Decision) []NearMiss {
	d := reader{v}
	out := []NearMiss{}
	used := map[string]bool{}
	var missing []int // indexes of calls that nothing in the template allows
	for i, dec := range decisions {
		if dec.Verdict == grant.Added {
			missing = append(missing, i)
		} else if dec.Verdict == grant.Allowed {
			for _, id := range dec.By {
				used[id] = true
			}
		}
	}
	permissions := d.Scope.Resources("AWS::Lambda::Permission")
	if len(missing) == 0 || len(permissions)*len(missing) > maxNear {
		return out
	}
	wanted := make([]wantedCall, len(missing))
	for i, index := range missing {
		wanted[i] = d.wantedCall(index, decisions[index].Call)
	}
	for _, r := range permissions {
		if used[r.ID] {
			continue
		}
		if n, ok := d.nearMiss(r, wanted); ok {
			out = append(out, n)
		}
	}
	return out
}

// A wantedCall is a call with its requests to the function's policy: from any stage, and
// from each that is declared.
type wantedCall struct {
	*invoke.Call
	index    int // of the decision
	requests []policy.Request
	origin   string // what its source ARN begins with, up to the origin's id; "" of a service without origins
}

func (d reader) wantedCall(index int, c *invoke.Call) wantedCall {
	r := statement.Speller{View: d.View}
	function := r.Function(*c.Target)
	w := wantedCall{Call: c, index: index, requests: []policy.Request{r.Request(c, c.Source, c.Source.Stage, function)}}
	if c.Source.ARN == nil {
		w.origin = r.Origin(c)
	}
	for _, stage := range c.Stages() {
		w.requests = append(w.requests, r.Request(c, c.Source, stage.Name, function))
	}
	return w
}

// allowedBy reports whether a statement allows the call, from one stage at least.
func (c wantedCall) allowedBy(s policy.Statement) bool {
	return slices.ContainsFunc(c.requests, func(r policy.Request) bool { return s.Matches(r) == policy.Yes })
}

// nearMiss returns the part in which a permission differs from what some of the calls
// need: that of the first mend with which it would allow a call.
func (d reader) nearMiss(r template.Resource, calls []wantedCall) (NearMiss, bool) {
	var all []permission
	for _, w := range d.permissions(r) {
		if slices.ContainsFunc(calls, func(c wantedCall) bool { return c.allowedBy(w.statement()) }) {
			return NearMiss{}, false // it is of use under some condition, or together with others
		}
		all = append(all, w)
	}
	tried := slices.Clone(mends)
	for n := range mostSlips(calls) {
		tried = append(tried, mendSlip(n))
	}
	for _, m := range tried {
		for _, w := range all {
			n := NearMiss{Finding: finding.Finding{Reason: matchesNothing, At: r.Pointer()}, ID: r.ID}
			var labels []string
			for _, c := range calls {
				x, what, hint := m(w, c)
				if what == "" || !c.allowedBy(x.statement()) {
					continue
				}
				if n.Detail == "" {
					n.Detail, n.Hint = what, hint
				}
				n.Calls, labels = append(n.Calls, c.index), append(labels, c.Source.Label+" of "+c.Resource)
			}
			if len(n.Calls) > 0 {
				n.Detail = "for " + strings.Join(slices.Compact(labels), ", ") + ": " + n.Detail
				return n, true
			}
		}
	}
	return NearMiss{}, false
}

// A permission is one of the template, as it is written.
type permission struct {
	*statement.View
	function, source           template.Text
	hasSource, hasAccount      bool
	principal, action, account string
	target                     string // the function's ARN, see [statement.Speller]
	from                       string // the source ARN, likewise
	key                        string // of the function without its qualifier
	qualifier                  string
	odd                        bool // it has a key that no such call has
}

// maxWritten bounds the combinations of branches in which one permission is read.
const maxWritten = 8

// permissions reads a permission of the template: one for each combination of branches of
// its FunctionName and SourceArn.
func (d reader) permissions(r template.Resource) (out []permission) {
	p := r.Properties()
	reader := statement.Speller{View: d.View}
	for _, name := range []string{"Principal", "Action"} {
		if len(p.Get(name).Variants()) != 1 {
			return nil // in effect several permissions
		}
	}
	text := func(name string) string {
		x, _ := p.Get(name).One()
		return reader.Text(x)
	}
	w := permission{View: d.View, principal: text("Principal"), action: text("Action"), account: text("SourceAccount"), hasAccount: p.Get("SourceAccount").Exists()}
	if x, _ := p.Get("SourceAccount").One(); len(x) > 0 { // a literal account is the stack's only where that is known
		w.account = reader.Parts(x)
	}
	for _, name := range []string{"FunctionUrlAuthType", "InvokedViaFunctionUrl", "EventSourceToken", "PrincipalOrgID"} {
		w.odd = w.odd || p.Get(name).Exists() && p.Get(name).Raw() != "false"
	}
	for _, fn := range p.Get("FunctionName").Variants() {
		for _, src := range p.Get("SourceArn").Variants() {
			if fn.Absent || len(out) == maxWritten {
				continue
			}
			w.hasSource = !src.Absent
			out = append(out, w.named(fn.Text).sourced(src.Text))
		}
	}
	return out
}

// named is the permission with another FunctionName.
func (w permission) named(x template.Text) permission {
	w.function = x
	t, problem := w.Scope.Function(x)
	w.target, w.key, w.qualifier = "?", t.Key, t.Qualifier
	switch {
	case problem == nil && !t.Elsewhere():
		w.target = statement.Speller{View: w.View}.Function(t)
	case problem != nil && problem.Name == function.Latest.Name:
		w.qualifier = "$LATEST"
	default:
		w.key = ""
	}
	return w
}

// sourced is the permission with another SourceArn.
func (w permission) sourced(x template.Text) permission {
	w.source, w.from = x, statement.Speller{View: w.View}.Text(x)
	return w
}

// statement is the statement of the permission in the function's policy.
func (w permission) statement() policy.Statement {
	s := policy.Statement{Effect: policy.Allow, Principals: []policy.Principal{{Kind: "Service", Name: w.principal}}, Actions: []string{w.action}, Resources: []string{w.target}}
	if w.principal == statement.Everybody {
		s.Principals[0] = policy.Everybody
	}
	if w.hasSource {
		s.Conditions = append(s.Conditions, policy.Condition{Operator: "ArnLike", Key: policy.SourceArn, Values: []string{w.from}})
	}
	if w.hasAccount {
		s.Conditions = append(s.Conditions, policy.Condition{Operator: "StringEquals", Key: policy.SourceAccount, Values: []string{w.account}})
	}
	if w.odd {
		s.Unclear = []string{"Condition"}
	}
	return s
}

// A reader reads permissions as they are written.
type reader struct{ *statement.View }
