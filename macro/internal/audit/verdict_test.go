package audit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/live"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/cloud"
)

// one returns an account with one function and one API with one route.
func one(protocol, key, qualifier string) *cloud.World {
	w := &cloud.World{Account: "111122223333", Region: "eu-west-1"}
	w.Functions = []*cloud.Function{{Name: "fn", Aliases: []cloud.Alias{{Name: "live", Version: "1"}}, Versions: []string{"1"}}}
	d := cloud.Definition{Routes: []cloud.Route{{Key: key, URI: w.URI("fn", qualifier)}}}
	w.APIs = []*cloud.API{{ID: "api1", Name: "n", Protocol: protocol, Working: d, Stages: []*cloud.Stage{{Name: "prod", AutoDeploy: protocol != "REST", Deployed: d}}}}
	return w
}

// judged returns the one call of an account, and the report.
func judged(t *testing.T, w *cloud.World, denied ...string) (Call, *Report) {
	t.Helper()
	s := &cloud.Server{World: w, Denied: map[string]bool{}}
	for _, d := range denied {
		s.Denied[d] = true
	}
	r := Judge(read(t, s, live.Ask{All: true}), nil)
	if len(r.Calls) != 1 {
		t.Fatalf("%d calls: %+v", len(r.Calls), r.Calls)
	}
	return r.Calls[0], r
}

// Each row is a route, the one statement of its function's policy, and the
// verdict: what wildcards match, and what people often get wrong.
func TestVerdicts(t *testing.T) {
	const service = "apigateway.amazonaws.com"
	tests := []struct {
		protocol, key, qualifier string
		principal, tail          string
		want                     Verdict
		near                     string
	}{
		{"REST", "GET /", "", service, "*/GET/", Allowed, ""},
		{"REST", "GET /", "", service, "*/GET", Missing, "the source of the root ends in a slash"},
		{"REST", "GET /pets", "", service, "*/GET/pets", Allowed, ""},
		{"REST", "GET /pets", "", service, "*/GET/pets/", Missing, "the source of a route doesn't end in a slash"},
		{"REST", "GET /pets/", "", service, "*/GET/pets", Allowed, ""},
		{"REST", "GET /pets/{id}", "", service, "*/GET/pets/*", Allowed, ""},
		{"REST", "GET /pets/{id}", "", service, "prod/GET/pets/{id}", Allowed, ""},
		{"REST", "GET /pets/{id}", "", service, "*/GET/pets/{other}", Missing, ""},
		{"REST", "GET /pets", "", service, "dev/GET/pets", Missing, "it is for another stage"},
		{"REST", "GET /pets", "", service, "*", Allowed, ""},
		{"REST", "GET /pets", "", "*", "*", Allowed, ""},
		{"REST", "GET /pets", "", "events.amazonaws.com", "*", Missing, ""},
		{"REST", "GET /pets", "", "444455556666", "*", Missing, ""},
		{"REST", "ANY /pets", "", service, "*/*/pets", Allowed, ""},
		{"REST", "ANY /pets", "", service, "*/GET/pets", Partly, ""},
		{"REST", "ANY /pets", "", service, "*/ANY/pets", Missing, "ANY in a source is no verb; * stands for all"},
		{"HTTP", "$default", "", service, "*/$default", Allowed, ""},
		{"HTTP", "$default", "", service, "*/*/$default", Missing, "the source of a route key has no method in front"},
		{"HTTP", "$default", "", service, "*/*/*", Missing, "the source of a route key has no method in front"},
		{"WEBSOCKET", "$connect", "", service, "*$connect", Allowed, ""},
		{"WEBSOCKET", "$connect", "", service, "*/POST/$connect", Missing, ""},
		{"REST", "GET /pets", "live", service, "*", Missing, "it is in the policy of the function itself, and the call is of the alias live"},
		{"REST", "GET /pets", "lost", service, "*", Gone, ""},
		{"REST", "GET /pets", "7", service, "*", Gone, ""},
		{"REST", "GET /pets", "$LATEST", service, "*", Missing, ""},
		{"REST", "GET /pets", "${stageVariables.x}", service, "*", Gone, ""},
	}
	for _, tt := range tests {
		w := one(tt.protocol, tt.key, tt.qualifier)
		w.Allow("fn", "", "s", tt.principal, w.Source("api1", tt.tail))
		c, _ := judged(t, w)
		near := ""
		if len(c.Near) > 0 {
			near = c.Near[0].Why
		}
		if c.Verdict != tt.want || near != tt.near {
			t.Errorf("%s %s with %s %s: %s (%s), near %q; want %s, %q", tt.protocol, tt.key, tt.principal, tt.tail, c.Verdict, c.Why, near, tt.want, tt.near)
		}
	}
}

// Sources with a wrong account, Region or API are near misses that say so.
func TestNearSource(t *testing.T) {
	for source, want := range map[string]string{
		"arn:aws:execute-api:us-east-1:111122223333:api1/*":    "its source has another Region",
		"arn:aws:execute-api:eu-west-1:999999999999:api1/*":    "its source has another account",
		"arn:aws-cn:execute-api:eu-west-1:111122223333:api1/*": "its source has another partition",
		"arn:aws:execute-api:eu-west-1:111122223333:old/*":     "it is for the API old, which is gone",
	} {
		w := one("REST", "GET /pets", "")
		w.Allow("fn", "", "s", "apigateway.amazonaws.com", source)
		if c, _ := judged(t, w); c.Verdict != Missing || len(c.Near) != 1 || c.Near[0].Why != want {
			t.Errorf("%s: %s, %+v", source, c.Verdict, c.Near)
		}
	}
}

