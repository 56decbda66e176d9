package expand

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// rewrite is a value of the stack as one of the application's.
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
	kids := make([]*node, len(n.kids))
	changed := false
	for i, kid := range n.kids {
		kids[i] = v.rewrite(kid)
		changed = changed || kids[i] != kid
	}
	if !changed {
		return n
	}
	return n.with(kids)
}

// function rewrites one that names something of the stack; nil for others.
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
	case fn == "Fn::If" && len(arg.kids) == 3, fn == "Fn::FindInMap" && arg.kind == '[':
		first, ok := arg.item(0).text()
		if !ok {
			return nil
		}
		kids := []*node{arg.item(0).word(v.prefix + first).as("")}
		for _, kid := range arg.kids[1:] {
			kids = append(kids, v.rewrite(kid))
		}
		return n.with([]*node{arg.with(kids)})
	case fn == "Fn::ImportValue":
		if key, ok := v.plain(arg); ok && v.exports[key] != nil {
			return n.becomes(v.exports[key])
		}
	}
	return nil
}

// meaning is what a name stands for where that is another's expression: a
// parameter that the parent gives. nil where the name stands for itself.
func (v *view) meaning(name string) *node {
	given := v.given(name)
	if given == nil || v.working[name] {
		return nil
	}
	v.working[name] = true
	defer delete(v.working, name)
	return v.up.rewrite(given)
}

// given is the expression that the parent has for a parameter, or nil.
func (v *view) given(name string) *node {
	if v.up == nil || v.root.get("Parameters").get(name) == nil {
		return nil
	}
	return v.self.get("Properties").get("Parameters").get(name)
}

// renamed is the application's name for a resource, parameter or pseudo
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

// attribute rewrites Fn::GetAtt: a nested stack's output is what the child says.
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
	kids := []*node{arg.item(0).word(v.renamed(id)).as("")}
	for _, kid := range arg.kids[1:] {
		kids = append(kids, v.rewrite(kid))
	}
	return n.with([]*node{arg.with(kids)})
}

// outputOf is what Stack.Outputs.Name stands for, or nil.
func (v *view) outputOf(reference string) *node {
	id, rest, _ := strings.Cut(reference, ".")
	name, ok := strings.CutPrefix(rest, "Outputs.")
	if !ok || v.nested[id] == nil {
		return nil
	}
	return v.nested[id].output(name)
}

// output is the value of an output of the stack, or nil.
func (v *view) output(name string) *node {
	if out, ok := v.resolved[name]; ok {
		return out
	}
	value := v.root.get("Outputs").get(name).get("Value")
	if value == nil || v.working["\x00"+name] {
		return nil
	}
	v.working["\x00"+name] = true
	out := v.rewrite(value)
	delete(v.working, "\x00"+name)
	v.resolved[name] = out
	return out
}

// substituted rewrites the names in an Fn::Sub. What a parent or child says of
// one becomes a variable.
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
	list := &node{kind: '[', name: "Fn::Sub", doc: n.doc, from: n, made: true, kids: []*node{
		text.word(b.String()).as(""), {kind: '{', doc: n.doc, from: n, made: true, kids: more}}}
	return n.with([]*node{list})
}

// resource rewrites a resource: its condition, what it depends on, and paths
// that start from the template's folder.
func (v *view) resource(r *node) *node {
	typ, _ := r.get("Type").text()
	var kids []*node
	conditional := false
	for _, kid := range members(r) {
		switch kid.name {
		case "Condition":
			conditional = true
			kid = kid.word(v.condition(r))
		case "DependsOn":
			kid = v.dependencies(kid)
		case "Properties":
			kid = v.properties(typ, v.rewrite(kid))
		default:
			kid = v.rewrite(kid)
		}
		kids = append(kids, kid)
	}
	if !conditional && v.when != "" {
		kids = append(kids, r.word(v.when).as("Condition"))
	}
	if r.get("Properties") == nil && v.globals[typ] != nil {
		kids = append(kids, v.rewrite(v.globals[typ]).as("Properties"))
	}
	return r.with(kids)
}

// condition is the name of the condition under which a resource of the stack
// exists in the application, "" where there is none.
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
		return &node{kind: '{', doc: r.doc, from: r, made: true, kids: []*node{r.word(to).as("Condition")}}
	}
	v.section("Conditions", &node{kind: '{', name: name, doc: r.doc, from: r, made: true, kids: []*node{
		{kind: '[', name: "Fn::And", doc: r.doc, from: r, made: true, kids: []*node{refer(v.when), refer(v.prefix + own)}}}})
	return name
}

func (v *view) dependencies(n *node) *node {
	if id, ok := n.text(); ok {
		return n.word(v.prefix + id)
	}
	kids := slices.Clone(n.kids)
	for i, kid := range kids {
		if id, ok := kid.text(); ok {
			kids[i] = kid.word(v.prefix + id)
		}
	}
	return n.with(kids)
}

// properties are those of a resource with what SAM's Globals add, and paths
// from the folder of the first stack.
func (v *view) properties(typ string, p *node) *node {
	if g := v.globals[typ]; g != nil {
		p = merged(v.rewrite(g), p)
	}
	if v.stack.Dir == "" || v.stack.Dir == "." {
		return p
	}
	kids := slices.Clone(p.kids)
	for i, kid := range kids {
		file, ok := kid.text()
		if ok && (kid.name == "DefinitionUri" || kid.name == "BodyS3Location") && !strings.Contains(file, "://") {
			kids[i] = kid.word(path.Join(v.stack.Dir, file))
		}
	}
	return p.with(kids)
}

// merged is how SAM merges Globals into a resource: maps member by member, lists
// one behind the other, and of anything else the resource's own
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html).
func merged(global, own *node) *node {
	if global.kind != own.kind || own.kind != '{' && own.kind != '[' {
		return own
	}
	if own.kind == '[' {
		return own.with(slices.Concat(global.kids, own.kids))
	}
	kids := slices.Clone(own.kids)
	for _, g := range global.kids {
		i := slices.IndexFunc(kids, func(k *node) bool { return k.name == g.name })
		if i < 0 {
			kids = append(kids, g)
		} else {
			kids[i] = merged(g, kids[i])
		}
	}
	return own.with(kids)
}
