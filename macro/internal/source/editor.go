package source

import (
	"go.yaml.in/yaml/v4"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// An editor collects the splices that make changes in a YAML text.
type editor struct {
	*File
	*document
	all []splice
	cut *yaml.Node // the last value of the text, where lines are added after it; see strip
}

// applyYAML puts the changes into the YAML text.
func (f *File) applyYAML(changes []change) ([]byte, error) {
	e := &editor{File: f, document: f.doc}
	changes, err := e.rewrap(e.gather(changes))
	if err != nil {
		return nil, err
	}
	added := map[*node][]change{}
	for _, c := range changes {
		switch c.op {
		case template.Add:
			added[c.on] = append(added[c.on], c)
		case template.Replace:
			err = e.replace(c.on, c.value)
		case template.Rename:
			err = e.rename(c.on, c.name)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, c := range changes {
		if c.op == template.Add && added[c.on] != nil {
			if err := e.add(c.on, added[c.on]); err != nil {
				return nil, err
			}
			delete(added, c.on)
		}
	}
	e.strip()
	return splices(f.text, e.all), nil
}

// gather turns additions to null, or to brackets with nothing in them, into
// the replacement of the value by one that holds them.
func (e *editor) gather(changes []change) []change {
	fresh := map[*node]*node{}
	var out []change
	for _, c := range changes {
		if c.op != template.Add || !e.fillable(c.on) {
			out = append(out, c)
			continue
		}
		v := fresh[c.on]
		if v == nil {
			v = &node{kind: object}
			if c.on.kind == array {
				v.kind = array
			}
			fresh[c.on] = v
			out = append(out, change{op: template.Replace, on: c.on, value: v})
		}
		c.value.name = c.name
		v.adopt(c.value)
	}
	return out
}

// fillable reports whether additions to the value replace it, since it has no entry
// to add them after.
func (e *editor) fillable(on *node) bool {
	if len(on.children) > 0 || isAlias(on) || on.up == nil || on.from.role == wrapper {
		return false
	}
	n := on.from.value
	return on.kind == null || !on.from.flow && e.line(e.start(n)) == e.line(e.end(n))
}

// rewrap turns changes of the argument of a short tag into a replacement of tag and
// argument together, as for "!Ref Old" and "!GetAtt Old.Arn". Additions to an
// argument that is a collection stay additions.
func (e *editor) rewrap(changes []change) ([]change, error) {
	var inner, out []change
	var tags []*node
	seen := map[*node]bool{}
	for _, c := range changes {
		w, err := e.tagOf(c)
		if err != nil {
			return nil, err
		}
		if w == nil {
			out = append(out, c)
			continue
		}
		inner = append(inner, c)
		if !seen[w] {
			seen[w] = true
			tags = append(tags, w)
		}
	}
	if inner == nil {
		return out, nil
	}
	root, err := index(applyJSON(e.json, e.File.root, inner))
	if err != nil {
		return nil, e.failAt(tags[0], "the edits do not give a valid template: "+err.Error(), hintReport)
	}
	for _, w := range tags {
		v, _ := root.find(w.pointer())
		out = append(out, change{op: template.Replace, on: w, value: v})
	}
	return out, nil
}

// tagOf returns the value with a short tag that the change rewrites, or nil.
func (e *editor) tagOf(c change) (*node, error) {
	n := c.on
	switch {
	case c.op == template.Rename:
		n = n.up
		fallthrough
	case c.op == template.Add:
		if n.from.role == wrapper {
			return nil, e.failAt(n, "it is written as the short tag "+n.from.value.Tag+" and takes no other member",
				"write the function in its long form")
		}
		if c.op == template.Rename || !isSplit(n) {
			return nil, nil
		}
		return n.up, nil
	case n.from.role == payload:
		return n.up, nil
	case n.from.role == part:
		return n.up.up, nil
	}
	return nil, nil
}

// isSplit reports whether the value is the list that "!GetAtt A.B" stands for.
func isSplit(n *node) bool {
	return n.kind == array && len(n.children) > 0 && n.children[0].from.role == part
}
