package evaluator

import (
	"encoding/json"
	"maps"
	"slices"
)

// A Made is a resource as its service gets it: with all references followed.
type Made struct {
	ID, Type   string
	Properties map[string]any
}

// Resources returns the resources of this world in an order in which
// CloudFormation can make them.
func (d *Deployment) Resources() (out []Made) {
	done := map[string]bool{}
	var visit func(string)
	visit = func(id string) {
		if done[id] {
			return
		}
		done[id] = true
		for _, other := range slices.Sorted(slices.Values(d.needs[id])) {
			visit(other)
		}
		properties, _ := deployed(d.properties[id]).(object)
		out = append(out, Made{id, str(member(d.raw[id], "Type")), properties})
	}
	for _, id := range slices.Sorted(maps.Keys(d.raw)) {
		visit(id)
	}
	return out
}

// deployed is a value as it is after the deployment, when everything is known.
func deployed(v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for name, x := range v {
			out[name] = deployed(x)
		}
		return out
	case []any:
		var out []any
		for _, x := range v {
			out = append(out, deployed(x))
		}
		return out
	case string:
		return plain(v)
	}
	return v
}

// Permits reports whether a function's policy, as Lambda returns it, lets all of
// a call through; a call with a role needs none.
func (d *Deployment) Permits(policy string, c Call) bool {
	var doc any
	if json.Unmarshal([]byte(policy), &doc) != nil {
		return c.Identity != ""
	}
	statements := readStatements("", doc)
	return c.Identity != "" || !slices.ContainsFunc(c.Sources, func(s Source) bool { return !allowed(statements, d.request(c, s)) })
}
