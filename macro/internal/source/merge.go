package source

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"
)

// A pair is one entry of a mapping, its own or through a merge key.
type pair struct {
	name   string
	key    *yaml.Node
	value  *yaml.Node
	merged *yaml.Node // the merge key that it came through
	twice  bool       // the key stands before it too
}

// pairs returns the entries of a mapping as YAML 1.1 merges them
// (https://yaml.org/type/merge.html): what comes through << stands first and
// yields to the mapping's own entries, and of several sources the earlier
// prevails. Of a mapping's own key that stands twice the last counts.
func (c *converter) pairs(n *yaml.Node) ([]pair, error) {
	var merged, own []pair
	last := map[string]int{} // the index in own
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if isMerge(key) {
			more, err := c.sources(value)
			if err != nil {
				return nil, err
			}
			for i := range more {
				more[i].merged = key
			}
			merged = append(merged, more...)
			continue
		}
		name, err := c.keyText(key)
		if err != nil {
			return nil, err
		}
		twin, twice := last[name]
		if twice {
			c.twin(name, own[twin].key)
			own[twin].key = nil
		}
		last[name] = len(own)
		own = append(own, pair{name: name, key: key, value: value, twice: twice})
	}
	if len(last) < len(own) {
		own = slices.DeleteFunc(own, func(p pair) bool { return p.key == nil })
	}
	if merged == nil {
		return own, nil
	}
	return unite(append(merged, own...)), nil
}

// twin warns, once, of a key that stands twice in a mapping.
func (c *converter) twin(name string, first *yaml.Node) {
	if c.twins[first] {
		return // behind an alias
	}
	c.twins[first] = true
	at := jsontext.Pointer("")
	for _, step := range c.path {
		at = at.AppendToken(step)
	}
	c.file.warnings = append(c.file.warnings, Warning{at.AppendToken(name), first.Line})
}

// sources returns the entries of the mapping, or mappings, behind a merge key.
func (c *converter) sources(n *yaml.Node) ([]pair, error) {
	at := n
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if err := c.spend(at); err != nil {
		return nil, err
	}
	if c.open[n] {
		return nil, c.fail(at, "a merge key merges a mapping into itself", "write the members out instead")
	}
	c.open[n] = true
	defer delete(c.open, n)
	var all []pair
	switch n.Kind {
	case yaml.MappingNode:
		own, err := c.pairs(n)
		if err != nil {
			return nil, err
		}
		all = own
	case yaml.SequenceNode:
		for i := len(n.Content) - 1; i >= 0; i-- {
			item := n.Content[i]
			if target(item).Kind != yaml.MappingNode {
				return nil, c.fail(item, "a merge key takes mappings only", "merge a mapping, or a list of mappings")
			}
			more, err := c.sources(item)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	default:
		return nil, c.fail(at, "a merge key takes mappings only", "merge a mapping, or a list of mappings")
	}
	c.nodes += len(all)
	return all, nil
}

// unite drops what a later pair of the same name overrides, which takes its place.
func unite(pairs []pair) []pair {
	at := map[string]int{}
	out := pairs[:0:0]
	for _, p := range pairs {
		if i, ok := at[p.name]; ok {
			out[i] = p
			continue
		}
		at[p.name] = len(out)
		out = append(out, p)
	}
	return out
}

// keyText returns the name that a key gives: its text, whatever type YAML
// would give it, so that 200, on and null stay what the author wrote.
func (c *converter) keyText(key *yaml.Node) (string, error) {
	n := target(key)
	if n.Kind != yaml.ScalarNode || function(n) != "" {
		return "", c.fail(key, "a key must be plain text", "remove the brackets or the tag, or put the key in quotes")
	}
	return n.Value, nil
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && isPlain(key) && key.Value == "<<" && (!tagged(key) || key.Tag == "!!merge")
}

// target returns what an alias stands for, and any other node itself.
func target(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}
