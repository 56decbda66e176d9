package expand

import (
	"fmt"
	"slices"
	"strings"
)

// rewrite returns a value of the stack with the names of the application.
func (v *view) rewrite(n *node) *node {
	if n.kind != '{' && n.kind != '[' || v.nodes > maxNodes {
		return n
	}
	v.nodes++
	if fn, arg := n.only(); fn != "" {
		if out := v.function(n, fn, arg); out != nil {
			return out
		}
	}
	children := make([]*node, len(n.children))
	changed := false
	for i, child := range n.children {
		children[i] = v.rewrite(child)
		changed = changed || children[i] != child
	}
	if !changed {
		return n
	}
	return n.with(children)
}

// function rewrites a function that names something of the stack; nil for others.
func (v *view) function(n *node, fn string, arg *node) *node {
	name, isText := arg.text()
	switch {
	case fn == "Ref" && isText:
		if e := v.meaning(name); e != nil {
			return n.becomes(e)
		}
		return n.with([]*node{arg.word(v.renamed(name)).as(fn)})
	case fn == "Condition" && isText:
		return n.with([]*node{arg.word(v.prefix + name).as(fn)})
	case fn == "Fn::GetAtt":
		return v.attribute(n, arg)
	case fn == "Fn::Sub":
		return v.substituted(n, arg)
	case fn == "Fn::If" && len(arg.children) == 3, fn == "Fn::FindInMap" && arg.kind == '[':
		first, ok := arg.item(0).text()
		if !ok {
			return nil
		}
		children := []*node{arg.item(0).word(v.prefix + first).as("")}
		for _, child := range arg.children[1:] {
			children = append(children, v.rewrite(child))
		}
		return n.with([]*node{arg.with(children)})
	case fn == "Fn::ImportValue":
		if key, ok := v.plain(arg); ok && v.exports[key] != nil {
			return n.becomes(v.exports[key])
		}
	}
	return nil
}

// meaning returns the expression that a parent gives for a parameter, rewritten; nil
// for any other name.
func (v *view) meaning(name string) *node {
	given := v.given(name)
	if given == nil || v.resolving[name] {
		return nil
	}
	v.resolving[name] = true
	defer delete(v.resolving, name)
	return v.up.rewrite(given)
}

// given returns the expression that the parent gives for a parameter, as the parent
// has it, or nil.
func (v *view) given(name string) *node {
	if v.up == nil || v.root.get("Parameters").get(name) == nil {
		return nil
	}
	return v.self.get("Properties").get("Parameters").get(name)
}

// renamed returns the application's name for a resource, parameter or pseudo
// parameter of the stack.
func (v *view) renamed(name string) string {
	if strings.HasPrefix(name, "AWS::") && !slices.Contains(ownPseudo, name) {
		return name
	}
	if v.prefix == "" {
		return name
	}
	return v.prefix + name
}

// attribute rewrites Fn::GetAtt. A nested stack's output becomes its expression.
func (v *view) attribute(n, arg *node) *node {
	if text, ok := arg.text(); ok {
		if out := v.outputOf(text); out != nil {
			return n.becomes(out)
		}
		return n.with([]*node{arg.word(v.renamed(text)).as("Fn::GetAtt")})
	}
	id, ok := arg.item(0).text()
	if !ok {
		return nil
	}
	attribute, _ := arg.item(1).text()
	if out := v.outputOf(id + "." + attribute); out != nil {
		return n.becomes(out)
	}
	children := []*node{arg.item(0).word(v.renamed(id)).as("")}
	for _, child := range arg.children[1:] {
		children = append(children, v.rewrite(child))
	}
	return n.with([]*node{arg.with(children)})
}

// outputOf returns the expression of the output in <stack>.Outputs.<name>, or nil.
func (v *view) outputOf(reference string) *node {
	id, rest, _ := strings.Cut(reference, ".")
	name, ok := strings.CutPrefix(rest, "Outputs.")
	if !ok || v.nested[id] == nil {
		return nil
	}
	return v.nested[id].output(name)
}

