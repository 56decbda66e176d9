package cloud

import (
	"fmt"
	"slices"
)

// Stories are accounts with one problem that is common in practice, by name.
func Stories() map[string]func() *World {
	return map[string]func() *World{"shop": shop, "deleted-api": deletedAPI, "deleted-route": deletedRoute, "alias": aliasStory, "full": full, "public": public, "services": services, "drift": drift, "whole": whole}
}

// StoryNames are the names of the stories.
func StoryNames() []string {
	var out []string
	for name := range Stories() {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func story(functions ...string) *World {
	w := &World{Account: "111122223333", Region: "eu-west-1"}
	for _, name := range functions {
		w.Functions = append(w.Functions, &Function{Name: name})
	}
	return w
}

// rest adds a REST API with one stage, whose deployment is the working copy.
func (w *World) rest(id, name string, routes ...Route) *API {
	d := Definition{Routes: routes}
	a := &API{ID: id, Name: name, Protocol: "REST", Working: d, Stages: []*Stage{{Name: "prod", Deployed: d}}}
	w.APIs = append(w.APIs, a)
	return a
}

const console = "0d9a64b2-5d5a-4a8c-8b0a-5a4e7d3d1f%02d"

// shop is what the console makes of a few clicks: the same statement again and
// again, beside the stack's own.
func shop() *World {
	w := story("orders", "payments")
	w.rest("a1b2c3d4e5", "shop", Route{Key: "GET /orders", URI: w.URI("orders", "")}, Route{Key: "POST /orders", URI: w.URI("orders", "")},
		Route{Key: "GET /orders/{id}", URI: w.URI("orders", "")}, Route{Key: "POST /payments", URI: w.URI("payments", "")})
	own := []Resource{{"Orders", "AWS::Lambda::Function", "orders"}, {"Payments", "AWS::Lambda::Function", "payments"}, {"Api", "AWS::ApiGateway::RestApi", "a1b2c3d4e5"}}
	for i, tail := range []string{"*/GET/orders", "*/POST/orders"} {
		sid := fmt.Sprintf("shop-OrdersInvoke%d-1ABCDEFGHIJK%d", i+1, i)
		w.Allow("orders", "", sid, "apigateway.amazonaws.com", w.Source("a1b2c3d4e5", tail))
		own = append(own, Resource{fmt.Sprintf("OrdersInvoke%d", i+1), "AWS::Lambda::Permission", sid})
	}
	for i := range 3 {
		w.Allow("orders", "", fmt.Sprintf(console, i), "apigateway.amazonaws.com", w.Source("a1b2c3d4e5", "*/GET/orders"))
	}
	w.Allow("orders", "", fmt.Sprintf(console, 7), "apigateway.amazonaws.com", w.Source("a1b2c3d4e5", "*/GET/orders/*"))
	w.Stacks = []*Stack{{Name: "shop", Resources: own}}
	return w
}

// deletedAPI: the API is gone, its statements stay.
func deletedAPI() *World {
	w := story("orders")
	w.rest("a1b2c3d4e5", "shop", Route{Key: "GET /orders", URI: w.URI("orders", "")})
	w.Allow("orders", "", fmt.Sprintf(console, 1), "apigateway.amazonaws.com", w.Source("a1b2c3d4e5", "*/GET/orders"))
	w.Allow("orders", "", fmt.Sprintf(console, 2), "apigateway.amazonaws.com", w.Source("z9y8x7w6v5", "*/*/*"))
	w.Allow("orders", "", "AllowExecutionFromAPIGateway", "apigateway.amazonaws.com", w.Source("z9y8x7w6v5", "prod/GET/orders"))
	return w
}

// deletedRoute: a route is gone from the API, but nobody has deployed since.
func deletedRoute() *World {
	w := story("orders")
	a := w.rest("a1b2c3d4e5", "shop", Route{Key: "GET /orders", URI: w.URI("orders", "")}, Route{Key: "GET /legacy", URI: w.URI("orders", "")})
	a.Working.Routes = []Route{{Key: "GET /orders", URI: w.URI("orders", "")}, {Key: "GET /soon", URI: w.URI("orders", "")}}
	for i, tail := range []string{"*/GET/orders", "*/GET/legacy", "*/GET/soon", "*/GET/never"} {
		w.Allow("orders", "", fmt.Sprintf(console, i), "apigateway.amazonaws.com", w.Source("a1b2c3d4e5", tail))
	}
	return w
}

// aliasStory: the API calls an alias, the statement is on the function.
func aliasStory() *World {
	w := story("orders")
	w.Functions[0].Versions, w.Functions[0].Aliases = []string{"1", "2"}, []Alias{{"live", "2"}}
	w.rest("a1b2c3d4e5", "shop", Route{Key: "GET /orders", URI: w.URI("orders", "live")})
	w.Allow("orders", "", fmt.Sprintf(console, 1), "apigateway.amazonaws.com", w.Source("a1b2c3d4e5", "*/GET/orders"))
	return w
}

// full: nothing more fits into the policy, and a route lacks its statement.
func full() *World {
	w := story("orders")
	var routes []Route
	for i := range 20 {
		routes = append(routes, Route{Key: fmt.Sprintf("GET /orders/r%02d", i), URI: w.URI("orders", "")})
	}
	w.rest("a1b2c3d4e5", "shop", append(routes, Route{Key: "GET /new", URI: w.URI("orders", "")})...)
	for i := range 20 {
		for k := range 3 {
			w.Allow("orders", "", fmt.Sprintf("0d9a64b2-5d5a-4a8c-8b0a-5a4e7d3d%02d%02d", k, i), "apigateway.amazonaws.com", w.Source("a1b2c3d4e5", fmt.Sprintf("*/GET/orders/r%02d", i)))
		}
	}
	w.Allow("orders", "", fmt.Sprintf(console, 99), "apigateway.amazonaws.com", w.Source("z9y8x7w6v5", "*/*/*"))
	return w
}

// public: everybody may call, and any API.
func public() *World {
	w := story("orders")
	w.rest("a1b2c3d4e5", "shop", Route{Key: "GET /orders", URI: w.URI("orders", "")})
	w.Allow("orders", "", "everybody", "*", "")
	w.Allow("orders", "", "anyapi", "apigateway.amazonaws.com", "")
	w.Allow("orders", "", "account", "apigateway.amazonaws.com", w.Source("*", "*"))
	return w
}

// services: the sources of other services, of which some are gone.
func services() *World {
	w := story("orders")
	arn := w.Arn("orders", "")
	w.Rules = []*Rule{{Name: "nightly", Targets: []string{arn}}, {Name: "other", Targets: []string{w.Arn("payments", "")}}}
	w.Topics = []*Topic{{Name: "news", Subscribers: []string{arn}}}
	w.Buckets = []*Bucket{{Name: "pictures", Functions: []string{arn}}}
	w.LogGroups = []*LogGroup{{Name: "/aws/lambda/x", Functions: []string{arn}}}
	for i, x := range [][2]string{{"events", w.RuleArn("", "nightly")}, {"events", w.RuleArn("", "other")}, {"events", w.RuleArn("", "lost")},
		{"sns", w.TopicArn("news")}, {"s3", "arn:aws:s3:::pictures"}, {"logs", "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/x:*"},
		{"cognito-idp", "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_x"}} {
		w.Allow("orders", "", fmt.Sprintf(console, i), x[0]+".amazonaws.com", x[1])
	}
	return w
}

// drift: somebody has removed a statement that is a resource of the stack.
func drift() *World {
	w := shop()
	st := w.Stacks[0]
	st.Resources = append(st.Resources, Resource{"OrdersInvoke3", "AWS::Lambda::Permission", "shop-OrdersInvoke3-1ABCDEFGHIJK9"})
	return w
}

// whole: the stack keeps the whole policy of its function as one resource, into
// which somebody has put a statement by hand.
func whole() *World {
	w := story("orders")
	arn := w.Arn("orders", "")
	w.Rules = []*Rule{{Name: "shop-Nightly-1ABCDEFGHIJK1", Targets: []string{arn}}}
	w.Put("orders", "", fmt.Sprintf(`{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":%q,`+
		`"Condition":{"ArnLike":{"aws:SourceArn":[%q]}}}`, arn, w.RuleArn("", w.Rules[0].Name)))
	w.Allow("orders", "", fmt.Sprintf(console, 1), "sns.amazonaws.com", w.TopicArn("news"))
	w.Stacks = []*Stack{{Name: "shop", Resources: []Resource{{"Orders", "AWS::Lambda::Function", "orders"}, {"Nightly", "AWS::Events::Rule", w.Rules[0].Name},
		{"OrdersInvokePolicy9cfa59cb", "AWS::Lambda::ResourcePolicy", arn}}}}
	return w
}
