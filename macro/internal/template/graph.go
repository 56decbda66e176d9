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
	seen := make(map[string]int, len(t.Resources())) // by which resource last, from 1
	var all []string
	for i, r := range t.Resources() {
		g.ids = append(g.ids, r.ID)
		from := len(all)
		add := func(id string) {
			if seen[id] != i+1 && t.Taken(id) {
				seen[id] = i + 1
				all = append(all, id)
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
		if from < len(all) {
			g.next[r.ID] = append(g.next[r.ID], all[from:]...)
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
	w := walk{Graph: g, to: to}
	if !w.visit(from) {
		return nil
	}
	return w.path
}

// A walk looks for a resource along what others wait for.
type walk struct {
	*Graph
	to   string
	path []string
	seen map[string]bool
}

// visit goes on from a resource, and reports whether it has found the other.
func (w *walk) visit(id string) bool {
	waits := w.next[id]
	w.budget.Spend(4 + len(waits))
	if len(waits) == 0 && id != w.to {
		return false // nothing to remember
	}
	w.path = append(w.path, id)
	if id == w.to {
		return true
	}
	if w.seen == nil {
		w.seen = map[string]bool{}
	}
	w.seen[id] = true
	for _, next := range waits {
		if !w.seen[next] && w.visit(next) {
			return true
		}
	}
	w.path = w.path[:len(w.path)-1]
	return false
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
