package grant

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// checkCycle applies the edits and looks for resources that would wait for one
// another. Permissions can't close a circle, since nothing refers to them;
// roles can.
func (d *decider) checkCycle() error {
	out, err := d.t.Apply(d.result.Edits)
	if err != nil {
		return err
	}
	if path := circle(template.Index(out)); path != nil && circle(d.t) == nil {
		return finding.Errorf(path[0], "use Grant: permission for this API, or name the function by its FunctionName in the URI",
			"the role closes a circle: %s", strings.Join(path, " -> "))
	}
	return nil
}

// circle returns the logical ids of a circle of references, the first one
// again at its end; nil where there is none.
func circle(t *template.Template) []string {
	g := graph(t)
	const onPath, done = 1, 2
	state := map[string]int{}
	var path []string
	var visit func(id string) []string
	visit = func(id string) []string {
		state[id] = onPath
		path = append(path, id)
		for _, next := range g[id] {
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
	for _, r := range t.Resources() {
		if state[r.ID] == 0 {
			if c := visit(r.ID); c != nil {
				return c
			}
		}
	}
	return nil
}

// graph maps every resource to those that it names.
func graph(t *template.Template) map[string][]string {
	g := map[string][]string{}
	for _, r := range t.Resources() {
		seen := map[string]bool{}
		add := func(id string) {
			if _, ok := t.Resource(id); ok && !seen[id] {
				seen[id] = true
				g[r.ID] = append(g[r.ID], id)
			}
		}
		for ref := range r.Properties().References() {
			add(ref.ID)
		}
		depends := r.Get("DependsOn")
		if id, ok := depends.Text(); ok {
			add(id)
		}
		for item := range depends.Items() {
			id, _ := item.Text()
			add(id)
		}
	}
	return g
}
