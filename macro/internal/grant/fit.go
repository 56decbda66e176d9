package grant

import (
	"cmp"

	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A Policy is that of one function and qualifier, with what it is to get: exact
// statements where they fit, else the cheapest wider ones that do.
type Policy struct {
	ID     string
	Exact  []*Want // one for each source
	groups []group // of exact, with their ladders: made for the plan
	Wants  []*Want // one for each statement to add
	plan   *policy.Plan
	budget int
	fits   bool
	Whole  bool // one AWS::Lambda::ResourcePolicy in place of permissions
	bytes  int  // of that

	few [4]*Want // memory for Exact, which mostly has few elements
}

// spare keeps the choice steady: a widened policy is planned as if the number of its
// sources were a multiple of this, so that one more source mostly changes nothing else.
const spare = 4

// A fitter chooses statements that fit: those of each policy into its bytes, all of
// them into the template's resources and bytes.
type fitter struct {
	*statement.View
	existing  statement.Existing
	decisions []Decision
	conds     *naming.Conditions
	roles     int                                // how many resources of the template roles take
	bytes     func(*Want) int                    // the size of a want's permission in the template
	problems  []finding.Finding                  // what doesn't fit, or can't be done as options ask
	wideners  map[*invoke.Service]invoke.Widener // of the services that had to be asked
	patterns  map[sameText]string                // of the widest source ARNs
}

// Fit returns what each policy gets, and findings about that. size is the length of a
// want's permission in the template. An error says that the template has room for less
// than the fewest statements; the policies are then those before that was seen.
func Fit(v *statement.View, existing statement.Existing, on Judged, wants []*Want, conds *naming.Conditions, size func(*Want) int) ([]*Policy, []finding.Finding, error) {
	d := fitter{View: v, existing: existing, decisions: on.Decisions, conds: conds, roles: on.Slots.roles(),
		bytes: size}
	docs, err := d.fit(wants)
	return docs, d.problems, err
}

func (d *fitter) fit(wants []*Want) ([]*Policy, error) {
	docs := d.documents(wants)
	d.makeWhole(docs)
	for _, doc := range docs {
		if doc.Whole {
			d.fitWhole(doc)
			continue
		}
		bytes := 0
		for _, w := range doc.Wants {
			bytes += w.size + 1
		}
		doc.budget = policy.Budget(d.existing.Sizes[doc.ID].Bytes)
		if doc.fits = bytes <= doc.budget; !doc.fits {
			d.widen(doc, len(doc.Wants))
		}
	}
	if err := d.fitTemplate(docs); err != nil {
		return docs, err
	}
	for _, doc := range docs {
		if len(doc.Wants) < len(doc.Exact) {
			d.merge(doc)
		}
	}
	return docs, nil
}

// when returns when a want is wanted: where one of them is true.
func (d *fitter) when(w *Want) []template.Guard { return WhenWanted(d.decisions, w) }

// merge joins wants that have become the same by widening, under different conditions.
func (d *fitter) merge(doc *Policy) {
	byKey := map[wantKey]*Want{}
	var out []*Want
	for _, w := range doc.Wants {
		same := byKey[w.wantKey]
		if same == nil {
			byKey[w.wantKey] = w
			out = append(out, w)
			continue
		}
		same.join(w)
		same.Condition = d.conds.Name(d.when(same))
	}
	doc.Wants = out
}

// documents groups the wants by function and qualifier: a policy document for each, with
// the size and the condition of each statement.
func (d *fitter) documents(wants []*Want) []*Policy {
	var (
		docs = make([]*Policy, 0, min(len(wants), 64))
		byID = make(map[string]*Policy, min(len(wants)/4, 64)) // a function mostly has several
		doc  *Policy
	)
	for _, w := range wants {
		if doc == nil || w.Function != doc.ID { // neighbours are often of one
			if doc = byID[w.Function]; doc == nil {
				doc = &Policy{ID: w.Function}
				doc.Exact = doc.few[:0]
				byID[w.Function] = doc
				docs = append(docs, doc)
			}
		}
		doc.Exact = append(doc.Exact, w)
	}
	slices.SortFunc(docs, func(a, b *Policy) int { return strings.Compare(a.ID, b.ID) })
	size := sizes{Lengths: statement.Lengths{View: d.View}}
	for _, doc := range docs {
		slices.SortFunc(doc.Exact, func(a, b *Want) int {
			if c := a.Compare(b); c != 0 {
				return c
			}
			if a.Call.Source.ARN != nil { // of several spellings the same one is taken in every order
				return cmp.Or(strings.Compare(a.Tail.Key(), b.Tail.Key()), strings.Compare(a.Call.Resource, b.Call.Resource), a.Decisions[0]-b.Decisions[0])
			}
			return a.Decisions[0] - b.Decisions[0]
		})
		doc.Exact = joined(doc.Exact)
		doc.Wants = doc.Exact
		arn := size.FunctionARN(doc.Exact[0].Call.Target)
		for _, w := range doc.Exact {
			if len(w.Call.When)+len(w.named) > 0 {
				w.Condition = d.conds.Name(d.when(w))
			}
			w.size = size.statement(w, arn)
		}
	}
	return docs
}
