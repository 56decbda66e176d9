package expand

import (
	"path"
	"slices"
	"strings"
)

// properties returns the properties of a resource with what SAM's Globals add, and
// with paths relative to the folder of the first stack.
func (v *view) properties(typ string, p *node) *node {
	if g := v.globals[typ]; g != nil {
		p = merged(v.rewrite(g), p)
	}
	if v.stack.Dir == "" || v.stack.Dir == "." {
		return p
	}
	children := slices.Clone(p.children)
	for i, child := range children {
		file, ok := child.text()
		if ok && (child.name == "DefinitionUri" || child.name == "BodyS3Location") && !strings.Contains(file, "://") {
			children[i] = child.word(path.Join(v.stack.Dir, file))
		}
	}
	return p.with(children)
}

// merged merges Globals into a resource as SAM does: maps member by member, lists
// one after the other, and of any other value the resource's own wins
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html).
func merged(global, own *node) *node {
	if global.kind != own.kind || own.kind != '{' && own.kind != '[' {
		return own
	}
	if own.kind == '[' {
		return own.with(slices.Concat(global.children, own.children))
	}
	children := slices.Clone(own.children)
	for _, g := range global.children {
		i := slices.IndexFunc(children, func(k *node) bool { return k.name == g.name })
		if i < 0 {
			children = append(children, g)
		} else {
			children[i] = merged(g, children[i])
		}
	}
	return own.with(children)
}
