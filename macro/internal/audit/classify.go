package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// classify gives every statement its class.
func (j *judge) classify() {
	calls, hidden := map[string][]*Call{}, map[string][]*Call{}
	j.byName = map[string][]*Call{}
	for i := range j.calls {
		c := &j.calls[i]
		calls[c.Function] = append(calls[c.Function], c)
		_, _, name, _, _ := account.Split(c.Function)
		j.byName[name] = append(j.byName[name], c)
	}
	for i := range j.hidden {
		hidden[j.hidden[i].Function] = append(hidden[j.hidden[i].Function], &j.hidden[i])
	}
	for arn, f := range j.policies {
		for i := range f.Statements {
			j.classifyOne(arn, &f.Statements[i], calls[arn], hidden[arn])
		}
		for i := range f.Statements {
			if t := twin(f.Statements, i); t >= 0 {
				s := &f.Statements[i]
				if s.Class == Needed || s.Class == Unjudged {
					s.Class = Repeated
				}
				s.Twin = f.Statements[t].Name
				if s.Class == Repeated {
					s.Why = "says nothing that " + s.Twin + " doesn't say"
				}
			}
		}
	}
}

func (j *judge) classifyOne(arn string, s *Statement, calls, hidden []*Call) {
	r := s.read
	switch {
	case len(r.Unclear) > 0:
		s.Class, s.Why = Unjudged, "isn't understood: "+strings.Join(r.Unclear, ", ")
		return
	case r.Effect == policy.Deny:
		s.Class, s.Why = Unjudged, "denies"
		return
	}
	perhaps := false
	for _, c := range calls {
		switch serves(r, c, j.account.ID) {
		case policy.Yes:
			s.Calls++
		case policy.Perhaps:
			perhaps = true
		}
	}
	s.Wide = width(r)
	switch {
	case s.Calls > 0:
		s.Class = Needed
	case perhaps:
		s.Class, s.Why = Needed, "for a part of what a call needs, perhaps"
	case slices.ContainsFunc(hidden, func(c *Call) bool { return serves(r, c, j.account.ID) != policy.No }):
		s.Class, s.Why = Needed, "for what isn't deployed yet, and the console's Test button"
	default:
		s.Class, s.Why = j.useless(arn, r)
	}
}

// serves reports whether a statement allows a call, or a part of it. A statement
// for one value of a path's parameter does so perhaps.
func serves(s policy.Statement, c *Call, id string) policy.Answer {
	answer := policy.No
	for _, n := range c.needs {
		is := s.Matches(c.request(n.pattern, id))
		if is != policy.Yes && n.literal != n.pattern {
			is = max(is, s.Matches(c.request(n.literal, id)))
		}
		if is == policy.Perhaps && !possible(s, n) {
			is = policy.No
		}
		answer = max(answer, is)
	}
	return answer
}

// possible reports whether a source ARN of the statement can be that of the need
// at all. It reads parameters of paths more closely than [policy.Statement.Matches].
func possible(s policy.Statement, n need) bool {
	conditional, can := false, false
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Key, policy.SourceArn) && comparison(c.Operator) != "" {
			conditional = true
			can = can || slices.ContainsFunc(c.Values, func(v string) bool { return meets(v, n.literal) })
		}
	}
	return can || !conditional
}

// useless returns the class of a statement that no known call needs, and why: it
// is stale only if everything that it could be for is known.
func (j *judge) useless(arn string, s policy.Statement) (Class, string) {
	for _, p := range s.Principals {
		switch {
		case p == policy.Everybody:
			return Unjudged, "is for everybody"
		case p.Kind != "Service":
			return Unjudged, "is for another account"
		}
	}
	if !slices.ContainsFunc(s.Actions, func(a string) bool { return policy.Covers(strings.ToLower(a), "lambda:invokefunction") }) {
		return Unjudged, "is for another action"
	}
	var sources []string
	for _, c := range s.Conditions {
		switch strings.ToLower(c.Key) {
		case policy.SourceArn:
			sources = append(sources, c.Values...)
		case policy.SourceAccount:
			if len(s.Principals) == 1 && s.Principals[0].Name == apiGateway && !slices.Contains(c.Values, j.account.ID) {
				return Unjudged, "is for another account"
			}
		default:
			return Unjudged, "has a condition of its own: " + c.Key
		}
	}
	if len(sources) == 0 {
		if len(s.Principals) == 1 && s.Principals[0].Name == apiGateway && j.complete() {
			return Stale, "no API of this account and Region calls the function"
		}
		return Unjudged, "names no source"
	}
	why := ""
	for _, source := range sources {
		class, reason := j.uselessSource(arn, source)
		if class != Stale {
			return class, reason
		}
		why = reason
	}
	return Stale, why
}

