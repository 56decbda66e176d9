package cloud

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Generate makes an account from a seed: APIs of all protocols, some with stages that are
// older than the working copy, and policies with needed and needless statements.
func Generate(seed uint64) *World {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 17)), w: &World{Account: "111122223333", Region: "eu-west-1"}}
	for i := range 1 + g.IntN(4) {
		f := &Function{Name: fmt.Sprintf("fn%d", i)}
		for v := range g.IntN(4) {
			f.Versions = append(f.Versions, fmt.Sprint(v+1))
		}
		if len(f.Versions) > 0 && g.one(2) {
			f.Aliases = append(f.Aliases, Alias{"live", f.Versions[0]})
		}
		if len(f.Versions) > 0 && g.one(3) {
			f.Aliases = append(f.Aliases, Alias{"beta", f.Versions[len(f.Versions)-1]})
		}
		g.w.Functions = append(g.w.Functions, f)
	}
	g.w.Roles = []*Role{
		{Name: "good", Trust: trust("apigateway.amazonaws.com"), Invokes: []string{g.w.Arn("fn", "*"), g.w.Arn("fn0", "")}},
		{Name: "untrusting", Trust: trust("lambda.amazonaws.com"), Invokes: []string{"*"}},
		{Name: "all", Trust: trust("apigateway.amazonaws.com"), Invokes: []string{"*"}},
	}
	for i := range 1 + g.IntN(3) {
		g.w.APIs = append(g.w.APIs, g.api(i))
	}
	for _, a := range g.w.APIs {
		g.statements(a)
	}
	g.litter()
	g.stack()
	return g.w
}

func trust(service string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`
}

type generator struct {
	*rand.Rand
	w     *World
	sids  int
	owned []Resource
}

// one is true once in n times.
func (g *generator) one(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

func (g *generator) api(i int) *API {
	a := &API{ID: fmt.Sprintf("api%d", i), Name: fmt.Sprintf("name%d", i), Protocol: pick(g, "REST", "REST", "HTTP", "WEBSOCKET")}
	if a.Protocol != "WEBSOCKET" && g.one(2) {
		a.Working.Authorizers = []Authorizer{{ID: fmt.Sprintf("au%d", i), Name: "auth", Type: pick(g, "TOKEN", "REQUEST"), URI: g.uri()}}
		if a.Protocol == "HTTP" {
			a.Working.Authorizers[0].Type = "REQUEST"
		}
	}
	a.Working.Routes = g.routes(a)
	for k := range 1 + g.IntN(2) {
		st := &Stage{Name: []string{"prod", "dev"}[k], Variables: map[string]string{"q": pick(g, "live", "beta", "1")}}
		if g.one(5) {
			st.Variables = nil
		}
		st.AutoDeploy = a.Protocol == "WEBSOCKET" && !g.one(4) || a.Protocol == "HTTP" && g.one(2)
		if a.Protocol == "REST" && g.one(3) {
			st.Canary = map[string]string{"q": pick(g, "live", "beta")}
		}
		st.Deployed = Definition{Routes: g.lag(a), Authorizers: a.Working.Authorizers}
		a.Stages = append(a.Stages, st)
	}
	return a
}

// uri is the invocation URI of a function that may be there.
func (g *generator) uri() string {
	name := g.w.Functions[g.IntN(len(g.w.Functions))].Name
	if g.one(12) {
		name = "lost"
	}
	return g.w.URI(name, pick(g, "", "", "", "live", "beta", "1", "${stageVariables.q}"))
}

func (g *generator) routes(a *API) []Route {
	var out []Route
	keys := []string{"GET /", "GET /pets", "POST /pets", "ANY /pets", "GET /pets/{id}", "ANY /{proxy+}", "DELETE /a/b/c", "PUT /a/{x}/c"}
	switch a.Protocol {
	case "HTTP":
		keys = append(keys, "$default")
	case "WEBSOCKET":
		keys = []string{"$connect", "$disconnect", "$default", "send"}
	}
	g.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	for _, key := range keys[:1+g.IntN(len(keys))] {
		r := Route{Key: key, URI: g.uri()}
		switch {
		case g.one(10):
			r.URI, r.Type = "https://example.com", "HTTP_PROXY"
		case g.one(8):
			r.Credentials = pick(g, g.w.RoleArn("good"), g.w.RoleArn("untrusting"), g.w.RoleArn("all"), g.w.RoleArn("lost"), "arn:aws:iam::*:user/*")
		}
		if len(a.Working.Authorizers) > 0 && g.one(3) {
			r.Authorizer = "auth"
		}
		out = append(out, r)
	}
	return out
}

// lag is an older version of the working copy.
func (g *generator) lag(a *API) []Route {
	out := slices.DeleteFunc(slices.Clone(a.Working.Routes), func(Route) bool { return g.one(6) })
	if a.Protocol != "WEBSOCKET" && g.one(3) {
		out = append(out, Route{Key: "GET /dropped", URI: g.uri()})
	}
	return out
}

func (g *generator) sid() string {
	g.sids++
	switch g.IntN(3) {
	case 0:
		id := fmt.Sprintf("st-Permission%d-ABCDEFGHIJ%02d", g.sids, g.sids)
		g.owned = append(g.owned, Resource{fmt.Sprintf("Permission%d", g.sids), "AWS::Lambda::Permission", id})
		return id
	case 1:
		return fmt.Sprintf("00000000-0000-4000-8000-%012x", g.sids)
	}
	return fmt.Sprintf("AllowExecutionFromAPIGateway%d", g.sids)
}

// statements adds statements for an API, needed and needless.
func (g *generator) statements(a *API) {
	for _, r := range slices.Concat(a.Working.Routes, a.Stages[0].Deployed.Routes) {
		if g.one(3) {
			continue
		}
		verb, path, method := strings.Cut(r.Key, " ")
		stage := pick(g, "*", "*", "prod", "dev", "gone")
		tail := stage + "/" + r.Key
		if method {
			if verb == "ANY" {
				verb = pick(g, "*", "*", "*", "ANY", "GET")
			}
			for _, p := range []string{"{id}", "{proxy+}", "{x}"} {
				path = strings.Replace(path, p, pick(g, "*", "*", p), 1)
			}
			tail = stage + "/" + verb + path
		}
		tail = pick(g, tail, tail, tail, tail, "*", "*/*", "*/*/*", "*/*/"+r.Key)
		for range 1 + g.IntN(2) {
			g.allow(r.URI, "apigateway.amazonaws.com", g.w.Source(a.ID, tail))
		}
	}
	for _, au := range a.Working.Authorizers {
		if !g.one(3) {
			g.allow(au.URI, "apigateway.amazonaws.com", g.w.Source(a.ID, "authorizers/"+pick(g, "*", au.ID, "lost")))
		}
	}
}

// allow adds a statement to the policy of the function that a URI names, if it exists.
func (g *generator) allow(uri, principal, source string) {
	_, after, _ := strings.Cut(uri, ":function:")
	name, qualifier, _ := strings.Cut(strings.TrimSuffix(after, "/invocations"), ":")
	if strings.HasPrefix(qualifier, "$") {
		qualifier = pick(g, "live", "beta", "1", "")
	}
	if f := g.w.function(name); f != nil && f.exists(qualifier) && !g.one(15) {
		g.w.Allow(name, qualifier, g.sid(), principal, source)
	}
}

// litter adds statements that belong to no API of the account.
func (g *generator) litter() {
	for _, f := range g.w.Functions {
		uri := g.w.URI(f.Name, "")
		for range g.IntN(4) {
			switch g.IntN(7) {
			case 0, 1:
				g.allow(uri, "apigateway.amazonaws.com", g.w.Source("lost", "*/*/*"))
			case 2:
				g.allow(uri, "apigateway.amazonaws.com", strings.Replace(g.w.Source("api0", "*"), "eu-west-1", "us-east-1", 1))
			case 3:
				g.allow(uri, "s3.amazonaws.com", "arn:aws:s3:::somewhere")
			case 4:
				g.allow(uri, "apigateway.amazonaws.com", "")
			case 5:
				g.allow(uri, "*", "")
			case 6:
				g.allow(uri, "apigateway.amazonaws.com", g.w.Source("*", "*"))
			}
		}
		if g.one(6) {
			g.whole(f)
		}
	}
}

// whole is a whole policy, as PutResourcePolicy takes it: with lists, Deny, other operators
// and statements without an id.
func (g *generator) whole(f *Function) {
	api := g.w.APIs[0].ID
	all := []string{fmt.Sprintf(`{"Effect":"Allow","Principal":{"Service":["apigateway.amazonaws.com","events.amazonaws.com"]},"Action":["lambda:InvokeFunction"],"Resource":%q,"Condition":{"StringLike":{"aws:sourceArn":[%q,%q]}}}`,
		g.w.Arn(f.Name, ""), g.w.Source(api, "prod/*"), g.w.Source(api, "dev/*"))}
	if g.one(2) {
		all = append(all, fmt.Sprintf(`{"Sid":"no","Effect":"Deny","Principal":"*","Action":"lambda:*","Resource":%q,"Condition":{"ArnLike":{"AWS:SourceArn":%q}}}`, g.w.Arn(f.Name, ""), g.w.Source(api, "dev/*")))
	}
	if g.one(2) {
		all = append(all, fmt.Sprintf(`{"Sid":"odd","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"NotAction":"lambda:GetFunction","Resource":%q}`, g.w.Arn(f.Name, "")))
	}
	g.w.Put(f.Name, "", all...)
}

