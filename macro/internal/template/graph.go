package template

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/budget"
)

// A Graph is which resources of a template wait for which: by Ref, Fn::GetAtt
// and Fn::Sub in their properties, and by DependsOn.
type Graph struct {
	next map[string][]string // in the order of the template
	ids  []string

	budget *budget.Budget
}

// Graph reads the dependencies of all resources. apart tells the properties of
// which other resources are made, so that this one doesn't wait for what they name;
// nil: none.
func (t *Template) Graph(apart func(r Resource, property string) bool) *Graph {
	g := &Graph{next: make(map[string][]string, len(t.Resources())), budget: t.budget}
	for _, r := range t.Resources() {
		g.ids = append(g.ids, r.ID)
		seen := map[string]bool{}
		add := func(id string) {
			if !seen[id] && t.Taken(id) {
				seen[id] = true
				g.next[r.ID] = append(g.next[r.ID], id)
			}
		}
		for property, v := range r.Properties().Members() {
			if apart != nil && apart(r, property) {
				continue
			}
			for ref := range v.References() {
				add(ref.ID)
			}
		}
		for _, id := range r.DependsOn() {
			add(id)
		}
	}
	return g
}

// DependsOn returns the logical ids of the resource's DependsOn, which may be
// text or a list.
func (r Resource) DependsOn() (ids []string) {
	v := r.Get("DependsOn")
	if id, ok := v.Text(); ok {
		return []string{id}
	}
	for item := range v.Items() {
		if id, ok := item.Text(); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// Path returns the resources by which from waits for to, both included; nil
// where it doesn't.
func (g *Graph) Path(from, to string) []string {
	seen := map[string]bool{}
	var path []string
	var visit func(id string) bool
	visit = func(id string) bool {
		g.budget.Spend(4 + len(g.next[id]))
		path = append(path, id)
		if id == to {
			return true
		}
		seen[id] = true
		for _, next := range g.next[id] {
			if !seen[next] && visit(next) {
				return true
			}
		}
		path = path[:len(path)-1]
		return false
	}
	if !visit(from) {
		return nil
	}
	return path
}

// Cycle returns the logical ids of a circular dependency, the first one again
// at its end; nil where there is none.
func (g *Graph) Cycle() []string {
	const onPath, done = 1, 2
	state := map[string]int{}
	var path []string
	var visit func(id string) []string
	visit = func(id string) []string {
		state[id] = onPath
		path = append(path, id)
		for _, next := range g.next[id] {
			switch state[next] {
			case onPath:
				return append(slices.Clone(path[slices.Index(path, next):]), next)
			case done:
				continue
			}
			if c := visit(next); c != nil {
				return c
			}
		}
		state[id] = done
		path = path[:len(path)-1]
		return nil
	}
	for _, id := range g.ids {
		if state[id] == 0 {
			if c := visit(id); c != nil {
				return c
			}
		}
	}
	return nil
}
