// Package statement is what the template's own permissions and policies, and those
// that SAM is going to add, allow: which calls they match, and how many bytes they
// take. It writes nothing.
package statement

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Statement is one that a function's policy has, or will have, without what the
// macro adds.
type Statement struct {
	By        string         // logical id of the permission, or a description of SAM's grant
	At        template.Value // the permission; absent for SAM's
	Principal string         // that may call
	Access    invoke.Access
	Source    template.Text // of SAM's: its SourceArn, whose resources it waits for
	Pattern   string        // of the source ARNs that it matches, see OriginPattern and ARNPattern; anySource where it has no SourceArn
	account   bool          // it has the stack's account as SourceAccount
	token     string        // the key of its EventSourceToken; "" where it has none
	When      template.Guard
	Notes     []finding.Finding
	spelling
}

// A spelling is how a statement names its function.
type spelling struct {
	knownID string // see [function.Filled]
	assumed string // see [function.Filled]
	Copy    bool   // it is the second entry of the statement, by its knownID
	Unsure  bool   // only the deployment tells which function it is
}

// anySource is the pattern of a statement without SourceArn.
const anySource = "*"

// AnySource reports whether the statement has no SourceArn.
func (st *Statement) AnySource() bool { return st.Pattern == anySource }

// Existing are the statements and rules of a template. The keys of ByTarget, Sizes and
// AddedBy are functions with qualifiers, see [function.Target.ID].
type Existing struct {
	ByTarget map[string][]Statement
	Sizes    map[string]Size     // of all permissions, also those for principals that aren't known here
	AddedBy  map[string][]string // what adds statements: logical ids, or descriptions of SAM's grants
	Rules    rules
	Beside   map[string]string            // by permission or SAM's grant for a function with a rule: the rule's policy
	Findings map[string][]finding.Finding // by permission: what is wrong with it as it is written
}

// Of returns the statements for a function.
func (all Existing) Of(t *function.Target) []Statement {
	list := all.ByTarget[t.ID()]
	if t.KnownID == "" {
		return list
	}
	var out []Statement
	for _, st := range slices.Concat(list, all.ByTarget[t.KnownID]) {
		if st.assumed == "" || t.Assumed == "" || st.assumed == t.Assumed {
			out = append(out, st)
		}
	}
	return out
}

// OriginPattern is the pattern of a source ARN of a service with origins, as statements
// and needs are compared: the origin as a symbol, and the tail.
func OriginPattern(origin string, tail template.Text) string {
	return "\x01" + origin + "\x02/" + tail.Key() // policy.Symbol, without a copy of it
}

// Read reads the permissions and policies of the template, and what SAM will add.
func Read(v *View, given []invoke.Given) Existing {
	permissions := v.Scope.Resources("AWS::Lambda::Permission")
	all := Existing{Rules: readRules(v)}
	if len(permissions)+len(given)+len(all.Rules) == 0 {
		return all
	}
	all.ByTarget, all.Sizes = make(map[string][]Statement, len(permissions)), make(map[string]Size, len(permissions))
	all.Beside, all.Findings = map[string]string{}, map[string][]finding.Finding{}
	all.AddedBy = make(map[string][]string, len(permissions))
	for id, u := range all.Rules {
		all.Sizes[id] = u.size
	}
	for _, r := range permissions {
		all.readPermission(v, r)
	}
	for _, g := range given {
		if u := all.Rules.Of(&g.Target); u != nil {
			all.Beside[g.By] = u.By[0].ID
			continue
		}
		all.add(g.Target.ID(), givenStatement(v, g))
		all.count(g.Target.ID(), g.By, Lengths{View: v}.given(g))
	}
	return all
}

// add adds a statement to those of a function.
func (all Existing) add(id string, st Statement) { all.ByTarget[id] = append(all.ByTarget[id], st) }

// count adds the size of a statement to that of its function's policy.
func (all Existing) count(id, by string, size int) {
	all.AddedBy[id] = append(all.AddedBy[id], by)
	x := all.Sizes[id]
	all.Sizes[id] = Size{x.Statements + 1, x.Bytes + size}
}

// readPermission reads a permission: its size, for the policies of the functions that
// it may name, and what it allows to each of its principals.
func (all Existing) readPermission(v *View, r template.Resource) {
	p := r.Properties()
	functions, from := p.Get("FunctionName").Variants(), p.Get("SourceArn").Variants()
	targets := make([]function.Target, 0, len(functions))
	var wrong []finding.Finding
	for i, fn := range functions {
		target, problem := v.Scope.Function(fn.Text)
		if problem != nil || fn.Absent {
			functions[i].Absent = true
			if problem != nil && problem.Name == function.Malformed.Name {
				wrong = append(wrong, *problem)
			}
		} else {
			if u := all.Rules.Of(&target); u != nil {
				all.Beside[r.ID] = u.By[0].ID
				functions[i].Absent = true
				targets = append(targets, target)
				continue
			}
			for _, one := range target.Each() {
				all.count(one.ID(), r.ID, Lengths{View: v}.permission(p, &one, from))
			}
		}
		targets = append(targets, target)
	}
	for _, who := range p.Get("Principal").Variants() {
		if when, ok := r.Condition().And(who.When); ok && !who.Absent {
			all.readPrincipal(v, r, permitted{who.Text, when, functions, targets, from, wrong})
		}
	}
}

// permitted is what a permission allows to one principal.
type permitted struct {
	principal template.Text
	when      template.Guard
	functions []template.Variant
	targets   []function.Target  // by function; of no meaning where that is Absent
	from      []template.Variant // SourceArn
	wrong     []finding.Finding  // malformed function names
}

