package expand

import (
	"fmt"
	"strings"
)

// function evaluates a function that AWS::LanguageExtensions evaluates, where its
// arguments are known; it returns any other value as it is. Functions inside of it
// are evaluated already.
func (e *expander) function(n *node) *node {
	fn, arg := n.only()
	out := n
	switch fn {
	case "Fn::ToJsonString":
		return e.jsonString(n, arg)
	case "Fn::Length", "Fn::FindInMap", "Ref", "Fn::GetAtt":
		e.decided(n, func() bool { out = e.known(n, fn, arg); return out != n })
	}
	return out
}

func (e *expander) known(n *node, fn string, arg *node) *node {
	switch fn {
	case "Fn::Length":
		if v, ok := e.value(arg); ok && v.kind == '[' {
			return n.number(len(v.children))
		}
	case "Fn::FindInMap":
		if plainKeys(arg) {
			return n
		}
		if v, ok := e.value(n); ok {
			return n.becomes(v)
		}
	default: // the extensions let the arguments be expressions
		if arg.kind == '"' {
			return n
		}
		if v, ok := e.value(arg); ok && !same(v, arg) {
			return n.with([]*node{v.as(fn)})
		}
	}
	return n
}

// plainKeys reports whether an Fn::FindInMap needs no extensions. CloudFormation
// itself evaluates it then, after the macro.
func plainKeys(arg *node) bool {
	for _, key := range arg.children {
		name, _ := key.only()
		if key.kind != '"' && name != "Ref" {
			return false
		}
	}
	return len(arg.children) == 3
}

func same(a, b *node) bool { return string(a.encode(nil)) == string(b.encode(nil)) }

// jsonString returns a value as JSON text. Expressions that only the deployment
// evaluates become variables of an Fn::Sub.
func (e *expander) jsonString(n, arg *node) *node {
	t := &jsonText{}
	t.write(arg)
	if t.failed || !e.spend(len(t.vars)+3) {
		e.problem(n, "Fn::ToJsonString of a value that is not known here", "", false)
		return n
	}
	if !strings.Contains(t.b.String(), "${") {
		return n.word(t.b.String())
	}
	sub := &node{kind: '[', name: "Fn::Sub", from: n, made: true, children: []*node{
		n.word(t.b.String()).as(""), {kind: '{', from: n, made: true, children: t.vars}}}
	if len(t.vars) == 0 {
		sub = n.word(t.b.String()).as("Fn::Sub")
	}
	return &node{kind: '{', name: n.name, from: n, made: true, children: []*node{sub}}
}

// A jsonText is a JSON text as Fn::Sub takes it.
type jsonText struct {
	b      strings.Builder
	vars   []*node // the variables of the Fn::Sub
	failed bool
}

func (t *jsonText) write(n *node) {
	switch n.kind {
	case '[':
		t.list(n, "[", "]")
	case '{':
		name, arg := n.only()
		switch {
		case name == "Fn::Transform" || strings.HasPrefix(name, forEach):
			t.failed = true
		case name == "Ref" && arg.kind == '"':
			t.quoted("${" + unquoted(arg) + "}")
		case name == "Fn::Sub" && arg.kind == '"':
			t.quoted(unquoted(arg))
		case name == "Ref" || strings.HasPrefix(name, "Fn::"):
			v := fmt.Sprintf("Value%d", len(t.vars)+1)
			t.vars = append(t.vars, n.as(v))
			t.quoted("${" + v + "}")
		default:
			t.list(n, "{", "}")
		}
	case '"':
		t.quoted(strings.ReplaceAll(unquoted(n), "${", "${!"))
	default:
		t.b.WriteString(n.raw)
	}
}

func unquoted(n *node) string {
	s, _ := n.text()
	return s
}

func (t *jsonText) quoted(s string) { t.b.WriteString(quote(s)) }

func (t *jsonText) list(n *node, before, after string) {
	t.b.WriteString(before)
	for i, child := range n.children {
		if i > 0 {
			t.b.WriteString(",")
		}
		if n.kind == '{' {
			t.b.WriteString(quote(strings.ReplaceAll(child.name, "${", "${!")) + ":")
		}
		t.write(child)
	}
	t.b.WriteString(after)
}
