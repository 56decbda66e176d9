package cloudformation

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// references refuses a Ref, Fn::GetAtt, Fn::Sub or DependsOn that names neither
// a parameter nor a resource, in resources and outputs, and resources that need
// each other.
func references(top, resources []field) error {
	parameters := members(member(top, "Parameters"))
	graph := map[string][]string{}
	var missing []string
	for _, r := range resources {
		for _, name := range names(r.value) {
			switch {
			case member(resources, name) != nil:
				graph[r.name] = append(graph[r.name], name)
			case member(parameters, name) == nil && !slices.Contains(missing, name):
				missing = append(missing, name)
			}
		}
	}
	if len(missing) > 0 {
		return invalid("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template",
			strings.Join(missing, ", "))
	}
	for _, o := range members(member(top, "Outputs")) {
		for _, name := range names(o.value) {
			if member(resources, name) == nil && member(parameters, name) == nil {
				return invalid("Template format error: Unresolved resource dependencies [%s] in the Outputs block of the template", name)
			}
		}
	}
	if cycle := circular(graph); len(cycle) > 0 {
		return invalid("Circular dependency between resources: [%s]", strings.Join(cycle, ", "))
	}
	return nil
}

// names returns what a resource or output refers to, pseudo parameters left out.
func names(v jsontext.Value) []string {
	var all []string
	add := func(name string) {
		name, _, _ = strings.Cut(name, ".")
		if !strings.HasPrefix(name, "AWS::") {
			all = append(all, name)
		}
	}
	depends := member(members(v), "DependsOn")
	for _, e := range append(items(depends), depends) {
		if name, ok := text(e); ok {
			add(name)
		}
	}
	walk(v, func(name string, value jsontext.Value) {
		word, isText := text(value)
		list := items(value)
		switch {
		case name == "Ref" && isText, name == "Fn::GetAtt" && isText:
			add(word)
		case name == "Fn::GetAtt" && len(list) > 0:
			word, _ = text(list[0])
			add(word)
		case name == "Fn::Sub":
			var own []field
			if len(list) == 2 {
				word, _ = text(list[0])
				own = members(list[1])
			}
			for _, m := range placeholder.FindAllStringSubmatch(word, -1) {
				if member(own, m[1]) == nil {
					add(strings.TrimSpace(m[1]))
				}
			}
		}
	})
	return all
}

// circular returns the nodes that are left when every node without a way out,
// or without a way in, has been taken away again and again.
func circular(graph map[string][]string) []string {
	in, out := map[string]int{}, map[string]int{}
	for changed := true; changed; {
		changed = false
		clear(in)
		clear(out)
		for from, all := range graph {
			for _, to := range all {
				if _, ok := graph[to]; ok {
					out[from]++
					in[to]++
				}
			}
		}
		for name := range graph {
			if in[name] == 0 || out[name] == 0 {
				delete(graph, name)
				changed = true
			}
		}
	}
	var left []string
	for name := range graph {
		left = append(left, name)
	}
	slices.Sort(left)
	return left
}

// walk shows every member of every object in v, functions among them.
func walk(v jsontext.Value, show func(name string, value jsontext.Value)) {
	for _, f := range members(v) {
		show(f.name, f.value)
		walk(f.value, show)
	}
	for _, e := range items(v) {
		walk(e, show)
	}
}