// A Deny wins, what isn't understood is unknown, and neither is ever removed.
func TestWholePolicies(t *testing.T) {
	const allow = `{"Effect":"Allow","Principal":{"Service":["apigateway.amazonaws.com","events.amazonaws.com"]},"Action":["lambda:Invoke*"],"Resource":"*"}`
	tests := []struct {
		statements []string
		want       Verdict
		classes    string
	}{
		{[]string{allow}, Allowed, "needed"},
		{[]string{allow, `{"Sid":"d","Effect":"Deny","Principal":"*","Action":"lambda:*","Resource":"*"}`}, Denied, "needed unjudged"},
		{[]string{`{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"NotAction":"lambda:GetFunction","Resource":"*"}`}, Unknown, "unjudged"},
		{[]string{`{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"1"}}}`}, Unknown, "needed"},
		{[]string{allow, `{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{"StringLike":{"aws:sourceArn":["arn:aws:execute-api:eu-west-1:111122223333:api1/prod/*"]}}}`}, Allowed, "needed needed"},
		{[]string{`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"lambda:InvokeFunction","Resource":"*"}`}, Missing, "unjudged"},
	}
	for _, tt := range tests {
		w := one("REST", "GET /pets", "")
		w.Put("fn", "", tt.statements...)
		c, r := judged(t, w)
		var classes []string
		for _, s := range r.Functions[0].Statements {
			classes = append(classes, string(s.Class))
		}
		if got := strings.Join(classes, " "); c.Verdict != tt.want || got != tt.classes {
			t.Errorf("%v: %s, %s; want %s, %s", tt.statements, c.Verdict, got, tt.want, tt.classes)
		}
		for _, s := range r.Plan().Targets {
			for _, step := range s.Steps {
				if !step.Add {
					t.Errorf("%v: the plan removes %s", tt.statements, step.Sid)
				}
			}
		}
	}
}

// The role in the credentials decides, with its trust; without the right to
// simulate, by its own policies.
func TestRoles(t *testing.T) {
	trust := func(service, condition string) string {
		return fmt.Sprintf(`{"Statement":[{"Effect":"Allow","Principal":{"Service":%q},"Action":"sts:AssumeRole"%s}]}`, service, condition)
	}
	for _, denied := range [][]string{nil, {"iam:SimulatePrincipalPolicy"}} {
		tests := []struct {
			credentials string
			role        *cloud.Role
			want        Verdict
		}{
			{"r", &cloud.Role{Name: "r", Trust: trust("apigateway.amazonaws.com", ""), Invokes: []string{"*"}}, ByRole},
			{"r", &cloud.Role{Name: "r", Trust: trust("apigateway.amazonaws.com", ""), Invokes: []string{"arn:aws:lambda:eu-west-1:111122223333:function:other"}}, Refused},
			{"r", &cloud.Role{Name: "r", Trust: trust("lambda.amazonaws.com", ""), Invokes: []string{"*"}}, Refused},
			{"r", &cloud.Role{Name: "r", Trust: trust("apigateway.amazonaws.com", `,"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}`), Invokes: []string{"*"}}, Unknown},
			{"lost", &cloud.Role{Name: "r"}, Refused},
		}
		for _, tt := range tests {
			w := one("REST", "GET /pets", "")
			w.Roles = []*cloud.Role{tt.role}
			w.APIs[0].Stages[0].Deployed.Routes = slices.Clone(w.APIs[0].Working.Routes)
			w.APIs[0].Stages[0].Deployed.Routes[0].Credentials = w.RoleArn(tt.credentials)
			if c, _ := judged(t, w, denied...); c.Verdict != tt.want {
				t.Errorf("%v, %+v: %s (%s), want %s", denied, tt.role, c.Verdict, c.Why, tt.want)
			}
		}
	}
	w := one("REST", "GET /pets", "")
	w.APIs[0].Stages[0].Deployed.Routes[0].Credentials = "arn:aws:iam::*:user/*"
	if c, _ := judged(t, w); c.Verdict != ByCaller {
		t.Errorf("the caller's own credentials: %s", c.Verdict)
	}
}

// What could not be read makes nothing stale: each right in turn is missing.
func TestUnreadIsUnknown(t *testing.T) {
	for _, denied := range []string{"apigateway:GetRestApis", "apigateway:GetApis", "apigateway:GetStages", "apigateway:GetExport", "apigateway:GetResources", "apigateway:GetAuthorizers"} {
		w := one("REST", "GET /pets", "")
		const id = "00000000-0000-4000-8000-00000000000"
		w.Allow("fn", "", id+"1", "apigateway.amazonaws.com", w.Source("api1", "*/GET/other"))
		w.Allow("fn", "", id+"2", "apigateway.amazonaws.com", w.Source("api1", "authorizers/x"))
		w.Allow("fn", "", id+"3", "apigateway.amazonaws.com", "")
		s := &cloud.Server{World: w, Denied: map[string]bool{denied: true, "apigateway:GetRestApi": true, "apigateway:GetApi": true}}
		r := Judge(read(t, s, live.Ask{All: true}), nil)
		for _, f := range r.Functions {
			for _, st := range f.Statements {
				if ofREST := strings.HasSuffix(st.Sid, "1") || strings.HasSuffix(st.Sid, "2"); st.Class == Stale && !(denied == "apigateway:GetApis" && ofREST) {
					t.Errorf("without %s, %s is stale: %s", denied, st.Sid, st.Why)
				}
			}
		}
		if len(r.Unread) == 0 {
			t.Errorf("without %s nothing is told", denied)
		}
		if blind := denied == "apigateway:GetStages" || denied == "apigateway:GetExport"; blind != (r.Blind > 0) {
			t.Errorf("without %s, %d APIs or stages are not read", denied, r.Blind)
		}
	}
}
