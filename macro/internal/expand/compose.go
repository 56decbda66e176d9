package expand

import (
	"github.com/go-json-experiment/json/jsontext"
)

// A Stack is one template of an application, with the nested stacks whose
// templates are known.
type Stack struct {
	JSON       []byte            // the template, expanded
	Name       string            // what its logical ids are told apart by; "" for none
	Dir        string            // its folder, from that of the first stack, with slashes
	Parameters map[string]string // values; of a nested stack those that it isn't given
	Nested     map[string]*Stack // by logical id in this template
}

// An Application is several templates as if they were one: what a nested stack
// is given as a parameter is the parent's expression, an output is what the
// child says, and so is what one template exports and another imports. The
// logical ids have the stack's name and a slash before them.
type Application struct {
	JSON       []byte
	Parameters map[string]string

	root   *node
	stacks []*Stack
}

// Compose makes one template of the stacks. Its error is one of a JSON text, or
// that the result is larger than any template may be.
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
		root.kids = append(root.kids, &node{kind: '{', name: name, kids: c.sections[name]})
	}
	var err error
	c.app.root = root
	c.app.JSON, err = root.json()
	return c.app, err
}

// Place returns the stack that the value at p was written in, a pointer into the
// application's JSON, and the pointer into the stack's own. Where nothing is at
// p, it is the place of the nearest value above, with what p has below that.
func (a *Application) Place(p jsontext.Pointer) (*Stack, jsontext.Pointer) {
	n, rest := a.root, p
	for token := range p.Tokens() {
		kid := n.step(token)
		if kid == nil {
			break
		}
		n = kid
		rest = below(rest)
	}
	o := n.origin()
	return a.stacks[o.doc], o.pointer() + rest
}

// A composer is one composition at work.
type composer struct {
	app      *Application
	sections map[string][]*node
	exports  map[string]*node // by the text of the name: the value, where it is exported
	nodes    int
}

// maxNested is how deep stacks stand in each other at most.
const maxNested = 20

// A view is a stack within an application.
type view struct {
	*composer
	stack    *Stack
	root     *node
	up       *view
	self     *node  // the resource in up that makes the stack
	prefix   string // of logical ids
	when     string // the condition in the application under which it exists
	nested   map[string]*view
	working  map[string]bool // outputs and parameters that are being worked out
	globals  map[string]*node
	resolved map[string]*node // outputs, by name
}

func (c *composer) open(s *Stack, up *view, self *node) (*view, error) {
	root, err := parse(s.JSON, len(c.app.stacks))
	if err != nil {
		return nil, err
	}
	c.app.stacks = append(c.app.stacks, s)
	v := &view{composer: c, stack: s, root: root, up: up, self: self, nested: map[string]*view{},
		working: map[string]bool{}, globals: map[string]*node{}, resolved: map[string]*node{}}
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

// members are those of an object; nil has none.
func members(n *node) []*node {
	if n == nil || n.kind != '{' {
		return nil
	}
	return n.kids
}

// export notes what the stack exports, and those nested in it.
func (v *view) export(to map[string]*node) {
	for _, o := range members(v.root.get("Outputs")) {
		name, ok := v.plain(o.get("Export").get("Name"))
		if _, twice := to[name]; twice {
			to[name] = nil // of several variants of a stack nobody knows which
		} else if ok {
			to[name] = v.output(o.name)
		}
	}
	for _, inner := range v.nested {
		inner.export(to)
	}
}

// declare adds the parameters that nobody gives, of the nested stacks too: which
// are known decides about the names of exports.
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
				kids: []*node{{kind: '"', name: "Type", raw: `"String"`, doc: v.root.doc, from: v.root, made: true}}})
		}
	}
	for _, r := range members(v.root.get("Resources")) { // in their order
		if inner := v.nested[r.name]; inner != nil {
			inner.declare()
		}
	}
}

// add adds the stack's other sections to the application, and those nested in it.
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

// ownPseudo are the pseudo parameters that each stack has for itself.
var ownPseudo = []string{"AWS::StackName", "AWS::StackId"}

func (v *view) section(name string, n *node) { v.sections[name] = append(v.sections[name], n) }