// readPrincipal reads what a permission allows to one of the principals that
// conditions give it.
func (all Existing) readPrincipal(v *View, r template.Resource, to permitted) {
	p := r.Properties()
	functions, targets, from, wrong := to.functions, to.targets, to.from, to.wrong
	service, principal, calls := principalOf(to.principal, v.Env)
	access, known := accessOf(p, service)
	if !calls {
		all.proofreadPrincipal(r, to.principal, v.Env)
	}
	if !calls || !known || !isOwnAccount(v, p.Get("SourceAccount")) {
		return
	}
	all.proofreadSources(v, r, service, from)
	account, open := p.Get("SourceAccount").Exists(), principal == Everybody
	token := tokenOf(p.Get("EventSourceToken"))
	if service != nil && service.HasOrigins() {
		all.proofread(v.Scope, service, r, wrong, functions, from)
	}
	for i, fn := range functions {
		if fn.Absent {
			continue
		}
		for _, src := range sources(v, service, from) {
			when, ok := to.when.And(fn.When)
			if ok {
				when, ok = when.And(src.when)
			}
			if !ok {
				continue
			}
			st := Statement{By: r.ID, At: r.Value, Principal: principal, Access: access, Pattern: src.pattern, account: account, token: token}
			for _, reason := range []struct {
				is bool
				finding.Reason
				hint string
			}{{open && access == invoke.Invoke, public, ""}, {src.pattern == anySource && !src.account && !account && !open && !to.confined(p, v.Env), noSourceArn, service.NoSource()},
				{src.account, accountWide, ""}, {!account && namesNoAccount(src.pattern), noSourceAccount, ""}} {
				if reason.is {
					st.Notes = append(st.Notes, finding.Finding{Reason: reason.Reason, At: r.Pointer(), Hint: reason.hint})
				}
			}
			for _, one := range targets[i].Each() {
				if st.When, ok = when.And(one.When); !ok {
					continue
				}
				st.knownID, st.assumed, st.Unsure, st.Copy = one.KnownID, one.Assumed, Unsure(&one), false
				all.add(one.ID(), st)
				if st.Copy = true; one.KnownID != "" {
					all.add(one.KnownID, st)
				}
			}
		}
	}
}

// tokenOf is the key of an EventSourceToken; "" where there is none.
func tokenOf(v template.Value) (key string) {
	for _, x := range v.Variants() {
		key += x.Text.Key()
	}
	return key
}

// confined reports whether a permission without a source is for one role, or for calls
// with a token.
func (to permitted) confined(p template.Value, env invoke.Environment) bool {
	return tokenOf(p.Get("EventSourceToken")) != "" || strings.HasPrefix(ownPrincipal(to.principal, env), "arn:")
}

// accessOf returns what a permission allows; ok is false where no call of a service
// needs that: another action, or a key that no such call has.
func accessOf(p template.Value, service *invoke.Service) (access invoke.Access, ok bool) {
	has := func(name string) bool {
		v := p.Get(name)
		return v.Exists() && v.Raw() != "false" && v.Kind() != template.Null &&
			slices.ContainsFunc(v.Variants(), func(x template.Variant) bool { return !x.Absent })
	}
	if has("EventSourceToken") && (service == nil || !service.Token) || has("PrincipalOrgID") {
		return 0, false
	}
	auth, _ := p.Get("FunctionUrlAuthType").Text()
	asks := func(action string) bool { return isAction(p.Get("Action"), action) }
	switch invokes := asks("lambda:invokefunction"); {
	case auth == "NONE" && !has("InvokedViaFunctionUrl") && asks("lambda:invokefunctionurl"):
		return invoke.InvokePublic, true
	case has("FunctionUrlAuthType"):
		return 0, false
	case invokes && has("InvokedViaFunctionUrl"):
		return invoke.InvokeViaURL, true
	case invokes:
		return invoke.Invoke, true
	case asks("lambda:invokefunctionurl"):
		return invoke.InvokeURL, true
	}
	return 0, false
}

// givenStatement is the statement that another transform will add.
func givenStatement(v *View, g invoke.Given) Statement {
	st := Statement{By: g.By, Principal: g.Service.Principal, Access: g.Access, When: g.When, Source: g.Source, token: g.Token.Key()}
	switch {
	case g.Origin != nil:
		st.Pattern = OriginPattern(g.Origin.Key, g.Tail)
	case len(g.Source) == 0:
		st.Pattern, st.account = anySource, true
	default:
		st.Pattern = ARNPattern(v, g.Source)
	}
	return st
}

// isAction reports whether a permission's Action is an action, given in lower case, or
// all of Lambda's, in every branch of Fn::If.
func isAction(v template.Value, action string) bool {
	if !v.Exists() {
		return false
	}
	return !slices.ContainsFunc(v.Variants(), func(x template.Variant) bool {
		text, plain := x.Text.Plain()
		return !plain || !strings.EqualFold(text, action) && !strings.EqualFold(text, "lambda:*") && text != "*"
	})
}

// isOwnAccount reports whether a SourceAccount is the stack's own account, or isn't
// there.
func isOwnAccount(v *View, account template.Value) bool {
	if !account.Exists() {
		return true
	}
	return !slices.ContainsFunc(account.Variants(), func(x template.Variant) bool {
		id, known := v.Scope.Value(x.Text)
		own := x.Text.Key() == template.RefTo("AWS::AccountId").Key() || known && id != "" && id == v.Env.Account
		return !x.Absent && !own
	})
}
