package expand

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// value evaluates an expression; false where a part of it isn't known. A parameter
// with NoEcho never is: its value must not be written anywhere.
func (e *expander) value(n *node) (*node, bool) { return e.evaluate(n, 0) }

func (e *expander) evaluate(n *node, depth int) (*node, bool) {
	if n == nil || depth > maxDepth || !e.spend(1) {
		return nil, false
	}
	switch n.kind {
	case '[':
		children := make([]*node, 0, len(n.children))
		for _, child := range n.children {
			v, ok := e.evaluate(child, depth+1)
			if !ok {
				return nil, false
			}
			children = append(children, v)
		}
		return n.with(children), true
	case '{':
	default:
		return n, true
	}
	fn, arg := n.only()
	switch fn {
	case "Ref":
		return e.ref(n, arg)
	case "Fn::Sub":
		return e.sub(n, arg, depth)
	case "Fn::FindInMap":
		return e.found(n, arg, depth)
	}
	v, ok := e.evaluate(arg, depth+1)
	if !ok {
		return nil, false
	}
	switch fn {
	case "Fn::Join":
		return joined(n, v)
	case "Fn::Split":
		return split(n, v)
	case "Fn::Select":
		return selected(v)
	case "Fn::Length":
		if v.kind == '[' {
			return n.number(len(v.children)), true
		}
	}
	return nil, false
}

// list evaluates a collection, to its elements as texts.
func (e *expander) list(n *node) ([]string, bool) {
	v, ok := e.value(n)
	if !ok {
		return nil, false
	}
	return texts(v)
}

func texts(v *node) ([]string, bool) {
	if v == nil || v.kind != '[' {
		return nil, false
	}
	out := make([]string, 0, len(v.children))
	for _, child := range v.children {
		if child.kind == '[' {
			inner, ok := texts(child) // [!Ref List] is the list
			if !ok {
				return nil, false
			}
			out = append(out, inner...)
			continue
		}
		s, ok := child.scalar()
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

func (n *node) number(i int) *node {
	v := n.word("")
	v.kind, v.raw = '0', strconv.Itoa(i)
	return v
}

func (n *node) words(all []string) *node {
	children := make([]*node, len(all))
	for i, s := range all {
		children[i] = n.word(s).as("")
	}
	return &node{kind: '[', name: n.name, children: children, doc: n.doc, from: n, made: true}
}

// ref returns the value of a parameter or pseudo parameter.
func (e *expander) ref(n, arg *node) (*node, bool) {
	name, ok := arg.text()
	if !ok {
		return nil, false
	}
	if s, ok := e.pseudo(name); ok {
		return n.word(s), true
	}
	p := e.template.get("Parameters").get(name)
	value, given := e.Parameters[name]
	noEcho, _ := p.get("NoEcho").scalar()
	if p == nil || !given || strings.EqualFold(noEcho, "true") {
		return nil, false
	}
	e.usedParameter = true
	if typ, _ := p.get("Type").text(); typ == "CommaDelimitedList" || strings.Contains(typ, "List<") {
		if value == "" {
			return n.words(nil), true
		}
		items := strings.Split(value, ",")
		for i := range items {
			items[i] = strings.TrimSpace(items[i])
		}
		return n.words(items), true
	}
	return n.word(value), true
}

func (e *expander) pseudo(name string) (string, bool) {
	return template.Deployed{Region: e.Region, Account: e.Account, Partition: e.Partition}.Pseudo(name)
}

// sub evaluates an Fn::Sub, where every variable is known.
func (e *expander) sub(n, arg *node, depth int) (*node, bool) {
	text, vars := arg, (*node)(nil)
	if arg.kind == '[' {
		text, vars = arg.item(0), arg.item(1)
	}
	s, ok := text.text()
	if !ok {
		return nil, false
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(s[len(before):])
			return n.word(b.String()), true
		}
		s = after
		if literal, is := strings.CutPrefix(name, "!"); is {
			b.WriteString("${" + literal + "}")
			continue
		}
		var v *node
		if own := vars.get(name); own != nil {
			v, ok = e.evaluate(own, depth+1)
		} else {
			v, ok = e.ref(n, n.word(name))
		}
		word, isScalar := v.scalar()
		if !ok || !isScalar {
			return nil, false
		}
		b.WriteString(word)
	}
}

// found evaluates Fn::FindInMap, to its default where the map has no such key.
func (e *expander) found(n, arg *node, depth int) (*node, bool) {
	if arg.kind != '[' || len(arg.children) < 3 {
		return nil, false
	}
	at := e.template.get("Mappings")
	for _, key := range arg.children[:3] {
		v, known := e.evaluate(key, depth+1)
		name, isText := v.scalar()
		if !known || !isText {
			return nil, false
		}
		at = at.get(name)
	}
	if at == nil || at.kind == jsontext.Kind('n') {
		at = arg.item(3).get("DefaultValue")
	}
	v, ok := e.evaluate(at, depth+1)
	if !ok {
		return nil, false
	}
	return n.becomes(v), true
}

func joined(n, v *node) (*node, bool) {
	sep, ok := v.item(0).text()
	items, isList := texts(v.item(1))
	if !ok || !isList {
		return nil, false
	}
	return n.word(strings.Join(items, sep)), true
}

func split(n, v *node) (*node, bool) {
	sep, ok := v.item(0).text()
	s, isText := v.item(1).text()
	if !ok || !isText || sep == "" {
		return nil, false
	}
	return n.words(strings.Split(s, sep)), true
}

func selected(v *node) (*node, bool) {
	index, _ := v.item(0).scalar()
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 {
		return nil, false
	}
	got := v.item(1).item(i)
	return got, got != nil
}
