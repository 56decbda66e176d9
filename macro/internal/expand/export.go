package expand

import (
	"bytes"
	"slices"
	"strings"
)

// Connected groups stacks, by their indexes: two are in one group where one imports
// what only the other exports, by a name that is known. Each stack is in one group;
// both groups and indexes are in order.
func Connected(stacks []*Stack) [][]int {
	group := make([]int, len(stacks))
	exporters := map[string][]int{}
	imports := make([]map[string]bool, len(stacks))
	for i, s := range stacks {
		group[i] = i
		var exports map[string]bool
		exports, imports[i] = s.names()
		for name := range exports {
			exporters[name] = append(exporters[name], i)
		}
	}
	for i, names := range imports {
		for name := range names {
			if from := exporters[name]; len(from) == 1 {
				join(group, i, from[0])
			}
		}
	}
	byGroup := map[int][]int{}
	var order []int
	for i, g := range group {
		if byGroup[g] == nil {
			order = append(order, g)
		}
		byGroup[g] = append(byGroup[g], i)
	}
	out := make([][]int, len(order))
	for i, g := range order {
		out[i] = byGroup[g]
	}
	return out
}

// join unites the groups of stacks a and b.
func join(group []int, a, b int) {
	from, to := group[a], group[b]
	for i := range group {
		if group[i] == from {
			group[i] = to
		}
	}
}

// names returns what the stack and those nested in it export and import, as far
// as the names are known.
func (s *Stack) names() (exports, imports map[string]bool) {
	if !s.mentions(`"Export"`, 0) && !s.mentions(`"Fn::ImportValue"`, 0) {
		return nil, nil
	}
	c := &composer{app: &Application{Parameters: map[string]string{}}, sections: map[string][]*node{}, exports: map[string]*node{}}
	v, err := c.open(s, nil, nil)
	if err != nil {
		return nil, nil
	}
	v.declare()
	found := map[string]*node{}
	v.export(found)
	exports, imports = map[string]bool{}, map[string]bool{}
	for name := range found {
		if isPortable(name) {
			exports[name] = true
		}
	}
	v.imports(imports)
	return exports, imports
}

// mentions reports whether the text of the stack, or of one nested in it, has a
// word.
func (s *Stack) mentions(word string, depth int) bool {
	if bytes.Contains(s.JSON, []byte(word)) {
		return true
	}
	for _, inner := range s.Nested {
		if depth < maxNested && inner.mentions(word, depth+1) {
			return true
		}
	}
	return false
}

// imports adds the names that the stack imports, and those nested in it.
func (v *view) imports(to map[string]bool) {
	var walk func(*node)
	walk = func(n *node) {
		if fn, arg := n.only(); fn == "Fn::ImportValue" {
			if name, ok := v.plain(arg); ok && isPortable(name) {
				to[name] = true
			}
		}
		for _, child := range n.children {
			walk(child)
		}
	}
	walk(v.root)
	for _, inner := range v.nested {
		inner.imports(to)
	}
}

// isPortable reports whether a text is the same in every stack of an account and
// Region.
func isPortable(text string) bool {
	for i, part := range strings.Split(text, "${") {
		name, _, _ := strings.Cut(part, "}")
		if i > 0 && !strings.HasPrefix(name, "!") && !slices.Contains([]string{"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"}, name) {
			return false
		}
	}
	return true
}

// plain returns an expression of the stack as one text, with names of the
// application in ${...}: equal texts are equal values. It is false for expressions
// that can't be written so.
func (v *view) plain(n *node) (string, bool) {
	if n == nil {
		return "", false
	}
	return v.text(v.rewrite(n))
}

func (v *view) text(n *node) (string, bool) {
	if s, ok := n.scalar(); ok {
		return strings.ReplaceAll(s, "${", "${!"), true
	}
	fn, arg := n.only()
	switch fn {
	case "Ref":
		name, ok := arg.text()
		return v.symbol(name), ok
	case "Fn::Sub":
		return v.subText(arg)
	case "Fn::Join":
		sep, ok := arg.item(0).text()
		list := arg.item(1)
		if !ok || list == nil || list.kind != '[' {
			return "", false
		}
		parts := make([]string, len(list.children))
		for i, item := range list.children {
			if parts[i], ok = v.text(item); !ok {
				return "", false
			}
		}
		return strings.Join(parts, sep), true
	}
	return "", false
}

// symbol returns the value of a parameter, where it is known, or else its name.
func (v *view) symbol(name string) string {
	if value, ok := v.app.Parameters[name]; ok {
		return strings.ReplaceAll(value, "${", "${!")
	}
	return "${" + name + "}"
}

func (v *view) subText(arg *node) (string, bool) {
	text, vars := arg, (*node)(nil)
	if arg.kind == '[' {
		text, vars = arg.item(0), arg.item(1)
	}
	s, ok := text.text()
	if !ok {
		return "", false
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(s)
			return b.String(), true
		}
		b.WriteString(before)
		s = after
		word := v.symbol(name)
		if own := vars.get(name); own != nil {
			if word, ok = v.text(own); !ok {
				return "", false
			}
		} else if strings.HasPrefix(name, "!") {
			word = "${" + name + "}"
		}
		b.WriteString(word)
	}
}
