package expand

import (
	"fmt"
	"strings"
)

// function is the value with the function that it is worked out, where
// AWS::LanguageExtensions does that and what it depends on is known. The
// functions inside of it are worked out already.
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
			return n.number(len(v.kids))
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

// plainKeys reports whether CloudFormation finds in the map without the
// extensions too: what it finds is nobody's business before.
func plainKeys(arg *node) bool {
	for _, key := range arg.kids {
		name, _ := key.only()
		if key.kind != '"' && name != "Ref" {
			return false
		}
	}
	return len(arg.kids) == 3
}

func same(a, b *node) bool { return string(a.encode(nil)) == string(b.encode(nil)) }

// jsonString is a value as JSON text. What is no value before the deployment
// becomes a variable of an Fn::Sub.
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
	sub := &node{kind: '[', name: "Fn::Sub", from: n, made: true, kids: []*node{
		n.word(t.b.String()).as(""), {kind: '{', from: n, made: true, kids: t.vars}}}
	if len(t.vars) == 0 {
		sub = n.word(t.b.String()).as("Fn::Sub")
	}
	return &node{kind: '{', name: n.name, from: n, made: true, kids: []*node{sub}}
}

// A jsonText is a JSON text for Fn::Sub.
type jsonText struct {
	b      strings.Builder
	vars   []*node
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
	for i, kid := range n.kids {
		if i > 0 {
			t.b.WriteString(",")
		}
		if n.kind == '{' {
			t.b.WriteString(quote(strings.ReplaceAll(kid.name, "${", "${!")) + ":")
		}
		t.write(kid)
	}
	t.b.WriteString(after)
}