// output returns the expression of an output of the stack, rewritten, or nil.
func (v *view) output(name string) *node {
	if out, ok := v.resolved[name]; ok {
		return out
	}
	value := v.root.get("Outputs").get(name).get("Value")
	if value == nil || v.resolving["\x00"+name] {
		return nil
	}
	v.resolving["\x00"+name] = true
	out := v.rewrite(value)
	delete(v.resolving, "\x00"+name)
	v.resolved[name] = out
	return out
}

// substituted rewrites the names in an Fn::Sub. Where an expression of a parent or
// child takes the place of a name, it becomes a variable.
func (v *view) substituted(n, arg *node) *node {
	text, vars := arg, (*node)(nil)
	if arg.kind == '[' {
		text, vars = arg.item(0), arg.item(1)
	}
	s, ok := text.text()
	if !ok {
		return nil
	}
	var b strings.Builder
	var more []*node
	for _, own := range members(vars) {
		more = append(more, v.rewrite(own))
	}
	for s != "" {
		before, rest, found := strings.Cut(s, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(s)
			break
		}
		b.WriteString(before)
		s = after
		trimmed := strings.TrimSpace(name)
		if strings.HasPrefix(name, "!") || vars.get(trimmed) != nil {
			b.WriteString("${" + name + "}")
			continue
		}
		e := v.outputOf(trimmed)
		if e == nil {
			e = v.meaning(trimmed)
		}
		if e == nil {
			b.WriteString("${" + v.renamed(trimmed) + "}")
			continue
		}
		variable := fmt.Sprintf("Value%d%s", len(more)+1, strings.ReplaceAll(trimmed, ".", ""))
		more = append(more, n.becomes(e).as(variable))
		b.WriteString("${" + variable + "}")
	}
	if more == nil {
		return n.with([]*node{text.word(b.String()).as("Fn::Sub")})
	}
	list := &node{kind: '[', name: "Fn::Sub", doc: n.doc, from: n, made: true, children: []*node{
		text.word(b.String()).as(""), {kind: '{', doc: n.doc, from: n, made: true, children: more}}}
	return n.with([]*node{list})
}

// resource rewrites a resource, with its condition, what it depends on, and paths
// that are relative to the template's folder.
func (v *view) resource(r *node) *node {
	if r.kind != '{' {
		return v.rewrite(r) // a mistake, or a loop that couldn't be expanded: only its references are renamed
	}
	typ, _ := r.get("Type").text()
	var children []*node
	conditional := false
	for _, child := range members(r) {
		switch child.name {
		case "Condition":
			conditional = true
			child = child.word(v.condition(r))
		case "DependsOn":
			child = v.dependencies(child)
		case "Properties":
			child = v.properties(typ, v.rewrite(child))
		default:
			child = v.rewrite(child)
		}
		children = append(children, child)
	}
	if !conditional && v.when != "" {
		children = append(children, r.word(v.when).as("Condition"))
	}
	if r.get("Properties") == nil && v.globals[typ] != nil {
		children = append(children, v.rewrite(v.globals[typ]).as("Properties"))
	}
	return r.with(children)
}

// condition returns the name of the condition under which a resource of the stack
// exists in the application, "" where there is none. It adds the condition where
// both the stack and the resource have one.
func (v *view) condition(r *node) string {
	own, ok := r.get("Condition").text()
	switch {
	case !ok:
		return v.when
	case v.when == "":
		return v.prefix + own
	}
	name := v.prefix + own + " in " + v.when
	for _, c := range v.sections["Conditions"] {
		if c.name == name {
			return name
		}
	}
	refer := func(to string) *node {
		return &node{kind: '{', doc: r.doc, from: r, made: true, children: []*node{r.word(to).as("Condition")}}
	}
	v.section("Conditions", &node{kind: '{', name: name, doc: r.doc, from: r, made: true, children: []*node{
		{kind: '[', name: "Fn::And", doc: r.doc, from: r, made: true, children: []*node{refer(v.when), refer(v.prefix + own)}}}})
	return name
}

func (v *view) dependencies(n *node) *node {
	if id, ok := n.text(); ok {
		return n.word(v.prefix + id)
	}
	children := slices.Clone(n.children)
	for i, child := range children {
		if id, ok := child.text(); ok {
			children[i] = child.word(v.prefix + id)
		}
	}
	return n.with(children)
}
