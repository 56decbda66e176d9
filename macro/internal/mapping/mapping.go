// Package mapping reads the entries of a YAML mapping, those that its merge keys
// (<<) bring included, for everything that makes JSON of YAML.
package mapping

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// An Entry is one member of a mapping, its own or through a merge key.
type Entry struct {
	Name  string
	Key   *yaml.Node
	Value *yaml.Node
	Merge *yaml.Node // the merge key that it came through, nil for the mapping's own
	Twice bool       // the name stands before it too, in the same mapping
}

// A Reader reads mappings. Its functions end the reading by an error, which
// Entries returns.
type Reader struct {
	Name  func(key *yaml.Node) (string, error)             // the name that a key gives
	Visit func(n *yaml.Node) error                         // sees what is merged and the keys that come of it: YAML's aliases make much of little
	Twice func(name string, first, again *yaml.Node) error // a name stands twice in one mapping
	Fail  func(n *yaml.Node, what, hint string) error      // makes the error that something is wrong with a node

	// Open are the collections that hold what is being read, the mapping itself
	// included: none of them can be merged into it.
	Open map[*yaml.Node]bool
}

// Entries returns the entries of a mapping as YAML 1.1 merges them
// (https://yaml.org/type/merge.html): what comes through << stands first and
// yields to the mapping's own entries, and of several mappings in a list the
// earlier prevails. Of an own name that stands twice the last entry counts.
func (r *Reader) Entries(n *yaml.Node) ([]Entry, error) {
	var merged, own []Entry
	last := map[string]int{} // the index in own
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if IsMerge(key) {
			more, err := r.merged(value)
			if err != nil {
				return nil, err
			}
			for i := range more {
				more[i].Merge = key
			}
			merged = append(merged, more...)
			continue
		}
		name, err := r.Name(key)
		if err != nil {
			return nil, err
		}
		first, twice := last[name]
		if twice {
			if err := r.Twice(name, own[first].Key, key); err != nil {
				return nil, err
			}
			own[first].Key = nil
		}
		last[name] = len(own)
		own = append(own, Entry{Name: name, Key: key, Value: value, Twice: twice})
	}
	if len(last) < len(own) {
		own = slices.DeleteFunc(own, func(e Entry) bool { return e.Key == nil })
	}
	if merged == nil {
		return own, nil
	}
	return unite(append(merged, own...)), nil
}

// merged returns the entries of the mapping, or mappings, behind a merge key.
func (r *Reader) merged(value *yaml.Node) ([]Entry, error) {
	if err := r.Visit(value); err != nil {
		return nil, err
	}
	n := Target(value)
	if r.Open[n] {
		return nil, r.Fail(value, "a merge key merges a mapping into itself", "write the members out instead")
	}
	r.Open[n] = true
	defer delete(r.Open, n)
	var all []Entry
	switch n.Kind {
	case yaml.MappingNode:
		var err error
		if all, err = r.Entries(n); err != nil {
			return nil, err
		}
	case yaml.SequenceNode:
		for _, item := range slices.Backward(n.Content) {
			if Target(item).Kind != yaml.MappingNode {
				return nil, r.noMapping(item)
			}
			more, err := r.merged(item)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	default:
		return nil, r.noMapping(value)
	}
	for _, e := range all {
		if err := r.Visit(e.Key); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (r *Reader) noMapping(n *yaml.Node) error {
	return r.Fail(n, "a merge key takes mappings only", "merge a mapping, or a list of mappings")
}

// unite drops what a later entry of the same name overrides, which takes its
// place.
func unite(entries []Entry) []Entry {
	at := map[string]int{}
	out := entries[:0:0]
	for _, e := range entries {
		if i, ok := at[e.Name]; ok {
			out[i] = e
			continue
		}
		at[e.Name] = len(out)
		out = append(out, e)
	}
	return out
}

// IsMerge reports whether a key is <<, without quotes, which would make a name of
// it.
func IsMerge(key *yaml.Node) bool {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	return key.Kind == yaml.ScalarNode && key.Style&quoted == 0 && key.Value == "<<" && (key.Style&yaml.TaggedStyle == 0 || key.Tag == "!!merge")
}

// Target returns what an alias stands for, and any other node itself.
func Target(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}
