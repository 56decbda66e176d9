package source

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A role tells which part of a YAML node a value is.
type role uint8

const (
	whole   role = iota // all of it, with its anchor and tag
	wrapper             // the object that a short tag stands for
	payload             // the argument of a short tag
	part                // "A" or "B" of "!GetAtt A.B"
)

// An origin is the YAML that a value was written as.
type origin struct {
	value  *yaml.Node
	key    *yaml.Node // of a mapping's entry
	role   role
	flow   bool       // it is inside of brackets
	merged *yaml.Node // the merge key that it came through; nil for none
}

// A converter turns YAML nodes into the values that CloudFormation would make
// of them, following aliases.
type converter struct {
	*locator
	file       *File
	open       map[*yaml.Node]bool // the collections that the current value is in
	duplicates map[*yaml.Node]bool // keys that their mapping has again, for which there is a warning
	path       []string            // of the current value
	depth      int
	nodes      int // so far
	bytes      int // so far, about as many as the JSON has
}

// value converts one node; flow tells that it is inside of brackets.
func (c *converter) value(n *yaml.Node, flow bool) (*node, error) {
	if err := c.spend(n); err != nil {
		return nil, err
	}
	v, err := c.dereferenced(n, flow)
	if err != nil {
		return nil, err
	}
	if n.Kind == yaml.AliasNode {
		v.setPlace(c.start(n))
		v.from = &origin{value: n, flow: flow}
	}
	return v, nil
}

// dereferenced converts a node, or the one that its alias stands for.
func (c *converter) dereferenced(n *yaml.Node, flow bool) (*node, error) {
	alias := n
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if c.open[n] {
		return nil, c.fail(alias, "the alias *"+alias.Value+" repeats a value that holds the alias itself",
			"write the value out instead")
	}
	if n.Kind != yaml.ScalarNode {
		c.open[n] = true
		defer delete(c.open, n)
	}
	c.depth++
	defer func() { c.depth-- }()
	if name := function(n); name != "" {
		return c.intrinsic(n, name, flow)
	}
	v, err := c.plain(n, flow)
	if err == nil {
		err = c.resolve(v, n)
	}
	return v, err
}

// function returns the long name of the function that a short tag stands for.
func function(n *yaml.Node) string {
	name, local := strings.CutPrefix(n.Tag, "!")
	switch {
	case !local || name == "" || strings.HasPrefix(name, "!") || !tagged(n):
		return ""
	case name == "Ref", name == "Condition":
		return name
	}
	return "Fn::" + name
}

// intrinsic makes the object that a short tag stands for.
func (c *converter) intrinsic(n *yaml.Node, name string, flow bool) (*node, error) {
	c.depth++
	defer func() { c.depth-- }()
	arg, err := c.plain(n, flow)
	if err != nil {
		return nil, err
	}
	if name == "Fn::GetAtt" && n.Kind == yaml.ScalarNode {
		arg = c.getAtt(n, flow)
	}
	arg.name = name
	arg.from.role = payload
	w := &node{kind: object, from: &origin{value: n, role: wrapper, flow: flow}}
	w.adopt(arg)
	w.setPlace(c.start(n))
	return w, nil
}

// setPlace sets where a value is in the author's text. The function and the argument
// of a short tag have the same place.
func (n *node) setPlace(at int) {
	n.at = at
	for _, child := range n.children {
		if child.from.role == payload || child.from.role == part {
			child.setPlace(at)
		}
	}
}

// getAtt splits "Logical.Attribute" at its first dot, as CloudFormation does:
// an attribute may hold dots itself.
func (c *converter) getAtt(n *yaml.Node, flow bool) *node {
	list := &node{kind: array, from: &origin{value: n, flow: flow}}
	for _, s := range strings.SplitN(n.Value, ".", 2) {
		list.adopt(&node{kind: str, raw: quote(s), from: &origin{value: n, role: part, flow: flow}})
	}
	return list
}

// plain converts a node as if it had no tag; a scalar becomes text.
func (c *converter) plain(n *yaml.Node, flow bool) (*node, error) {
	v := &node{kind: str, at: c.start(n), from: &origin{value: n, flow: flow}}
	flow = flow || n.Style&yaml.FlowStyle != 0
	switch n.Kind {
	case yaml.ScalarNode:
		v.raw = quote(n.Value)
		c.bytes += len(v.raw)
	case yaml.SequenceNode:
		v.kind = array
		for i, item := range n.Content {
			c.path = append(c.path, fmt.Sprint(i))
			child, err := c.value(item, flow)
			if err != nil {
				return nil, err
			}
			c.path = c.path[:len(c.path)-1]
			v.adopt(child)
		}
	default:
		v.kind = object
		return v, c.members(v, n, flow)
	}
	return v, nil
}

func (c *converter) members(v *node, n *yaml.Node, flow bool) error {
	entries, err := c.entries(n)
	if err != nil {
		return err
	}
	for _, p := range entries {
		c.path = append(c.path, p.Name)
		child, err := c.value(p.Value, flow)
		if err != nil {
			return err
		}
		c.path = c.path[:len(c.path)-1]
		child.name, child.twice = p.Name, p.Twice
		child.setPlace(c.start(p.Key))
		child.from.key, child.from.merged = p.Key, p.Merge
		c.bytes += len(p.Name)
		v.adopt(child)
	}
	return nil
}

// resolve gives a value without a short tag its type.
func (c *converter) resolve(v *node, n *yaml.Node) error {
	ok := true
	switch {
	case n.Kind == yaml.ScalarNode && tagged(n):
		v.kind, v.raw, ok = taggedScalar(n.Tag, n.Value)
	case n.Kind == yaml.ScalarNode && isPlain(n):
		v.kind, v.raw = plainScalar(n.Value)
	case n.Kind == yaml.SequenceNode && tagged(n):
		ok = n.Tag == "!!seq" || n.Tag == "!!omap" || n.Tag == "!!pairs"
	case n.Kind == yaml.MappingNode && tagged(n):
		ok = n.Tag == "!!map" || n.Tag == "!!set"
	}
	if !ok {
		return c.fail(n, fmt.Sprintf("the tag %s is unknown or does not fit this value", n.Tag),
			"remove the tag, or write the value in quotes")
	}
	return nil
}

// spend counts a value against the limits.
func (c *converter) spend(n *yaml.Node) error {
	c.nodes++
	switch {
	case c.nodes > maxNodes, c.bytes > maxBytes:
		return c.fail(n, "the template grows too large, most likely through its aliases", "use fewer aliases of aliases")
	case c.depth > maxDepth:
		return c.fail(n, errDepth.Error(), hintDepth)
	}
	return nil
}

// fail returns an Error at the node; its text names the value that is being converted.
func (c *converter) fail(n *yaml.Node, what, hint string) error {
	top := &node{kind: object}
	for _, name := range c.path {
		child := &node{kind: object, name: name}
		top.adopt(child)
		top = child
	}
	top.at = c.start(n)
	return c.file.failAt(top, what, hint)
}
