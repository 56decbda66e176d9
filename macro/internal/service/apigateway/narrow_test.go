package apigateway

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// rungs are all on which a method stands.
func rungs(w *invoke.Wanted) []policy.Rung {
	all := []policy.Rung{{Level: everyVerb}, {Level: wholeAPI}}
	if len(w.Stage) > 0 {
		all = append(all, policy.Rung{Level: wholeStage})
	}
	_, path, _ := w.Call.Source.Route.Cut("/")
	for keep := range int32(len(path.Split("/"))) {
		all = append(all, policy.Rung{Level: below, Keep: keep}, policy.Rung{Level: belowVerb, Keep: keep})
	}
	return all
}

// narrower is a pattern for the same routes that matches less; "" where there is
// none.
func narrower(wanted []*invoke.Wanted, p policy.Pattern) string {
	now := wider(wanted[p.Routes[0]], p.Rung).Key()
	for _, to := range rungs(wanted[p.Routes[0]]) {
		text := wider(wanted[p.Routes[0]], to).Key()
		if text != now && policy.Covers(now, text) && !slices.ContainsFunc(p.Routes, func(i int) bool { return !slices.Contains(rungs(wanted[i]), to) || wider(wanted[i], to).Key() != text }) {
			return text
		}
	}
	return ""
}

// No pattern is wider than its routes need.
func TestLadderNarrow(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 14))
		var wanted []*invoke.Wanted
		var calls []*invoke.Call
		seen := map[string]bool{}
		for range 2 + r.IntN(10) {
			var path []string
			for range 1 + r.IntN(3) {
				path = append(path, string("abc"[r.IntN(3)]))
			}
			route := []string{"GET", "GET", "PUT", "POST"}[r.IntN(4)] + "/" + strings.Join(path, "/")
			c := &invoke.Call{Service: &Service, Origin: &invoke.Origin{Key: "A"}, Target: &function.Target{Function: []string{"Own", "Own", "Own", "Other"}[r.IntN(4)]},
				Source: invoke.Source{Form: Method, Route: template.Literal(route)}}
			if c.Target.Key = c.Target.Function; seen[route] {
				continue
			}
			seen[route] = true
			if calls = append(calls, c); c.Target.Function == "Own" {
				wanted = append(wanted, &invoke.Wanted{Call: c, Tail: c.Source.Tail(nil)})
			}
		}
		if len(wanted) == 0 {
			continue
		}
		ladder := Service.Widener(slices.Values(calls))(wanted, false)
		plan := policy.NewPlan([]policy.Group{{Set: ladder.Set, Sizes: make([]int, len(wanted))}}, len(wanted))
		for n := range wanted {
			for _, p := range plan.Patterns(n + 1) {
				if p.Exact() {
					continue
				}
				if text := narrower(wanted, p); text != "" {
					var all []string
					for _, w := range wanted {
						all = append(all, w.Tail.String())
					}
					t.Fatalf("seed %d: %v in %d: %s for %v, where %s does", seed, all, n+1, ladder.Tail(p), p.Routes, text)
				}
			}
		}
	}
}
