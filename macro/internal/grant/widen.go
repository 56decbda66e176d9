package grant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A group is the wants of a document that may share statements: those of one origin,
// or those that one wider source ARN matches, under one condition.
type group struct {
	wants  []*Want
	wanted []*invoke.Wanted // of wants
	ladder invoke.Ladder
}

// groupName is equal for all wants of a document that may share statements.
func (d *fitter) groupName(w *Want) string {
	of := w.Caller
	if a := w.Call.Source.ARN; a != nil {
		switch widest, ok := a.Widest(); {
		case !ok:
			of += "\n" + w.Behind
		case len(widest) == 0:
			of += "\n"
		default:
			of += "\n" + d.widest(widest)
		}
	}
	return of + "\n" + w.Condition
}

// widest is the pattern of a source ARN that is as wide as its service says. The calls of
// a service mostly share one.
func (d *fitter) widest(x template.Text) string {
	same := sameText{&x[0], len(x)}
	pattern, known := d.patterns[same]
	if !known {
		if d.patterns == nil {
			d.patterns = map[sameText]string{}
		}
		pattern = statement.ARNPattern(d.View, x)
		d.patterns[same] = pattern
	}
	return pattern
}

// A sameText identifies a text by its memory. Texts aren't changed, so that the same
// memory is the same text; an equal text elsewhere is only read once more.
type sameText struct {
	first *template.Part
	parts int
}

// groups divides a document's wants into groups, in the order of their names.
func (d *fitter) groups(doc *Policy) []group {
	count := len(doc.Exact)
	names, order := make([]string, count), make([]int, count)
	for i, w := range doc.Exact {
		names[i], order[i] = d.groupName(w), i
	}
	slices.SortStableFunc(order, func(i, j int) int { return strings.Compare(names[i], names[j]) })
	wants, wanted := make([]*Want, count), make([]*invoke.Wanted, count)
	for at, i := range order {
		wants[at], wanted[at] = doc.Exact[i], &doc.Exact[i].Wanted
	}
	var groups []group
	for from, at := 0, 1; from < count; at++ {
		if at == count || names[order[at]] != names[order[from]] {
			groups = append(groups, group{wants: wants[from:at], wanted: wanted[from:at]})
			from = at
		}
	}
	return groups
}

// widen widens a document's wants, so that they are at most limit statements and fit
// its budget.
func (d *fitter) widen(doc *Policy, limit int) {
	shortest, longest := doc.Exact[0].size, 0
	for _, w := range doc.Exact {
		shortest, longest = min(shortest, w.size), max(longest, w.size)
	}
	budget := doc.budget - (spare-len(doc.Exact)%spare)%spare*longest
	limit = max(1, min(limit, budget/shortest))
	d.plan(doc, limit)
	patterns, ok := doc.plan.Fit(limit, budget)
	if !ok && doc.budget < doc.plan.Size(patterns) {
		d.problems = append(d.problems, finding.Finding{Reason: PolicySize, At: PlaceOf(d.View, doc), Detail: d.Plain(doc.ID), About: doc.ID})
	}
	d.apply(doc, patterns, "the policy of "+d.Plain(doc.ID)+" has "+fmt.Sprint(policy.MaxBytes)+" bytes")
}

// plan makes the plan of a document for at most limit statements. Its work grows with
// the square of the number of groups, which it takes from the budget.
func (d *fitter) plan(doc *Policy, limit int) {
	doc.groups = d.groups(doc)
	d.Template.Budget().Spend(len(doc.groups)*len(doc.groups)/4 + len(doc.Exact)*min(limit, policy.MaxResources)/16)
	d.Template.Budget().Keep(4 * len(doc.groups) * len(doc.groups))
	sizes, groups := make([]int, 0, len(doc.Exact)), make([]policy.Group, len(doc.groups))
	for i := range doc.groups {
		g := &doc.groups[i]
		g.ladder = d.widener(g.wanted[0].Call.Service)(g.wanted, doc.Whole)
		from := len(sizes)
		for _, w := range g.wants {
			sizes = append(sizes, w.size)
		}
		groups[i] = policy.Group{Set: g.ladder.Set, Sizes: sizes[from:]}
	}
	doc.plan = policy.NewPlan(groups, limit)
}

// widener returns the widener of a service, made once for all documents.
func (d *fitter) widener(s *invoke.Service) invoke.Widener {
	if d.wideners[s] == nil {
		if d.wideners == nil {
			d.wideners = map[*invoke.Service]invoke.Widener{}
		}
		decisions := d.decisions
		d.wideners[s] = s.Widener(func(yield func(*invoke.Call) bool) {
			for i := range decisions {
				if !yield(decisions[i].Call) {
					return
				}
			}
		})
	}
	return d.wideners[s]
}

// apply replaces the document's wants by one for each pattern; why is the limit that
// made that necessary.
func (d *fitter) apply(doc *Policy, patterns []policy.Pattern, why string) {
	var wants []*Want
	for _, p := range patterns {
		g := &doc.groups[p.Group]
		first := g.wants[p.Routes[0]]
		if p.Exact() {
			wants = append(wants, first)
			continue
		}
		w := &Want{Wanted: first.Wanted, Condition: first.Condition, named: first.named}
		if w.Tail = g.ladder.Tail(p); w.Call.Source.ARN != nil {
			w.spelled = d.Spell(w.Tail)
		}
		exact := make([]*Want, len(p.Routes))
		for at, i := range p.Routes {
			exact[at], w.size = g.wants[i], max(w.size, g.wants[i].size)
		}
		w.join(exact...)
		w.wantKey = keyOf(w.Call, w.Tail, w.spelled)
		w.Widened = fmt.Sprintf("from %d %s to %s: %s", len(p.Routes), sourcesOf(w.Call), widerName(w), why)
		if a := w.Call.Source.ARN; a != nil && (a.Account == invoke.AccountSent || a.Account == invoke.AccountAlways) {
			w.SourceAccount = true // the source is wider than one resource
		}
		wants = append(wants, w)
	}
	doc.Wants = wants
}

// sourcesOf is the word for the sources of such calls.
func sourcesOf(c *invoke.Call) string {
	if c.Source.ARN != nil {
		return "sources"
	}
	return "routes"
}

// widerName is the wider source for people.
func widerName(w *Want) string {
	if len(w.Tail) == 0 {
		return "any of the account"
	}
	return w.Tail.String()
}
