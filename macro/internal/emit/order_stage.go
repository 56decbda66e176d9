package emit

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// API Gateway asks for no permission when an API is deployed, so that who calls
// at once may get status 500. With the option Order the stages of an API, which
// make it callable, wait for the permissions of its routes.

// stageFirst is told where a stage can't wait.

// stages lets the stages of APIs wait for what allows the calls that ask for it.
func (o *ordering) stages() {
	var declared map[string][]template.Resource
	wants := map[string]*grant.Want{}
	type pair struct{ stage, permission string }
	seen := map[pair]bool{}
	for i := range o.decisions {
		dec := &o.decisions[i]
		if !dec.StagesWait || dec.Call.Kind.Before || dec.Call.Origin == nil || dec.Call.Origin.ID == "" || dec.Verdict != grant.Added && dec.Verdict != grant.Allowed {
			continue
		}
		if declared == nil {
			declared = o.declaredStages()
			for _, a := range o.Permissions {
				wants[a.ID()] = a.Want
			}
		}
		for _, stage := range declared[dec.Call.Origin.ID] {
			for _, id := range dec.By {
				if p := (pair{stage.ID, id}); !seen[p] {
					seen[p] = true
					if !o.stage(stage, id, wants[id]) {
						dec.Remarks = append(slices.Clone(dec.Remarks), finding.Finding{Reason: stageFirst, At: dec.Call.At(), Detail: stage.ID + ", " + id})
					}
				}
			}
		}
	}
}

// stage lets one stage wait for one permission, of ours where w is what it is
// for, and reports whether it can. SAM's own, which has no resource yet, and
// what comes first already need no edit.
func (o *ordering) stage(stage template.Resource, id string, w *grant.Want) bool {
	_, own := o.Template.Resource(id)
	switch {
	case w == nil && !own, own && o.Dependencies().Path(stage.ID, id) != nil:
		return true
	case own && o.Dependencies().Path(id, stage.ID) != nil, w != nil && o.waitsForStage(w, stage.ID):
		return false
	case !o.Template.Covered(stage.Condition(), o.exists(id)):
		return false
	}
	o.waits[stage.ID] = append(o.waits[stage.ID], id)
	return true
}

// waitsForStage reports whether a permission that is wanted would depend on the
// stage itself: by its function, its API or its source.
func (o *ordering) waitsForStage(w *grant.Want, stage string) bool {
	names := slices.Clone(w.Call.Target.DependsOn)
	for _, x := range []template.Text{w.Call.Target.Name, w.Call.Origin.Name, w.Tail} {
		for name := range x.Names {
			names = append(names, name)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		id, _, _ := strings.Cut(name, ".")
		return id == stage || o.Dependencies().Path(id, stage) != nil
	})
}

// declaredStages are the resources that make APIs callable, by the API: stages,
// and deployments that make one.
func (o *ordering) declaredStages() map[string][]template.Resource {
	out := map[string][]template.Resource{}
	for _, r := range o.Template.Resources() {
		p := r.Properties()
		var api template.Value
		switch r.Type {
		case "AWS::ApiGateway::Stage":
			api = p.Get("RestApiId")
		case "AWS::ApiGatewayV2::Stage":
			api = p.Get("ApiId")
		case "AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Deployment":
			if p.Get("StageName").Exists() {
				if api = p.Get("RestApiId"); !api.Exists() {
					api = p.Get("ApiId")
				}
			}
		}
		if part, ok := api.Part(); ok && part.Kind != template.Lit {
			id, _, _ := strings.Cut(part.Text, ".")
			out[id] = append(out[id], r)
		}
	}
	return out
}
