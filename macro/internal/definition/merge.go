package definition

import (
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/grantinvoke/grantinvoke/macro/internal/mapping"
)

// entries returns the entries of a mapping. A name twice in one mapping is an
// error, since readers disagree about which one counts. Names that are numbers,
// as under responses, keep their text.
func (w *writer) entries(n *yaml.Node) ([]mapping.Entry, error) {
	if tag := n.ShortTag(); tag != "!!map" {
		return nil, w.unknownTag(n, tag)
	}
	r := mapping.Reader{Name: w.name, Visit: w.merged, Open: map[*yaml.Node]bool{n: true},
		Fail: func(n *yaml.Node, what, _ string) error { return invalid(n, what) },
		Twice: func(name string, _, again *yaml.Node) error {
			return invalid(again, "the name "+strconv.Quote(name)+" is there twice")
		}}
	return r.Entries(n)
}

// merged counts a node that comes from a merge key.
func (w *writer) merged(n *yaml.Node) error {
	if tag := n.ShortTag(); n.Kind == yaml.MappingNode && tag != "!!map" {
		return w.unknownTag(n, tag)
	}
	return w.spend(n)
}

// name returns the text of a key.
func (w *writer) name(key *yaml.Node) (string, error) {
	if err := w.spend(key); err != nil {
		return "", err
	}
	key = mapping.Target(key)
	if key.Kind != yaml.ScalarNode {
		return "", invalid(key, "a name has to be text")
	}
	switch tag := key.ShortTag(); tag {
	case "!", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!binary", "!!merge":
		return key.Value, nil
	default:
		return "", w.unknownTag(key, tag)
	}
}
