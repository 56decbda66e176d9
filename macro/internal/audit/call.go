package audit

import (
	"regexp"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/account"
)

// apiGateway is the principal of all three kinds of APIs.
const apiGateway = "apigateway.amazonaws.com"

// testStage is the stage of the console's Test button on REST methods.
const testStage = "test-invoke-stage"

// findCalls finds all calls: those of every stage as deployed and of other
// services in j.calls, those of working copies in j.hidden.
func (j *judge) findCalls() {
	for i := range j.account.APIs {
		j.apiCalls(&j.account.APIs[i])
	}
	j.originCalls()
}

func (j *judge) apiCalls(a *account.API) {
	seen := map[string]bool{}
	for _, st := range a.Stages {
		for _, values := range st.Values() {
			p := apiStage{a, st.Name, values}
			j.stageCalls(p, st.Routes, st.Authorizers, func(c Call) {
				if key := c.Stage + "\n" + c.Route + "\n" + c.Function; !seen[key] {
					seen[key] = true
					c.Note = drifted(a, c.Route)
					j.calls = append(j.calls, c)
				}
			})
		}
	}
	hide := func(c Call) { j.hidden = append(j.hidden, c) }
	for _, st := range append(slices.Clone(a.Stages), account.Stage{Name: testStage}) {
		for _, values := range st.Values() {
			p := apiStage{a, st.Name, values}
			j.stageCalls(p, a.Routes, a.Authorizers, hide)
			for _, x := range slices.Concat(st.Authorizers, a.Authorizers) { // those too that no route uses yet
				j.authorizerCall(p, x, hide)
			}
		}
	}
}

// drifted returns a note where the working copy of a REST API has no longer a
// route that is still deployed, and else "".
func drifted(a *account.API, route string) string {
	if a.Protocol != account.REST || len(a.Unread) > 0 || strings.HasPrefix(route, "authorizer ") {
		return ""
	}
	if slices.ContainsFunc(a.Routes, func(r account.Route) bool { return r.Key == route }) {
		return ""
	}
	return "still deployed, but no longer in the API: the next deployment drops it"
}

// An apiStage is a stage of an API with one set of values of its variables.
type apiStage struct {
	api    *account.API
	stage  string
	values map[string]string
}

// stageCalls adds the calls of routes, and of the authorizers that these use.
func (j *judge) stageCalls(p apiStage, routes []account.Route, authorizers []account.Authorizer, add func(Call)) {
	used := map[string]bool{}
	for _, r := range routes {
		used[r.Authorizer] = true
		if c, ok := j.call(p, r.Key, r.URI, r.Credentials); ok {
			c.needs = j.routeNeeds(p, r.Key, routes)
			c.grant = j.routeGrant(p, r)
			add(c)
		}
	}
	for _, x := range authorizers {
		if used[x.Name] {
			j.authorizerCall(p, x, add)
		}
	}
}

func (j *judge) authorizerCall(p apiStage, x account.Authorizer, add func(Call)) {
	c, ok := j.call(p, "authorizer "+x.Name, x.URI, x.Credentials)
	if !ok {
		return
	}
	id := x.ID
	if id == "" {
		id = "*" // an exported definition has only the name
	}
	arn := j.source(p.api.ID, "authorizers/"+id)
	c.needs, c.grant = []need{{arn, arn}}, arn
	add(c)
}

// call makes a call of a URI, still without its needs. ok is false where the URI
// names no function, or where neither the API nor the function was asked for.
func (j *judge) call(p apiStage, route, uri, credentials string) (c Call, ok bool) {
	written, ok := account.FunctionARN(uri)
	if !ok {
		return Call{}, false
	}
	c = Call{Service: "apigateway", Origin: p.api.ID, Name: p.api.Name, Protocol: p.api.Protocol, Stage: p.stage, Route: route, principal: apiGateway}
	arn, missing := account.Expand(written, p.values)
	if missing != "" {
		c.Function, c.Verdict, c.Why = written, Gone, "the stage variable "+missing+" has no value in this stage"
		return c, p.api.Asked
	}
	c.Function = j.wholeARN(arn)
	if credentials != "" {
		c.role, missing = account.Expand(credentials, p.values)
		if missing != "" {
			c.Verdict, c.Why = Refused, "the stage variable "+missing+" of the credentials has no value in this stage"
		}
	}
	_, _, name, _, isARN := account.Split(c.Function)
	if !p.api.Asked && (!isARN || j.functions[name] == nil) {
		return Call{}, false
	}
	return c, true
}

// wholeARN completes a function's name, or the end of its ARN, to an ARN of this
// account and Region.
func (j *judge) wholeARN(text string) string {
	if strings.HasPrefix(text, "arn:") {
		return text
	}
	text = strings.TrimPrefix(text, j.account.ID+":")
	text = strings.TrimPrefix(text, "function:")
	return "arn:" + j.account.Partition + ":lambda:" + j.account.Region + ":" + j.account.ID + ":function:" + text
}

// source returns a source ARN of API Gateway: tail is what follows the API's id.
func (j *judge) source(api, tail string) string {
	return "arn:" + j.account.Partition + ":execute-api:" + j.account.Region + ":" + j.account.ID + ":" + api + "/" + tail
}

var (
	parameter = regexp.MustCompile(`\{[^{}]*\}`)
	allVerbs  = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
)

// routeNeeds returns the source ARNs of a route's calls: for ANY, those of every
// verb that has no route of its own. Whether an HTTP API sends ANY or the verb of
// the request isn't documented, so both are needed.
func (j *judge) routeNeeds(p apiStage, key string, routes []account.Route) []need {
	verb, path, isMethod := strings.Cut(key, " ")
	if !isMethod {
		arn := j.source(p.api.ID, p.stage+"/"+key)
		return []need{{arn, arn}}
	}
	verbs := []string{verb}
	if verb == "ANY" {
		verbs = nil
		if p.api.Protocol == account.HTTP {
			verbs = append(verbs, "ANY")
		}
		for _, v := range allVerbs {
			if !slices.ContainsFunc(routes, func(r account.Route) bool { return r.Key == v+" "+path }) {
				verbs = append(verbs, v)
			}
		}
	}
	if path != "/" {
		path = strings.TrimSuffix(path, "/")
	}
	var out []need
	for _, v := range verbs {
		literal := j.source(p.api.ID, p.stage+"/"+v+path)
		out = append(out, need{parameter.ReplaceAllString(literal, "*"), literal})
	}
	return out
}

// routeGrant returns the source ARN that would allow a route: from any stage, as
// the macro grants it, except where a stage variable chooses the function.
func (j *judge) routeGrant(p apiStage, r account.Route) string {
	stage := "*"
	if strings.Contains(r.URI, "${stageVariables.") {
		stage = p.stage
	}
	verb, path, isMethod := strings.Cut(r.Key, " ")
	if !isMethod {
		return j.source(p.api.ID, stage+"/"+r.Key)
	}
	if verb == "ANY" {
		verb = "*"
	}
	if path != "/" {
		path = strings.TrimSuffix(path, "/")
	}
	return j.source(p.api.ID, stage+"/"+verb+parameter.ReplaceAllString(path, "*"))
}
