package template

import (
	"slices"
)

// A Graph tells which resources of a template wait for which others: by Ref,
// Fn::GetAtt and Fn::Sub in their properties, and by DependsOn. It reads a resource
// when a path reaches it, and so is for one goroutine.
type Graph struct {
	t     *Template
	apart func(r Resource, property string) bool
	next  map[string][]string // what resources wait for, in the order of the template; of those that were read
}

// Graph returns the dependencies of all resources. apart reports the properties from
// which a transform makes other resources, so that this one doesn't wait for what
// they refer to; nil: there are none.
func (t *Template) Graph(apart func(r Resource, property string) bool) *Graph {
	return &Graph{t: t, apart: apart, next: map[string][]string{}}
}

// waits returns the logical ids of what a resource waits for.
func (g *Graph) waits(id string) []string {
	next, known := g.next[id]
	if !known {
		next = g.read(id)
		g.next[id] = next
	}
	return next
}

func (g *Graph) read(id string) (next []string) {
	r, ok := g.t.Resource(id)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	add := func(id string) {
		if !seen[id] && g.t.Taken(id) {
			seen[id] = true
			next = append(next, id)
		}
	}
	for property, v := range r.Properties().Members() {
		if g.apart != nil && g.apart(r, property) {
			continue
		}
		for ref := range v.References() {
			add(ref.ID)
		}
	}
	for _, id := range r.DependsOn() {
		add(id)
	}
	return next
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
	waits := w.waits(id)
	w.t.budget.Spend(4 + len(waits))
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
		for _, next := range g.waits(id) {
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
	for _, r := range g.t.Resources() {
		if state[r.ID] == 0 {
			if c := visit(r.ID); c != nil {
				return c
			}
		}
	}
	return nil
}
