package grant

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
)

// fitTemplate widens further where the template would have too many resources
// or bytes.
func (d *fitter) fitTemplate(docs []*Policy) error {
	wanted, reason := 0, ""
	there := d.Template.Section("Resources").Len()
	for _, doc := range docs {
		if doc.Whole {
			there++
		} else {
			wanted += len(doc.Wants)
		}
	}
	if there > policy.MaxResources || wanted == 0 {
		return nil // CloudFormation refuses the template as it is, and says so
	}
	limit := policy.MaxResources - there - d.roles
	if wanted > limit {
		reason = fmt.Sprintf("a template may have %d resources", policy.MaxResources)
	}
	if bytes := policy.MaxTemplate - d.Template.Size(); bytes > 0 && wanted*averageBytes > bytes {
		exact := 0
		for _, doc := range separate(docs) {
			for _, w := range doc.Wants {
				exact += d.bytes(w) + len(w.Call.Origin.ID) + len(w.Call.Target.Function) + 30
			}
		}
		if most := bytes * wanted / exact; exact > bytes && most < limit {
			limit, reason = most, fmt.Sprintf("a template may have %d bytes", policy.MaxTemplate)
		}
	}
	if wanted <= limit {
		return nil
	}
	return d.share(separate(docs), limit, reason)
}

// separate returns the documents whose statements are resources of their own.
func separate(docs []*Policy) []*Policy {
	return slices.DeleteFunc(slices.Clone(docs), func(doc *Policy) bool { return doc.Whole })
}

// averageBytes is less than any permission takes, for a quick estimate.
const averageBytes = 300

// share divides at most limit statements among the documents, so that they cost least;
// reason says why there is a limit.
func (d *fitter) share(docs []*Policy, limit int, reason string) error {
	plans := make([]*policy.Plan, len(docs))
	for i, doc := range docs {
		if doc.plan == nil {
			d.plan(doc, min(len(doc.Exact), max(limit, 1)))
		}
		plans[i] = doc.plan
	}
	counts, ok := policy.Share(plans, limit)
	if !ok {
		return finding.Errorf("template", "move a part into a nested stack, or use Grant: policy or role", "needs %d permissions at least, and has room for %d, since %s",
			policy.Least(plans), max(limit, 0), reason)
	}
	for i, doc := range docs {
		if counts[i] < len(doc.Wants) {
			d.apply(doc, plans[i].Patterns(counts[i]), reason)
		}
	}
	return nil
}

// PlaceOf is the pointer of a document's function; "" where the template doesn't have
// it.
func PlaceOf(d *statement.View, doc *Policy) jsontext.Pointer {
	r, _ := d.Template.Resource(doc.Wants[0].Call.Target.Function)
	return r.Pointer()
}
