package account

import (
	"maps"
	"slices"
	"strings"
)

// FunctionARN returns the function that an integration's URI invokes, as it is
// written there: it may hold stage variables. ok is false where the URI invokes
// no function.
//
// A REST API needs ".../functions/<ARN>/invocations"; an HTTP API also takes the
// ARN alone
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
func FunctionARN(uri string) (arn string, ok bool) {
	if part := strings.SplitN(uri, ":", 7); len(part) == 7 && part[2] == "lambda" && part[5] == "function" {
		return uri, true
	}
	before, after, found := strings.Cut(uri, "/functions/")
	if !found || !strings.Contains(before, ":lambda:path/") {
		return "", false
	}
	i := strings.LastIndexByte(after, '/')
	if i < 0 {
		return "", false
	}
	switch after[i+1:] {
	case "invocations", "response-streaming-invocations", "invoke-async":
		return after[:i], true
	}
	return "", false
}

// variable is how a reference to a stage variable begins; it ends with "}".
const variable = "${stageVariables."

// Expand puts the values of stage variables into a text. missing is the first
// variable without a value, which becomes "" in out.
func Expand(text string, values map[string]string) (out, missing string) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, variable)
		b.WriteString(before)
		if !found {
			return b.String(), missing
		}
		name, rest, closed := strings.Cut(after, "}")
		if !closed {
			b.WriteString(variable + after)
			return b.String(), missing
		}
		v, ok := values[name]
		if !ok && missing == "" {
			missing = name
		}
		b.WriteString(v)
		text = rest
	}
}

// Values returns each set of stage variables that the stage serves calls with:
// its own, and where a canary overrides some, those with the overrides.
func (st Stage) Values() []map[string]string {
	all := []map[string]string{st.Variables}
	if len(st.Canary) > 0 {
		canary := maps.Clone(st.Variables)
		if canary == nil {
			canary = map[string]string{}
		}
		maps.Copy(canary, st.Canary)
		all = append(all, canary)
	}
	return all
}

// Targets returns the ARNs of all functions that an API calls, from any stage and
// from its working copy, sorted. Calls that lack a stage variable aren't among
// them.
func (a API) Targets() []string {
	seen := map[string]bool{}
	add := func(uri string, values map[string]string) {
		if arn, ok := FunctionARN(uri); ok {
			if arn, missing := Expand(arn, values); missing == "" {
				seen[arn] = true
			}
		}
	}
	walk := func(routes []Route, authorizers []Authorizer, values map[string]string) {
		for _, r := range routes {
			add(r.URI, values)
		}
		for _, x := range authorizers {
			add(x.URI, values)
		}
	}
	walk(a.Routes, a.Authorizers, nil)
	for _, st := range a.Stages {
		for _, values := range st.Values() {
			walk(st.Routes, st.Authorizers, values)
			walk(a.Routes, a.Authorizers, values)
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Roles returns the ARNs of the roles that the credentials of an API's stages
// name, each with the functions that it has to invoke.
func (a API) Roles() map[string][]string {
	out := map[string][]string{}
	add := func(uri, credentials string, values map[string]string) {
		arn, ok := FunctionARN(uri)
		if !ok || !IsRole(credentials) {
			return
		}
		arn, missing := Expand(arn, values)
		role, unset := Expand(credentials, values)
		if missing == "" && unset == "" && !slices.Contains(out[role], arn) {
			out[role] = append(out[role], arn)
		}
	}
	for _, st := range a.Stages {
		for _, values := range st.Values() {
			for _, r := range st.Routes {
				add(r.URI, r.Credentials, values)
			}
			for _, x := range st.Authorizers {
				add(x.URI, x.Credentials, values)
			}
		}
	}
	return out
}

// IsRole reports whether credentials name a role. The caller's own identity is
// written arn:aws:iam::*:user/*.
func IsRole(credentials string) bool { return strings.Contains(credentials, ":role/") }