// uselessSource is useless for one source ARN of a statement.
func (j *judge) uselessSource(arn, source string) (Class, string) {
	at := sourceParts(source)
	if at == nil {
		return Unjudged, "has a source that is no ARN"
	}
	if at[2] != "execute-api" {
		return j.uselessOrigin(arn, source)
	}
	api, stage, tail := split(source)
	a := j.apis[api]
	switch {
	case at[4] == "" || at[3] == "":
		return Stale, "a source without account or Region matches nothing"
	case at[4] != j.account.ID:
		return Unjudged, "is for an API of another account"
	case at[3] != j.account.Region:
		return Stale, "its source has another Region than the function, and so matches nothing"
	case strings.ContainsAny(api, "*?"):
		if j.complete() {
			return Stale, "no API of this account and Region calls the function"
		}
		return Unjudged, "is for several APIs, of which not all are known"
	case j.lost(api):
		return Stale, "the API " + api + " is gone"
	case a == nil || !known(a):
		return Unjudged, "not all of the API " + api + " could be read"
	}
	if other := j.sibling(arn, source); other != "" {
		return Stale, "the API " + api + " calls " + other
	}
	return Stale, gone(a, stage, tail)
}

// sibling returns, in words, another qualifier of the function that the source
// calls instead of this one, or "".
func (j *judge) sibling(arn, source string) string {
	_, _, name, qualifier, _ := account.Split(arn)
	for _, c := range j.byName[name] {
		_, _, _, other, _ := account.Split(c.Function)
		if other == qualifier {
			continue
		}
		for _, n := range c.needs {
			if coverARN(source, n.pattern) || coverARN(source, n.literal) {
				return describe(other) + ", not " + describe(qualifier)
			}
		}
	}
	return ""
}

// gone says which stage, route or authorizer that a source ARN names isn't there.
func gone(a *account.API, stage, tail string) string {
	name := "the API " + a.ID
	if a.Name != "" {
		name += " (" + a.Name + ")"
	}
	if stage == "authorizers" && tail != "" && !strings.ContainsAny(tail, "*?") {
		if !slices.ContainsFunc(a.Authorizers, func(x account.Authorizer) bool { return x.ID == tail }) {
			return name + " has no authorizer " + tail
		}
		return "the authorizer " + tail + " calls another function"
	}
	if stage != "authorizers" && stage != testStage && !strings.ContainsAny(stage, "*?") && !slices.ContainsFunc(a.Stages, func(st account.Stage) bool { return st.Name == stage }) {
		return name + " has no stage " + stage
	}
	if tail == "" || strings.ContainsAny(tail, "*?") {
		return name + " calls the function from no such route"
	}
	return fmt.Sprintf("%s has no route %s that calls the function", name, strings.Replace(tail, "/", " /", 1))
}

// known reports whether everything of an API could be read.
func known(a *account.API) bool {
	return len(a.Unread) == 0 && !a.Gone && a.Protocol != "" && !slices.ContainsFunc(a.Stages, func(st account.Stage) bool { return st.Unread != "" })
}

// complete reports whether every call of API Gateway in the Region is known.
func (j *judge) complete() bool {
	return j.account.AllAPIs && !slices.ContainsFunc(j.account.APIs, func(a account.API) bool { return !known(&a) })
}

// width returns how far a statement for API Gateway goes beyond one API: anyAPI,
// anyAccount, anySource, or "" where it doesn't.
func width(s policy.Statement) string {
	if !slices.ContainsFunc(s.Principals, func(p policy.Principal) bool { return p == policy.Everybody || p.Name == apiGateway }) {
		return ""
	}
	account := false
	wide := anyAccount
	for _, c := range s.Conditions {
		switch strings.ToLower(c.Key) {
		case policy.SourceAccount:
			account = true
		case policy.SourceArn:
			wide = ""
			for _, v := range c.Values {
				if at := sourceParts(v); at != nil && at[2] == "execute-api" && at[5] != "" {
					if api, _, _ := strings.Cut(at[5], "/"); strings.ContainsAny(api, "*?") {
						wide = anyAPI
					}
				}
			}
		}
	}
	if wide == anyAccount && account {
		wide = anyAPI
	}
	if wide == anyAccount && !slices.Contains(s.Principals, policy.Principal{Kind: "Service", Name: apiGateway}) {
		wide = anySource
	}
	return wide
}

// How far a statement goes, in words.
const (
	anyAPI     = "any API of the account"
	anyAccount = "any API of any account"
	anySource  = "any source"
)

// breadth orders these from narrow to wide.
var breadth = map[string]int{anyAPI: 1, anyAccount: 2, anySource: 3}
