package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/caller"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A statement is one that the function's policy has or will have without us.
type statement struct {
	by      string         // logical id of the permission, or a description of SAM's grant
	at      template.Value // the permission; absent for SAM's
	pattern string         // what it matches, see sourceKey; anySource where it has no SourceArn
	when    template.Guard
	notes   []caller.Problem
}

// anySource is the pattern of a statement without SourceArn.
const anySource = "*"

// statements are all of a template, by function and qualifier.
type statements struct {
	byTarget map[string][]statement
	sizes    map[string]there // of the permissions of any principal
}

// sourceKey is the text that statements and needs are compared by: the API as
// a symbol, and what stands behind it.
func sourceKey(api string, tail template.Text) string {
	return "\x01" + api + "\x02/" + tail.Key() // policy.Symbol, without a copy of it
}

// readStatements reads the permissions of the template, and what SAM will add.
func readStatements(s *caller.Scope, env caller.Environment, given []caller.Given, names *sizer) statements {
	permissions := s.Resources("AWS::Lambda::Permission")
	if len(permissions)+len(given) == 0 {
		return statements{}
	}
	all := statements{byTarget: make(map[string][]statement, len(permissions)), sizes: make(map[string]there, len(permissions))}
	for _, r := range permissions {
		all.readPermission(s, env, r, names)
	}
	for _, g := range given {
		all.add(g.Target.ID(), statement{by: g.By, pattern: sourceKey(g.API.Key, g.Tail), when: g.When})
		all.count(g.Target.ID(), names.given(g))
	}
	return all
}

func (all statements) add(id string, st statement) { all.byTarget[id] = append(all.byTarget[id], st) }

func (all statements) count(id string, size int) {
	x := all.sizes[id]
	all.sizes[id] = there{x.statements + 1, x.bytes + size}
}

// readPermission reads a permission: its size for the policy of whatever
// function it names, and what it allows API Gateway.
func (all statements) readPermission(s *caller.Scope, env caller.Environment, r template.Resource, names *sizer) {
	p := r.Properties()
	functions, from := p.Get("FunctionName").Variants(), p.Get("SourceArn").Variants()
	targets := make([]caller.Target, 0, len(functions))
	for i, fn := range functions {
		target, problem := s.Function(fn.Text)
		if problem != nil || fn.Absent {
			functions[i].Absent = true
		} else {
			for _, id := range target.IDs() {
				all.count(id, names.permission(p, &target, from))
			}
		}
		targets = append(targets, target)
	}
	invoker, open := isPrincipal(p.Get("Principal"), env)
	if !invoker || !isInvoke(p.Get("Action")) || !isOwnAccount(p.Get("SourceAccount"), env) {
		return
	}
	for _, name := range []string{"FunctionUrlAuthType", "InvokedViaFunctionUrl", "EventSourceToken", "PrincipalOrgID"} {
		if v := p.Get(name); v.Exists() && v.Raw() != "false" && v.Kind() != template.Null {
			return // a call of API Gateway doesn't have the key that this is compared with
		}
	}
	for i, fn := range functions {
		if fn.Absent {
			continue
		}
		for _, src := range sources(s, env, from) {
			when, ok := r.Condition().And(fn.When)
			if ok {
				when, ok = when.And(src.when)
			}
			if !ok {
				continue
			}
			st := statement{by: r.ID, at: r.Value, pattern: src.pattern, when: when}
			for _, reason := range []struct {
				is bool
				caller.Reason
			}{{open, public}, {src.pattern == anySource && !src.account, noSourceArn}, {src.account, accountWide}} {
				if reason.is {
					st.notes = append(st.notes, caller.Problem{Reason: reason.Reason, At: r.Pointer()})
				}
			}
			for _, id := range targets[i].IDs() {
				all.add(id, st)
			}
		}
	}
}

// isPrincipal reports whether the principal lets API Gateway in, and whether
// it lets everybody in.
func isPrincipal(v template.Value, env caller.Environment) (ok, open bool) {
	x, ok := v.One()
	if !ok {
		return false, false
	}
	if s, plain := x.Plain(); plain {
		return strings.EqualFold(s, caller.ServicePrincipal) || s == "*", s == "*"
	}
	suffixed := template.Join(template.Literal("apigateway."), template.RefTo("AWS::URLSuffix"))
	return x.Key() == suffixed.Key() && (env.Partition == "" || env.Partition == "aws" || env.Partition == "aws-us-gov"), false
}

