package grant

import (
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// group is what a want may share a statement with: all of the same API, or all
// that the same wider source ARN would match.
func (d *fitter) group(w *Want) string {
	a := w.Call.Source.ARN
	switch {
	case a == nil:
		return w.API
	case a.AnySource:
		return w.API + "\n"
	case len(a.Wide) == 0:
		return w.API + "\n" + w.Behind
	}
	return w.API + "\n" + statement.ARNPattern(d.View, a.Wide)
}

// ladder makes the routes that a plan is for.
func (d *fitter) ladder(doc *Fitting) {
	if doc.routes != nil {
		return
	}
	doc.routes = make([]policy.Route, len(doc.Exact))
	for i, w := range doc.Exact {
		doc.routes[i] = route(w.source(), w.stage, d.group(w)+"\n"+w.Condition)
		doc.routes[i].Size = w.size
		if key, plain := w.Call.Source.Route.Verbatim(); doc.Whole && plain && kindOf(w.Call.Source) == policy.Key && !strings.HasPrefix(key, "$") {
			doc.routes[i].Path = key
		}
	}
}

// route is a source as the ladder sees it.
func route(src invoke.Source, stage template.Text, group string) policy.Route {
	r := policy.Route{Group: group, Kind: kindOf(src), Stage: stage.Key()}
	switch r.Kind {
	case policy.Method:
		if _, plain := src.Route.Plain(); plain {
			verb, path, _ := strings.Cut(src.Route.Key(), "/")
			r.Verb, r.Path = verb, path
			break
		}
		verb, path, _ := src.Route.Cut("/")
		r.Verb = verb.Key()
		for i, segment := range path.Split("/") {
			if i > 0 {
				r.Path += "/" // also before an empty one: /a/ is another route than /a
			}
			r.Path += strings.ReplaceAll(segment.Key(), "/", "\x03")
		}
	case policy.Authorizer:
		r.Stage = ""
	}
	return r
}

// kindOf is the form of a source as the ladder knows it.
func kindOf(src invoke.Source) policy.Kind {
	switch {
	case !src.Staged():
		return policy.Authorizer // exact; a whole ARN: or as wide as its service says
	case src.Form == invoke.AnyRoute:
		return policy.Whole
	case src.Form != nil && src.Form.Keyed:
		return policy.Key
	}
	return policy.Method
}

// narrow widens what a document wants to at most limit statements.
func (d *fitter) narrow(doc *Fitting, limit int) {
	d.ladder(doc)
	shortest, longest := doc.routes[0].Size, 0
	for _, r := range doc.routes {
		shortest, longest = min(shortest, r.Size), max(longest, r.Size)
	}
	budget := doc.budget - (spare-len(doc.routes)%spare)%spare*longest
	limit = max(1, min(limit, budget/shortest))
	doc.plan = d.newPlan(doc, limit)
	patterns, ok := doc.plan.Fit(limit, budget)
	if !ok && doc.budget < doc.plan.Size(patterns) {
		d.problems = append(d.problems, finding.Finding{Reason: PolicySize, At: PlaceOf(d.View, doc), Detail: d.Plain(doc.ID)})
	}
	d.apply(doc, patterns, "the policy of "+d.Plain(doc.ID)+" has "+fmt.Sprint(policy.MaxBytes)+" bytes")
}

// newPlan plans for at most limit statements. Each group of routes is weighed
// against every other, see room budget.
func (d *fitter) newPlan(doc *Fitting, limit int) *policy.Plan {
	groups := map[string]bool{}
	for i := range doc.routes {
		groups[doc.routes[i].Group] = true
	}
	d.Template.Budget().Spend(len(groups)*len(groups)/4 + len(doc.routes)*min(limit, policy.MaxResources)/16)
	d.Template.Budget().Keep(4 * len(groups) * len(groups))
	return policy.NewPlanAmong(doc.routes, d.foreign(doc), limit)
}

// A censusKey is an API, and a function that it calls; without one, all of them.
type censusKey struct{ api, function string }

// foreign are the routes of the same APIs that lead to other functions, by
// group. Those of an API are counted once for all documents.
func (d *fitter) foreign(doc *Fitting) map[string]policy.Foreign {
	if d.census == nil {
		d.census = map[censusKey]*policy.Census{}
		for _, dec := range d.decisions {
			c := dec.Call
			if c.Source.ARN != nil {
				continue
			}
			r := route(c.Source, c.Source.Stage, "")
			for _, key := range [...]censusKey{{api: c.Origin.Key}, {c.Origin.Key, c.Target.ID()}} {
				if d.census[key] == nil {
					d.census[key] = &policy.Census{}
				}
				d.census[key].Add(r)
			}
		}
	}
	out := map[string]policy.Foreign{}
	for i, w := range doc.Exact {
		if w.Call.Source.ARN != nil {
			continue
		}
		out[doc.routes[i].Group] = policy.Foreign{All: d.census[censusKey{api: w.API}], Own: d.census[censusKey{w.API, doc.ID}]}
	}
	return out
}

// apply replaces the document's wants by those of the patterns.
func (d *fitter) apply(doc *Fitting, patterns []policy.Pattern, why string) {
	var wants []*Want
	for _, p := range patterns {
		if p.Level == policy.Exact {
			wants = append(wants, doc.Exact[p.Routes[0]])
			continue
		}
		first := *doc.Exact[p.Routes[0]]
		w := &Want{Call: first.Call, manner: manner{whole: first.whole}, stage: first.stage, Condition: first.Condition, named: first.named,
			Tail: first.wider(p)}
		if first.Call.Source.ARN != nil {
			w.Tail = doc.together(p)
			w.spelled = d.Spell(w.Tail)
		}
		exact := make([]*Want, len(p.Routes))
		for at, i := range p.Routes {
			exact[at], w.size = doc.Exact[i], max(w.size, doc.Exact[i].size)
		}
		w.join(exact...)
		w.wantKey = keyOf(w.Call, w.Tail, w.spelled)
		w.Widened = fmt.Sprintf("from %d %s to %s: %s", len(p.Routes), sourcesOf(w.Call), widerName(w), why)
		if a := w.Call.Source.ARN; a != nil && (a.Account == invoke.AccountSent || a.Account == invoke.AccountAlways) {
			w.SourceAccount = true // the source has a wildcard, or is none
		}
		wants = append(wants, w)
	}
	doc.Wants = wants
}

// sourcesOf is what a statement was wanted for, in the plural.
func sourcesOf(c *invoke.Call) string {
	if c.Source.ARN != nil {
		return "sources"
	}
	return "routes"
}

func widerName(w *Want) string {
	if len(w.Tail) == 0 {
		return "any of the account"
	}
	return w.Tail.String()
}

// wider is the tail of a pattern that a want is one of.
func (w *Want) wider(p policy.Pattern) template.Text {
	stage := w.stage
	if len(stage) == 0 {
		stage = template.Literal("*")
	}
	_, path, _ := w.Call.Source.Route.Cut("/")
	switch p.Level {
	case policy.Verbs:
		return template.Join(stage, template.Literal("/*/"), path)
	case policy.Prefix:
		tail := template.Join(stage, template.Literal("/"+p.Verb+"/"))
		for _, segment := range path.Split("/")[:p.Depth] {
			tail = template.Join(tail, segment, template.Literal("/"))
		}
		return template.Join(tail, template.Literal("*"))
	case policy.Keys:
		key, _ := w.Call.Source.Route.Plain()
		return template.Join(stage, template.Literal("/"+key[:p.Depth]+"*"))
	case policy.Stage:
		return template.Join(stage, template.Literal("/*"))
	}
	return template.Literal("*")
}
