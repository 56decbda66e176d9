package expand

import (
	"github.com/go-json-experiment/json/jsontext"
)

// A Stack is one template of an application, with the nested stacks whose
// templates are known.
type Stack struct {
	JSON       []byte            // the template, expanded
	Name       string            // precedes its logical ids in the application; "": nothing does
	Dir        string            // its folder, relative to that of the first stack, with slashes
	Parameters map[string]string // values; of a nested stack, those that its parent doesn't give
	Nested     map[string]*Stack // by logical id in this template
}

// An Application is several templates in one. In place of a nested stack's
// parameter is the expression that the parent gives, in place of a reference to an
// output the output's expression, and in place of an import what another template
// exports. Logical ids are preceded by the stack's name and a slash.
type Application struct {
	JSON       []byte
	Parameters map[string]string // values, under the application's names

	root   *node
	stacks []*Stack // by the index that is the doc of their nodes
}

// Compose makes one template of the stacks. It fails where one isn't valid JSON, or
// where the result is larger than any template may be.
func Compose(stacks ...*Stack) (*Application, error) {
	c := &composer{app: &Application{Parameters: map[string]string{}}, sections: map[string][]*node{}, exports: map[string]*node{}}
	var views []*view
	for _, s := range stacks {
		v, err := c.open(s, nil, nil)
		if err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	for _, v := range views {
		v.declare()
	}
	for _, v := range views {
		v.export(c.exports)
	}
	for _, v := range views {
		v.add()
	}
	if c.nodes > maxNodes {
		return nil, errTooLarge
	}
	root := &node{kind: '{'}
	for _, name := range []string{"Parameters", "Mappings", "Conditions", "Resources"} {
		root.children = append(root.children, &node{kind: '{', name: name, children: c.sections[name]})
	}
	var err error
	c.app.root = root
	c.app.JSON, err = root.json()
	return c.app, err
}

// Place returns where the value at p, a pointer into the application's JSON, was
// written: the stack, and the pointer into the stack's own JSON. Where nothing is at
// p, it is the place of the nearest value above, followed by the rest of p.
func (a *Application) Place(p jsontext.Pointer) (*Stack, jsontext.Pointer) {
	n, rest := a.root, p
	for token := range p.Tokens() {
		child := n.step(token)
		if child == nil {
			break
		}
		n = child
		rest = below(rest)
	}
	o := n.origin()
	return a.stacks[o.doc], o.pointer() + rest
}

// A composer is one composition at work.
type composer struct {
	app      *Application
	sections map[string][]*node // of the application, by name
	exports  map[string]*node   // exported values by their names as plain texts; nil for a name of several
	nodes    int                // that were made
}

// maxNested is how deep stacks may be nested.
const maxNested = 20

// A view is a stack within an application.
type view struct {
	*composer
	stack     *Stack
	root      *node
	up        *view  // the parent; nil for a stack that isn't nested
	self      *node  // the resource in up that makes the stack
	prefix    string // of its names in the application
	when      string // the condition in the application under which it exists
	nested    map[string]*view
	resolving map[string]bool  // parameters, and outputs after a zero byte, that are being resolved: a circular reference ends here
	globals   map[string]*node // SAM's Globals, by resource type
	resolved  map[string]*node // outputs, by name
}

// open reads a stack, and those nested in it.
func (c *composer) open(s *Stack, up *view, self *node) (*view, error) {
	root, err := parse(s.JSON, len(c.app.stacks))
	if err != nil {
		return nil, err
	}
	c.app.stacks = append(c.app.stacks, s)
	v := &view{composer: c, stack: s, root: root, up: up, self: self, nested: map[string]*view{},
		resolving: map[string]bool{}, globals: map[string]*node{}, resolved: map[string]*node{}}
	depth := 0
	for u := up; u != nil; u = u.up {
		depth++
	}
	if s.Name != "" {
		v.prefix = s.Name + "/"
	}
	if up != nil {
		v.prefix = up.prefix + v.prefix
		v.when = up.condition(self)
	}
	for _, r := range members(root.get("Resources")) {
		if child := s.Nested[r.name]; child != nil && depth < maxNested {
			inner, err := c.open(child, v, r)
			if err != nil {
				return nil, err
			}
			v.nested[r.name] = inner
		}
	}
	for _, g := range members(root.get("Globals")) {
		v.globals["AWS::Serverless::"+g.name] = g
	}
	return v, nil
}

// members returns the members of an object; none of nil or another value.
func members(n *node) []*node {
	if n == nil || n.kind != '{' {
		return nil
	}
	return n.children
}

// export adds to a map what the stack exports, and those nested in it.
func (v *view) export(to map[string]*node) {
	for _, o := range members(v.root.get("Outputs")) {
		name, ok := v.plain(o.get("Export").get("Name"))
		if _, twice := to[name]; twice {
			to[name] = nil // several variants of a stack export it: which one is deployed isn't known
		} else if ok {
			to[name] = v.output(o.name)
		}
	}
	for _, inner := range v.nested {
		inner.export(to)
	}
}

// declare adds the parameters that no parent gives to the application, those of the
// nested stacks too. It comes before export: their values are part of the names of
// exports.
func (v *view) declare() {
	for _, p := range members(v.root.get("Parameters")) {
		if v.given(p.name) == nil {
			v.section("Parameters", p.as(v.prefix+p.name))
			if value, ok := v.stack.Parameters[p.name]; ok {
				v.app.Parameters[v.prefix+p.name] = value
			}
		}
	}
	if v.prefix != "" {
		for _, name := range ownPseudo {
			v.section("Parameters", &node{kind: '{', name: v.prefix + name, doc: v.root.doc, from: v.root, made: true,
				children: []*node{{kind: '"', name: "Type", raw: `"String"`, doc: v.root.doc, from: v.root, made: true}}})
		}
	}
	for _, r := range members(v.root.get("Resources")) { // in their order
		if inner := v.nested[r.name]; inner != nil {
			inner.declare()
		}
	}
}

// add adds the stack's other sections to the application, and those of the stacks
// nested in it.
func (v *view) add() {
	for _, m := range members(v.root.get("Mappings")) {
		v.section("Mappings", m.as(v.prefix+m.name))
	}
	for _, c := range members(v.root.get("Conditions")) {
		v.section("Conditions", v.rewrite(c).as(v.prefix+c.name))
	}
	for _, r := range members(v.root.get("Resources")) {
		v.section("Resources", v.resource(r).as(v.prefix+r.name))
	}
	for _, r := range members(v.root.get("Resources")) { // in their order
		if inner := v.nested[r.name]; inner != nil {
			inner.add()
		}
	}
}

// ownPseudo are the pseudo parameters whose values differ from stack to stack.
var ownPseudo = []string{"AWS::StackName", "AWS::StackId"}

func (v *view) section(name string, n *node) { v.sections[name] = append(v.sections[name], n) }
