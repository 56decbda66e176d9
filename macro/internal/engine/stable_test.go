package engine

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/emit"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
)

// grants lists what was granted, in the order of the template.
func grants(r *Result) []string {
	var out []string
	for _, g := range r.Grants() {
		out = append(out, fmt.Sprintf("%s %s %s %s %q", g.ID, g.Function, g.Caller, g.Source, g.Widened))
	}
	return out
}

// The grants depend neither on the order of the resources nor on unrelated ones.
func TestGrantOrder(t *testing.T) {
	for seed := range uint64(60) {
		n := 10
		if seed%10 == 0 {
			n = 150
		}
		text := randomTemplate(seed, n, 30)
		r, _ := grantAll(t, text, option.Options{})
		head, rest, _ := strings.Cut(text, `"Resources":{`)
		var parts []string
		for id, v := range parse(t, `{`+rest[:len(rest)-1]).Root().Members() {
			parts = append(parts, fmt.Sprintf("%q: %s", id, v.Raw()))
		}
		parts = append(parts, `"Table":{"Type":"AWS::DynamoDB::Table","Properties":{"TableName":{"Ref":"Env"}}}`)
		random := rand.New(rand.NewPCG(seed, 3))
		random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		shuffled, _ := grantAll(t, head+`"Resources":{`+strings.Join(parts, ",")+"}}", option.Options{})
		if diff := cmp.Diff(grants(r), grants(shuffled)); diff != "" {
			t.Fatalf("seed %d\n%s", seed, diff)
		}
	}
}

// routes is an HTTP API with n routes that lead to one function.
func routes(n int, path func(int) string) string {
	var b strings.Builder
	b.WriteString(`{"Resources":{"Fn":{"Type":"AWS::Lambda::Function"},"Api":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"ProtocolType":"HTTP"}},
		"Int":{"Type":"AWS::ApiGatewayV2::Integration","Properties":{"ApiId":{"Ref":"Api"},"IntegrationType":"AWS_PROXY","IntegrationUri":{"Fn::GetAtt":["Fn","Arn"]}}}`)
	for i := range n {
		fmt.Fprintf(&b, `,"R%d":{"Type":"AWS::ApiGatewayV2::Route","Properties":{"ApiId":{"Ref":"Api"},"RouteKey":%q,"Target":{"Fn::Sub":"integrations/${Int}"}}}`, i, path(i))
	}
	return b.String() + "}}"
}

// shapes of the routes that a service gets one after the other.
var shapes = map[string]func(int) string{
	"flat":     func(i int) string { return fmt.Sprintf("GET /r%03d", i) },
	"services": func(i int) string { return fmt.Sprintf("GET /s%d/r%03d", i/10, i) },
	"spread":   func(i int) string { return fmt.Sprintf("GET /s%d/r%03d", i%12, i) },
	"verbs": func(i int) string {
		return []string{"GET", "PUT", "POST", "DELETE"}[i%4] + fmt.Sprintf(" /things%d/{id}/part%d", i/8, i/4)
	},
}

// Routes are added one by one. As long as exact statements fit, only the new route's
// changes. At the limit many change once, since it is the policy's own; afterwards mostly
// none, and never so many that old and new together exceed the policy.
func TestGrowth(t *testing.T) {
	for name, path := range shapes {
		t.Run(name, func(t *testing.T) {
			var before []string
			var profile []int
			full := 0 // the routes when exact ones no longer fit
			for n := 1; n <= 120; n++ {
				r, _ := grantAll(t, routes(n, path), option.Options{})
				var ids []string
				wide := false
				for _, g := range r.Grants() {
					ids = append(ids, g.ID)
					wide = wide || g.Widened != ""
				}
				changed := 0
				for _, id := range before {
					if !slices.Contains(ids, id) {
						changed++ // a statement goes: callers depend on its successor
					}
				}
				profile = append(profile, changed)
				if wide && full == 0 {
					full = n
				}
				if !wide && changed > 0 {
					t.Errorf("the route %d takes %d statements away, and nothing is widened", n, changed)
				}
				if len(r.Policies) != 1 || r.Policies[0].Bytes > 10_300 {
					t.Errorf("%d routes: policies %v", n, r.Policies)
				}
				before = ids
			}
			t.Logf("widened from %d routes on; statements that go with each route more: %v", full, profile)
			if full < 18 {
				t.Errorf("widened from %d routes on", full)
			}
			steps, most := 0, 0
			for _, changed := range profile[full:] {
				if changed > 0 {
					steps++
				}
				most = max(most, changed)
			}
			// One of the four spare statements is used up with each route: no
			// more than every second route may change others than its own.
			if later := 120 - full; steps > later/2 {
				t.Errorf("%d of %d routes after the first widening take statements away", steps, later)
			}
			if most > 24 { // as many exact statements as ever fit
				t.Errorf("one route takes %d statements away", most)
			}
		})
	}
}

// What a template gets doesn't depend on what it has been before: without the new routes
// it gets what it had.
func TestGrowthBack(t *testing.T) {
	for name, path := range shapes {
		_, small := grantAll(t, routes(20, path), option.Options{})
		grantAll(t, routes(60, path), option.Options{})
		if _, again := grantAll(t, routes(20, path), option.Options{}); again != small {
			t.Errorf("%s: %s", name, cmp.Diff(small, again))
		}
	}
}

// While routes are added and removed, no update exceeds the policy: CloudFormation creates
// the new statements before it deletes the old ones.
func TestGrowthTransient(t *testing.T) {
	for name, path := range shapes {
		var before map[string]int
		for n := 1; n <= 120; n++ {
			doc := parse(t, routes(n, path))
			r, err := Decide(doc, deployed, option.Options{})
			if err != nil {
				t.Fatal(err)
			}
			now := map[string]int{}
			for _, g := range r.Grants() {
				now[g.ID] = 101 + 100 + 24 + len("arn:aws:lambda:us-east-1:123456789012:function:") + 64 + 45 + len("arn:aws:execute-api:us-east-1:123456789012:0123456789/") + len(g.Source) + 1
			}
			total := 53
			for _, size := range now {
				total += size
			}
			for id, size := range before {
				if now[id] == 0 {
					total += size
				}
			}
			if total > 20480 {
				t.Errorf("%s: with %d routes old and new statements take %d bytes", name, n, total)
			}
			before = now
		}
	}
}

// A slash in the value of a name, which only a hand-made event can give, doesn't separate
// parts of the path.
func TestNameWithSlash(t *testing.T) {
	env := deployed
	env.Parameters = map[string]string{"a/b": "x"}
	text := regexp.MustCompile(`"RouteKey":("[^"]*")`).ReplaceAllString(routes(100, func(i int) string { return fmt.Sprintf("GET /${a/b}/r%03d", i) }), `"RouteKey":{"Fn::Sub":$1}`)
	r, err := Decide(parse(t, text), env, option.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(r.Grants(), func(g emit.Grant) bool { return g.Widened != "" && g.Source == "*/GET/${a/b}/*" }) {
		t.Errorf("not widened below the name: %v", grants(r))
	}
}
