package grant

import (
	"cmp"

	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A document is the policy of one function and qualifier, with what it is to
// get: exact statements where they fit, else the cheapest widening that does.
type document struct {
	id     string
	exact  []*want        // one for each route
	routes []policy.Route // the same as the ladder sees them
	wants  []*want        // one for each statement to add
	plan   *policy.Plan
	budget int
	fits   bool
	whole  bool // one AWS::Lambda::ResourcePolicy in place of permissions
	bytes  int  // of that

	few [4]*want // what most need of exact
}

// spare keeps the choice steady: a widened policy is planned as if its routes
// were a multiple of this, so that one more route mostly changes nothing else.
const spare = 4

// A fitter makes what is wanted fit: each policy into its bytes, all statements
// into the template's resources and bytes.
type fitter struct {
	*View
	existing  statements
	decisions []Decision
	conds     *conditions
	roles     int               // how many resources of the template roles take
	bytes     func(*want) int   // of a want's permission
	problems  []finding.Finding // what doesn't fit, or can't be as it is asked for
	census    map[censusKey]*policy.Census
}

// fit returns what each policy is to get, and what there is to tell of it. With
// an error it is as far as that goes.
func fit(v *View, existing statements, on verdicts, wants []*want, conds *conditions) ([]*document, []finding.Finding, error) {
	w := writer{View: v, decisions: on.decisions}
	d := fitter{View: v, existing: existing, decisions: on.decisions, conds: conds, roles: on.slots.roles(),
		bytes: func(x *want) int { return len(w.appendPermission(nil, x)) }}
	docs, err := d.fit(wants)
	return docs, d.problems, err
}

func (d *fitter) fit(wants []*want) ([]*document, error) {
	docs := d.documents(wants)
	d.makeWhole(docs)
	for _, doc := range docs {
		if doc.whole {
			d.fitWhole(doc)
			continue
		}
		bytes := 0
		for _, w := range doc.wants {
			bytes += w.size + 1
		}
		doc.budget = policy.Budget(d.existing.sizes[doc.id].bytes)
		if doc.fits = bytes <= doc.budget; !doc.fits {
			d.narrow(doc, len(doc.wants))
		}
	}
	if err := d.fitTemplate(docs); err != nil {
		return docs, err
	}
	for _, doc := range docs {
		if len(doc.wants) < len(doc.exact) {
			d.merge(doc)
		}
	}
	return docs, nil
}

// when returns when a want is wanted: where one of them is true.
func (d *fitter) when(w *want) []template.Guard { return whenWanted(d.decisions, w) }

// merge makes one want of widened ones that became the same under different
// conditions.
func (d *fitter) merge(doc *document) {
	byKey := map[wantKey]*want{}
	var out []*want
	for _, w := range doc.wants {
		same := byKey[w.wantKey]
		if same == nil {
			byKey[w.wantKey] = w
			out = append(out, w)
			continue
		}
		same.join(w)
		same.condition = d.conds.name(d.when(same))
	}
	doc.wants = out
}

// documents groups the wants by function and qualifier.
func (d *fitter) documents(wants []*want) []*document {
	var (
		docs = make([]*document, 0, min(len(wants), 64))
		byID = make(map[string]*document, min(len(wants), 64))
		doc  *document
	)
	for _, w := range wants {
		if doc == nil || w.function != doc.id { // neighbours are often of one
			if doc = byID[w.function]; doc == nil {
				doc = &document{id: w.function}
				doc.exact = doc.few[:0]
				byID[w.function] = doc
				docs = append(docs, doc)
			}
		}
		doc.exact = append(doc.exact, w)
	}
	slices.SortFunc(docs, func(a, b *document) int { return strings.Compare(a.id, b.id) })
	for _, doc := range docs {
		slices.SortFunc(doc.exact, func(a, b *want) int {
			if c := a.compare(b.wantKey); c != 0 {
				return c
			}
			if a.call.Source.ARN != nil { // of several spellings one is taken, whatever their order
				return cmp.Or(strings.Compare(a.tail.Key(), b.tail.Key()), strings.Compare(a.call.Resource, b.call.Resource), a.decisions[0]-b.decisions[0])
			}
			return a.decisions[0] - b.decisions[0]
		})
		doc.exact = joined(doc.exact)
		doc.wants = doc.exact
		arn := sizer{d.View}.functionARN(doc.exact[0].call.Target)
		for _, w := range doc.exact {
			if len(w.call.When)+len(w.named) > 0 {
				w.condition = d.conds.name(d.when(w))
			}
			w.size = sizer{d.View}.statement(w, arn)
		}
	}
	return docs
}
