package definition

import (
	"strconv"

	"go.yaml.in/yaml/v4"
)

// A member is a name and value of a YAML mapping.
type member struct {
	name  string
	value *yaml.Node
}

// Members are those of a mapping and of all that is merged into it; the first
// of a name wins.
type members struct {
	list []member
	have map[string]bool
}

// gather adds a mapping's own members, then what its merge keys (<<) bring:
// so an own name wins over a merged one, and the first merged mapping over a
// later one (https://yaml.org/type/merge.html). A name twice in one mapping is
// an error, since readers disagree about which one counts. Names that are
// numbers, as under responses, keep their text.
func (w *writer) gather(to *members, n *yaml.Node, depth int) error {
	if depth > maxDepth {
		return tooDeep()
	}
	if tag := n.ShortTag(); tag != "!!map" {
		return w.unknown(n, tag)
	}
	var merged []*yaml.Node
	own := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if err := w.spend(key); err != nil {
			return err
		}
		if key.Kind == yaml.ScalarNode && key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		name, err := w.name(key)
		if err != nil {
			return err
		}
		if own[name] {
			return invalid(key, "the name "+strconv.Quote(name)+" is there twice")
		}
		own[name] = true
		if !to.have[name] {
			to.have[name] = true
			to.list = append(to.list, member{name, value})
		}
	}
	for _, m := range merged {
		if err := w.merge(to, m, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// merge adds what the value of a merge key brings: a mapping, or several.
func (w *writer) merge(to *members, n *yaml.Node, depth int) error {
	if err := w.spend(n); err != nil {
		return err
	}
	n = target(n)
	if n.Kind != yaml.SequenceNode {
		return w.mergeOne(to, n, depth)
	}
	for _, item := range n.Content {
		if err := w.spend(item); err != nil {
			return err
		}
		if err := w.mergeOne(to, target(item), depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) mergeOne(to *members, n *yaml.Node, depth int) error {
	if n.Kind != yaml.MappingNode {
		return invalid(n, "<< takes mappings")
	}
	return w.gather(to, n, depth)
}

// target is the node that an alias stands for, or the node itself.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (w *writer) name(key *yaml.Node) (string, error) {
	key = target(key)
	if key.Kind != yaml.ScalarNode {
		return "", invalid(key, "a name has to be text")
	}
	switch tag := key.ShortTag(); tag {
	case "!", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary", "!!merge":
		return key.Value, nil
	default:
		return "", w.unknown(key, tag)
	}
}
