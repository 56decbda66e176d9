package audit

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// near returns the statements of a policy that nearly allow a call, and what
// keeps each from it.
func (j *judge) near(f *Function, c *Call) []Near {
	var out []Near
	for _, s := range f.Statements {
		if why := j.miss(s, c); why != "" {
			out = append(out, Near{s.Name, why})
		}
	}
	return out
}

// miss says by which detail a statement misses a call, or "" where it is no near
// miss.
func (j *judge) miss(s Statement, c *Call) string {
	if s.read.Effect != policy.Allow || len(c.needs) == 0 {
		return ""
	}
	n := c.needs[0]
	matches := func(source string) bool { return s.read.Matches(c.request(source, j.account.ID)) == policy.Yes }
	api, stage, tail := split(n.pattern)
	other := func(stage, tail string) bool { return matches(j.source(api, strings.TrimSuffix(stage+"/"+tail, "/"))) }
	_, path, _ := strings.Cut(tail, "/")
	switch {
	case strings.HasPrefix(c.Route, "authorizer "):
		if other("any", "GET/x") {
			return "it is for the API's routes, not for its authorizers: those are authorizers/ID"
		}
		return ""
	case !strings.Contains(tail, "/") && (other(stage, "GET/"+tail) || other(stage, "ANY/"+tail)):
		return "the source of a route key has no method in front"
	case path == "" && strings.HasSuffix(tail, "/") && matches(strings.TrimSuffix(n.pattern, "/")):
		return "the source of the root ends in a slash"
	case path != "" && matches(n.pattern+"/"):
		return "the source of a route doesn't end in a slash"
	case path != "" && other(stage, "ANY/"+path):
		return "ANY in a source is no verb; * stands for all"
	case j.otherStage(s, c, stage, tail):
		return "it is for another stage"
	}
	if at := sourceParts(s.Source); at != nil {
		want := strings.SplitN(n.pattern, ":", 6)
		for i, what := range map[int]string{1: "partition", 3: "Region", 4: "account"} {
			if at[i] == want[i] {
				continue
			}
			fixed := append([]string(nil), at...)
			fixed[i] = want[i]
			if policy.Covers(strings.Join(fixed, ":"), n.pattern) {
				return "its source has another " + what
			}
		}
		if behind, _, _ := strings.Cut(at[5], "/"); behind != api && policy.Covers(strings.Replace(at[5], behind, api, 1), strings.SplitN(n.pattern, ":", 6)[5]) && j.lost(behind) {
			return "it is for the API " + behind + ", which is gone"
		}
	}
	return ""
}

// otherStage reports whether the stage is all that a statement has wrong.
func (j *judge) otherStage(s Statement, c *Call, stage, tail string) bool {
	a := j.apis[c.Origin]
	if a == nil {
		return false
	}
	at := sourceParts(s.Source)
	if at == nil {
		return false
	}
	_, written, rest := split(s.Source)
	return written != stage && !strings.ContainsAny(written, "*?") && policy.Covers(rest, tail) && strings.HasPrefix(at[5], c.Origin+"/")
}

// lost reports whether an API is known not to be there.
func (j *judge) lost(id string) bool {
	a := j.apis[id]
	return a != nil && a.Gone || a == nil && j.account.AllAPIs
}

// split takes a source ARN apart: the API, the stage, and what follows.
func split(source string) (api, stage, tail string) {
	at := sourceParts(source)
	if at == nil {
		return "", "", ""
	}
	api, rest, _ := strings.Cut(at[5], "/")
	stage, tail, _ = strings.Cut(rest, "/")
	return api, stage, tail
}

// sourceParts returns the six parts of an ARN, or nil for another text.
func sourceParts(source string) []string {
	at := strings.SplitN(source, ":", 6)
	if len(at) < 6 || strings.Contains(source, " ") {
		return nil
	}
	return at
}

// nearInOthers returns the statements that would allow a call but are in another policy
// of the function: each qualifier has its own.
func (j *judge) nearInOthers(c *Call, name, qualifier string) []Near {
	var out []Near
	f := j.functions[name]
	if f == nil {
		return nil
	}
	for _, p := range f.Policies {
		if p.Qualifier == qualifier {
			continue
		}
		x := *c
		x.Function = f.Arn(p.Qualifier)
		other := j.policies[x.Function]
		for _, s := range other.Statements {
			if s.read.Effect == policy.Allow && s.read.Matches(x.request(c.needs[0].pattern, j.account.ID)) == policy.Yes {
				out = append(out, Near{s.Name, "it is in the policy of " + describe(p.Qualifier) + ", and the call is of " + describe(qualifier)})
			}
		}
	}
	return out
}

// describe is a qualifier in words.
func describe(qualifier string) string {
	if qualifier == "" {
		return "the function itself"
	}
	return "the " + kindOf(qualifier) + " " + qualifier
}
