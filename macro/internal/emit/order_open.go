package emit

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// API Gateway doesn't try the permission when an API is deployed, so that callers may get
// status 500 at first. With the option Order the resources that make an API callable (the
// openers: its stages) wait for the permissions of its routes.

// open lets openers wait for what allows the calls with the option Order.
func (o *ordering) open() {
	var openers map[string][]template.Resource
	type pair struct{ opener, permission string }
	seen := map[pair]bool{}
	for i := range o.decisions {
		dec := &o.decisions[i]
		if !dec.StagesWait || dec.Call.Kind.Before || dec.Call.Origin == nil || dec.Call.Origin.ID == "" || dec.Verdict != grant.Added && dec.Verdict != grant.Allowed {
			continue
		}
		if openers == nil {
			openers = o.openers()
		}
		for _, r := range openers[dec.Call.Origin.ID] {
			for _, id := range dec.By {
				if p := (pair{r.ID, id}); !seen[p] {
					seen[p] = true
					if !o.opener(r, id, o.added(id)) {
						dec.Remarks = append(slices.Clone(dec.Remarks), finding.Finding{Reason: stageFirst, At: dec.Call.At(), Detail: r.ID + ", " + id})
					}
				}
			}
		}
	}
}

// opener lets an opener wait for one permission, and reports whether it can, or need not:
// SAM's own grant has no resource yet, and a permission may come first already. w is the
// want of an added permission; nil for others.
func (o *ordering) opener(r template.Resource, id string, w *grant.Want) bool {
	_, own := o.Template.Resource(id)
	switch {
	case w == nil && !own, own && o.Dependencies().Path(r.ID, id) != nil:
		return true
	case own && o.Dependencies().Path(id, r.ID) != nil, w != nil && o.waitsFor(w, r.ID):
		return false
	case !o.Template.Covered(r.Condition(), o.exists(id)):
		return false
	}
	o.waits[r.ID] = append(o.waits[r.ID], id)
	return true
}

// waitsFor reports whether the permission of a want would wait for a resource: by its
// function, its origin or its source.
func (o *ordering) waitsFor(w *grant.Want, resource string) bool {
	names := slices.Clone(w.Call.Target.DependsOn)
	for _, x := range []template.Text{w.Call.Target.Name, w.Call.Origin.Name, w.Tail} {
		for name := range x.Names {
			names = append(names, name)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		id, _, _ := strings.Cut(name, ".")
		return id == resource || o.Dependencies().Path(id, resource) != nil
	})
}

// openers returns the resources that make origins callable, by the logical id of the
// origin.
func (o *ordering) openers() map[string][]template.Resource {
	out := map[string][]template.Resource{}
	for _, r := range o.Template.Resources() {
		if origin, ok := o.Scope.Opened(r); ok {
			out[origin] = append(out[origin], r)
		}
	}
	return out
}