// stack adds the stack that owns the statements whose ids say so.
func (g *generator) stack() {
	if len(g.owned) > 0 {
		g.w.Stacks = []*Stack{{Name: "st", Resources: g.owned}}
	}
}

// Big makes an account with so many APIs of ten routes each, and functions with
// two statements each.
func Big(apis, functions int) *World {
	w := &World{Account: "111122223333", Region: "eu-west-1"}
	for i := range functions {
		w.Functions = append(w.Functions, &Function{Name: fmt.Sprintf("fn%04d", i)})
	}
	for i := range apis {
		var d Definition
		for k := range 10 {
			d.Routes = append(d.Routes, Route{Key: fmt.Sprintf("GET /r%d/{id}", k), URI: w.URI(fmt.Sprintf("fn%04d", (i*10+k)%functions), "")})
		}
		a := &API{ID: fmt.Sprintf("api%04d", i), Name: "n", Protocol: []string{"REST", "HTTP"}[i%2], Working: d, Stages: []*Stage{{Name: "prod", Deployed: d, AutoDeploy: true}}}
		w.APIs = append(w.APIs, a)
	}
	for i := range functions {
		api := fmt.Sprintf("api%04d", i/10%apis)
		w.Allow(fmt.Sprintf("fn%04d", i), "", fmt.Sprintf("00000000-0000-4000-8000-%012x", i), "apigateway.amazonaws.com", w.Source(api, fmt.Sprintf("*/GET/r%d/*", i%10)))
		w.Allow(fmt.Sprintf("fn%04d", i), "", fmt.Sprintf("00000000-0000-4000-8001-%012x", i), "apigateway.amazonaws.com", w.Source("lost", "*/*/*"))
	}
	return w
}