func isInvoke(v template.Value) bool {
	x, _ := v.One()
	action, plain := x.Plain()
	if !plain {
		return false
	}
	switch strings.ToLower(action) {
	case "lambda:invokefunction", "lambda:*", "*":
		return true
	}
	return false
}

func isOwnAccount(v template.Value, env caller.Environment) bool {
	if !v.Exists() {
		return true
	}
	x, ok := v.One()
	if !ok {
		return len(v.Variants()) == 1 // NoValue
	}
	s, plain := x.Plain()
	return x.Key() == template.RefTo("AWS::AccountId").Key() || plain && s == env.Account
}

// allow tells whether statements of its function allow all needs of a call, and which; where
// they don't, the notes name those that were meant to. A call from any stage is
// also allowed where each declared stage is.
func (d *decider) allow(list []statement, c *caller.Call, needs []need) (by []string, notes []caller.Problem, ok bool) {
	if len(list) == 0 {
		return nil, nil, false
	}
	for _, n := range needs {
		ids, more, ok := allowOne(d.t, list, c, n)
		if !ok && len(n.stage) == 0 {
			ids, more, ok = allowStages(d.t, d.scope, list, c)
		}
		if !ok {
			return nil, misspelled(list, c), false
		}
		by, notes = append(by, ids...), append(notes, more...)
	}
	slices.Sort(by)
	return slices.Compact(by), notes, true
}

func allowOne(t *template.Template, list []statement, c *caller.Call, n need) (by []string, notes []caller.Problem, ok bool) {
	var when []template.Guard
	for _, st := range list {
		literal := false
		if !covers(st.pattern, n.pattern) {
			if literal = n.literal != n.pattern && covers(st.pattern, n.literal); !literal {
				continue
			}
			notes = append(notes, caller.Problem{Reason: literalPath, At: c.At(), Detail: st.by})
		}
		by, when, notes = append(by, st.by), append(when, st.when), append(notes, st.notes...)
	}
	return by, notes, len(by) > 0 && t.Covered(c.When, when)
}

func covers(pattern, need string) bool { return pattern == need || policy.Covers(pattern, need) }

func allowStages(t *template.Template, s *caller.Scope, list []statement, c *caller.Call) (by []string, notes []caller.Problem, ok bool) {
	stages := s.Stages(c.API)
	if c.Source.Form == caller.Authorizer || len(stages) == 0 {
		return nil, nil, false
	}
	for _, stage := range stages {
		ids, more, ok := allowOne(t, list, c, newNeed(c, stage.Name))
		if !ok {
			return nil, nil, false
		}
		by, notes = append(by, ids...), append(notes, more...)
	}
	if !testable(t, list, c) {
		return by, notes, true
	}
	return by, append(notes, caller.Problem{Reason: oneStage, At: c.At()}), true
}

// testStage is the stage that the console's Test button and TestInvokeMethod
// call from. Only REST APIs have them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html).
const testStage = "test-invoke-stage"

// testable reports whether the console has a Test button for the call that
// nothing allows.
func testable(t *template.Template, list []statement, c *caller.Call) bool {
	if c.API.Protocol != caller.REST {
		return false
	}
	_, _, ok := allowOne(t, list, c, newNeed(c, template.Literal(testStage)))
	return !ok
}

// misspelled tells of the statements that are nearly what a call needs.
func misspelled(list []statement, c *caller.Call) []caller.Problem {
	var notes []caller.Problem
	api, route := policy.Symbol(c.API.Key)+"/", c.Source.Route.Key()
	for _, st := range list {
		behind, own := strings.CutPrefix(st.pattern, api)
		if _, tail, staged := strings.Cut(behind, "/"); own && staged && isMisspelled(tail, c.Source.Form, route) {
			notes = append(notes, caller.Problem{Reason: matchesNothing, At: st.at.Pointer(), Detail: c.Source.Label})
		}
	}
	return notes
}

// isMisspelled reports whether what stands behind the stage is a call's route
// but for what the forms of source ARNs don't have: a method before a route
// key, ANY as a verb, the root without its slash
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
func isMisspelled(tail string, form caller.Form, route string) bool {
	verb, path, _ := strings.Cut(route, "/")
	switch form {
	case caller.Key:
		return tail == "*/"+route || tail == "ANY/"+route
	case caller.Method:
		return path == "" && tail == verb || verb == "*" && (tail == "ANY" || policy.Covers(tail, "ANY/"+path))
	}
	return false
}
