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

// A NearMiss is a permission of the template that was plainly made for calls
// that nothing allows, and doesn't allow them.
type NearMiss struct {
	finding.Finding
	ID    string // of the permission
	Calls []int  // indexes of the decisions
}

// maxNear bounds how many pairs of a permission and a call are compared.
const maxNear = 50_000

// NearMisses returns the permissions that differ from what calls need in one
// part, in document order. Nothing is decided by it, so that only who asks pays.
func NearMisses(v *statement.View, decisions []grant.Decision) []NearMiss {
	d := reader{v}
	out := []NearMiss{}
	used := map[string]bool{}
	var lonely []int // calls that nothing of the author's allows
	for i, dec := range decisions {
		if dec.Verdict == grant.Added {
			lonely = append(lonely, i)
		} else if dec.Verdict == grant.Allowed {
			for _, id := range dec.By {
				used[id] = true
			}
		}
	}
	permissions := d.Scope.Resources("AWS::Lambda::Permission")
	if len(lonely) == 0 || len(permissions)*len(lonely) > maxNear {
		return out
	}
	wanted := make([]wantedCall, len(lonely))
	for i, index := range lonely {
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

// A wantedCall is a call with what it asks of its function's policy: the
// request from any stage, and from each that is declared.
type wantedCall struct {
	*invoke.Call
	index    int
	requests []policy.Request
	origin   string // what its source ARN begins with; "" where it isn't put together
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
func (w wantedCall) allowedBy(s policy.Statement) bool {
	return slices.ContainsFunc(w.requests, func(r policy.Request) bool { return s.Matches(r) == policy.Yes })
}

// nearMiss looks for the one part in which a permission differs from what some
// of the calls need: the first of the table with which any call would be allowed.
func (d reader) nearMiss(r template.Resource, calls []wantedCall) (NearMiss, bool) {
	var all []permission
	for _, w := range d.permissions(r) {
		if slices.ContainsFunc(calls, func(c wantedCall) bool { return c.allowedBy(w.statement()) }) {
			return NearMiss{}, false // under some condition, or together with others, it is of use
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

// A permission is one as it stands in the template.
type permission struct {
	*statement.View
	function, source           template.Text
	hasSource, hasAccount      bool
	principal, action, account string
	target                     string // the function's ARN, as statements are compared
	from                       string // the source ARN, likewise
	key                        string // of the function without its qualifier
	qualifier                  string
	odd                        bool // it has a key that no such call has
}

// maxWritten bounds the combinations of branches that one permission is read in.
const maxWritten = 8

// permissions reads one of the template, under each of its conditions.
func (d reader) permissions(r template.Resource) (out []permission) {
	p := r.Properties()
	reader := statement.Speller{View: d.View}
	for _, name := range []string{"Principal", "Action"} {
		if len(p.Get(name).Variants()) != 1 {
			return nil // several permissions in one
		}
	}
	text := func(name string) string {
		x, _ := p.Get(name).One()
		return reader.Text(x)
	}
	w := permission{View: d.View, principal: text("Principal"), action: text("Action"), account: text("SourceAccount"), hasAccount: p.Get("SourceAccount").Exists()}
	if x, _ := p.Get("SourceAccount").One(); len(x) > 0 { // as coverage has it, a literal one is the stack's only where that is known
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

// named is the permission for another function.
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

// statement is what the permission becomes.
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
