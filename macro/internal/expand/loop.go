package expand

import (
	"fmt"
	"strings"
)

// maxLoops is how deep CloudFormation lets loops be nested.
const maxLoops = 5

const forEach = "Fn::ForEach::"

// extensions does what AWS::LanguageExtensions does, in the sections that it
// works on (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html).
func (e *expander) extensions(root *node) *node {
	children := make([]*node, len(root.children))
	changed := false
	for i, child := range root.children {
		children[i] = child
		switch child.name {
		case "Conditions", "Resources", "Outputs":
			children[i] = e.extended(child, 0)
		}
		changed = changed || children[i] != child
	}
	if !changed {
		return root
	}
	return root.with(children)
}

// extended returns a value with the loops and functions in it evaluated. loops is
// how many loops it is in.
func (e *expander) extended(n *node, loops int) *node {
	if n.kind != '{' && n.kind != '[' {
		return n
	}
	changed := false
	children := make([]*node, 0, len(n.children))
	var names map[string]bool // of the members, and of those that loops have made
	for _, child := range n.children {
		if strings.HasPrefix(child.name, forEach) && n.kind == '{' {
			if made, ok := e.loop(child, loops+1); ok {
				if names == nil {
					names = n.names()
				}
				children, changed = e.join(child, children, made, names), true
				continue
			}
			children = append(children, child)
			continue
		}
		made := e.extended(child, loops)
		changed = changed || made != child
		children = append(children, made)
	}
	out := n
	if changed && e.spend(1) {
		out = n.with(children)
	}
	return e.function(out)
}

// join adds what a loop makes to the members beside it. names has the names that are
// taken.
func (e *expander) join(loop *node, children, made []*node, names map[string]bool) []*node {
	for _, m := range made {
		if names[m.name] {
			e.problem(loop, fmt.Sprintf("%s makes %s a second time", loop.name, m.name), "have the identifier in the key", true)
			continue
		}
		names[m.name] = true
		children = append(children, m)
	}
	return children
}

// loop returns the members that an Fn::ForEach makes; false, and a problem, where
// they aren't known.
func (e *expander) loop(n *node, depth int) ([]*node, bool) {
	identifier, ok := n.item(0).text()
	body := n.item(2)
	if !ok || len(n.children) != 3 || identifier == "" || body.kind != '{' {
		e.problem(n, n.name+" is no list of an identifier, a collection and a mapping", "write [Identifier, [values], {keys with ${Identifier}: values}]", true)
		return nil, false
	}
	if depth > maxLoops {
		e.problem(n, fmt.Sprintf("%s stands in more than %d loops", n.name, maxLoops), "nest fewer of them", true)
		return nil, false
	}
	var collection []string
	if !e.decided(n.item(1), func() (known bool) { collection, known = e.list(n.item(1)); return known }) {
		e.problem(n.item(1), n.name+" goes over a collection that is not known here", "give the parameter's value with -p", false)
		return nil, false
	}
	var out []*node
	for _, value := range collection {
		replace := &substitution{expander: e, identifier: identifier, value: value}
		one := replace.in(body)
		for _, child := range e.extended(one, depth).children {
			child = child.as(child.name)
			if !child.copied {
				c := *child
				c.up, c.from, c.copied = nil, child, true
				child = &c
			}
			out = append(out, child)
		}
		if !e.spend(1) {
			return nil, false
		}
	}
	return out, true
}

// A substitution replaces the identifier of a loop by one of its values.
type substitution struct {
	*expander
	identifier, value string
}

// in returns a node with the identifier replaced in keys and values: ${Identifier},
// &{Identifier} (by the value without characters that a logical id can't have) and
// Ref.
func (s *substitution) in(n *node) *node {
	if !s.spend(1) {
		return n
	}
	if fn, arg := n.only(); fn == "Ref" {
		if name, _ := arg.text(); name == s.identifier {
			return n.word(s.value).as(s.words(n.name))
		}
	}
	out := n
	switch n.kind {
	case '"':
		text, _ := n.text()
		if got := s.words(text); got != text {
			out = n.word(got)
		}
	case '{', '[':
		children := make([]*node, len(n.children))
		changed := false
		for i, child := range n.children {
			children[i] = s.in(child)
			changed = changed || children[i] != child
		}
		if changed {
			out = n.with(children)
		}
	}
	return out.as(s.words(n.name))
}

func (s *substitution) words(text string) string {
	if !strings.Contains(text, "{"+s.identifier+"}") {
		return text
	}
	text = strings.ReplaceAll(text, "${"+s.identifier+"}", s.value)
	return strings.ReplaceAll(text, "&{"+s.identifier+"}", strings.Map(alphanumeric, s.value))
}

func alphanumeric(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}
