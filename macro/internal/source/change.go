package source

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A change is an edit whose place has been found.
type change struct {
	op    template.Op
	on    *node  // the value to replace or rename, or the object or list to add to
	name  string // Add: of the new member, Rename: the new name
	value *node  // Add, Replace
}

// changes finds the places of the edits and checks that they don't contradict one
// another. Pointers are into the template as it is before any of the edits.
func (f *File) changes(edits []template.Edit) ([]change, error) {
	out := make([]change, 0, len(edits))
	names := map[*node]map[string]bool{} // added or renamed, by object
	for _, e := range edits {
		c, err := f.change(e)
		if err != nil {
			return nil, err
		}
		in := c.on
		if c.op == template.Rename {
			in = c.on.up
		}
		if c.op != template.Replace && in.kind != array {
			if names[in] == nil {
				names[in] = map[string]bool{}
			}
			if names[in][c.name] {
				return nil, f.failAt(in, fmt.Sprintf("two edits give it a member named %s", c.name), hintEdits)
			}
			names[in][c.name] = true
		}
		out = append(out, c)
	}
	return out, f.disjoint(out)
}

const hintEdits = "this is a fault of the program; please report it"

func (f *File) change(e template.Edit) (change, error) {
	c := change{op: e.Op, name: e.Name}
	place := e.At
	if e.Op == template.Add {
		place, c.name = e.At.Parent(), e.At.LastToken()
	}
	var found bool
	if c.on, found = f.root.find(place); !found || e.At == "" || !e.At.IsValid() {
		return c, f.failAt(c.on, fmt.Sprintf("there is nothing at %q to edit", place), hintEdits)
	}
	if e.Op != template.Rename {
		value, err := index(e.Value)
		if err != nil {
			return c, f.failAt(c.on, "the new value is not valid JSON", hintEdits)
		}
		c.value = value
	}
	switch {
	case e.Op == template.Add && c.on.kind == array && c.name == "-":
	case e.Op == template.Add && c.on.kind != object && c.on.kind != null:
		return c, f.failAt(c.on, "this is a "+kindName(c.on.kind)+" and takes no new member", hintEdits)
	case e.Op == template.Add && c.on.child(c.name) != nil:
		return c, f.failAt(c.on, fmt.Sprintf("there is a member named %s already", c.name), hintEdits)
	case e.Op == template.Rename && c.on.up.kind != object:
		return c, f.failAt(c.on, "an element of a list has no name", hintEdits)
	case e.Op == template.Rename && c.on.up.child(c.name) != nil:
		return c, f.failAt(c.on, fmt.Sprintf("there is a member named %s already", c.name), hintEdits)
	case e.Op == template.Rename && c.on.twice:
		return c, f.failAt(c.on, "the key stands twice, and the first would count without the last", "remove one of the two")
	case e.Op < template.Add || e.Op > template.Rename:
		return c, f.failAt(c.on, "unknown edit", hintEdits)
	}
	return c, nil
}

// disjoint checks that no value is replaced or renamed twice, and that nothing
// is changed inside a value that is replaced.
func (f *File) disjoint(all []change) error {
	replaced, renamed := map[*node]bool{}, map[*node]bool{}
	for _, c := range all {
		seen := replaced
		if c.op == template.Rename {
			seen = renamed
		}
		if c.op != template.Add && seen[c.on] {
			return f.failAt(c.on, "two edits change the same value", hintEdits)
		}
		seen[c.on] = seen[c.on] || c.op != template.Add
	}
	for _, c := range all {
		n := c.on
		if c.op != template.Add {
			n = n.up // a value may be renamed and replaced
		}
		for ; n != nil; n = n.up {
			if replaced[n] {
				return f.failAt(n, "an edit changes a value that another replaces", hintEdits)
			}
		}
	}
	return nil
}

// isAlias reports whether an alias stands for the value.
func isAlias(n *node) bool { return n.from.value.Kind == yaml.AliasNode }

// shared returns an error where an edit of n would change other places too, since
// aliases or merge keys repeat it. With replace, n itself may be an alias, which is
// then replaced. The error's position is where the author can do something about it.
func (f *File) shared(n *node, replace bool) error {
	for a := n; a != nil; a = a.up {
		value := a.from.value
		switch {
		case a.from.merged != nil:
			return f.fail(f.doc.start(a.from.merged), n.path()+": this merge key brings it in"+hence, "write the member out here as well")
		case isAlias(a) && !(replace && a == n):
			return f.fail(a.at, n.path()+": it stands behind the alias *"+value.Value+hence, "write the value out here instead of the alias")
		case f.doc.aliased[value]:
			return f.fail(a.at, n.path()+": it stands under the anchor &"+value.Anchor+", which an alias repeats"+hence,
				"write the value out where the alias stands")
		}
	}
	return nil
}

const hence = ", so a change would show in other places too"
