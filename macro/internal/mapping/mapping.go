// Package mapping reads the entries of a YAML mapping, with those of its merge keys (<<),
// for everything that turns YAML into JSON.
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
	Twice bool       // the same mapping has the name before it too
}

// A Reader reads mappings. It asks its functions what the reader of a format
// decides for itself; an error of theirs ends the reading, and Entries returns it.
type Reader struct {
	Name  func(key *yaml.Node) (string, error)             // returns the name that a key stands for
	Visit func(n *yaml.Node) error                         // gets every merged node and its keys, to count them: aliases can make a short text long
	Twice func(name string, first, again *yaml.Node) error // gets a name that one mapping has twice
	Fail  func(n *yaml.Node, what, hint string) error      // makes an error about a node

	// Open has the collections that are being read, from the outermost to the
	// mapping itself: none of them can be merged into it. Entries changes it while
	// it runs.
	Open map[*yaml.Node]bool
}

// Entries returns the entries of a mapping as YAML 1.1 merges them
// (https://yaml.org/type/merge.html): merged entries come first, the mapping's own
// replace them, and of several mappings in a list the earlier ones win. Where the
// mapping itself has a name twice, the last entry counts.
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

// merged returns the entries of the mapping, or mappings, that a merge key names.
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

// unite keeps one entry of each name: the last, where the first was.
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

// IsMerge reports whether a key is the merge key: << without quotes, which would
// make it an ordinary name.
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
