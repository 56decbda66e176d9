package expand

import (
	"fmt"
	"strings"
)

// maxLoops is how deep CloudFormation lets loops stand in each other.
const maxLoops = 5

const forEach = "Fn::ForEach::"

// extensions does what AWS::LanguageExtensions does, in the sections that it
// works on (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html).
func (e *expander) extensions(root *node) *node {
	kids := make([]*node, len(root.kids))
	changed := false
	for i, kid := range root.kids {
		kids[i] = kid
		switch kid.name {
		case "Conditions", "Resources", "Outputs":
			kids[i] = e.extended(kid, 0)
		}
		changed = changed || kids[i] != kid
	}
	if !changed {
		return root
	}
	return root.with(kids)
}

// extended is the value with loops and functions worked out in it; loops says
// how many of them it stands in.
func (e *expander) extended(n *node, loops int) *node {
	if n.kind != '{' && n.kind != '[' {
		return n
	}
	changed := false
	kids := make([]*node, 0, len(n.kids))
	var names map[string]bool // of the members and what loops have made of some
	for _, kid := range n.kids {
		if strings.HasPrefix(kid.name, forEach) && n.kind == '{' {
			if made, ok := e.loop(kid, loops+1); ok {
				if names == nil {
					names = n.names()
				}
				kids, changed = e.join(kid, kids, made, names), true
				continue
			}
			kids = append(kids, kid)
			continue
		}
		made := e.extended(kid, loops)
		changed = changed || made != kid
		kids = append(kids, made)
	}
	out := n
	if changed && e.spend(1) {
		out = n.with(kids)
	}
	return e.function(out)
}

// join adds what a loop makes to the members beside it; names are theirs.
func (e *expander) join(loop *node, kids, made []*node, names map[string]bool) []*node {
	for _, m := range made {
		if names[m.name] {
			e.problem(loop, fmt.Sprintf("%s makes %s a second time", loop.name, m.name), "have the identifier in the key", true)
			continue
		}
		names[m.name] = true
		kids = append(kids, m)
	}
	return kids
}

// loop returns the members that an Fn::ForEach makes; false where they can't
// be known.
func (e *expander) loop(n *node, depth int) ([]*node, bool) {
	identifier, ok := n.item(0).text()
	body := n.item(2)
	if !ok || len(n.kids) != 3 || identifier == "" || body.kind != '{' {
		e.problem(n, n.name+" is no list of an identifier, a collection and a mapping", "write [Identifier, [values], {keys with ${Identifier}: values}]", true)
		return nil, false
	}
	if depth > maxLoops {
		e.problem(n, fmt.Sprintf("%s stands in more than %d loops", n.name, maxLoops), "nest fewer of them", true)
		return nil, false
	}
	var collection []string
	if !e.decided(n.item(1), func() (known bool) { collection, known = e.list(n.item(1)); return known }) {
		e.problem(n.item(1), n.name+" goes over a collection that is not known here", "give the parameter's value with -p", false)
		return nil, false
	}
	var out []*node
	for _, value := range collection {
		replace := &substitution{expander: e, identifier: identifier, value: value}
		one := replace.in(body)
		for _, kid := range e.extended(one, depth).kids {
			kid = kid.as(kid.name)
			if !kid.copied {
				c := *kid
				c.up, c.from, c.copied = nil, kid, true
				kid = &c
			}
			out = append(out, kid)
		}
		if !e.spend(1) {
			return nil, false
		}
	}
	return out, true
}

// A substitution writes a loop's value for its identifier.
type substitution struct {
	*expander
	identifier, value string
}

// in replaces ${Identifier}, &{Identifier} (without what a logical id can't
// have) and the Ref to it, in keys and values.
func (s *substitution) in(n *node) *node {
	if !s.spend(1) {
		return n
	}
	if fn, arg := n.only(); fn == "Ref" {
		if name, _ := arg.text(); name == s.identifier {
			return n.word(s.value).as(s.words(n.name))
		}
	}
	out := n
	switch n.kind {
	case '"':
		text, _ := n.text()
		if got := s.words(text); got != text {
			out = n.word(got)
		}
	case '{', '[':
		kids := make([]*node, len(n.kids))
		changed := false
		for i, kid := range n.kids {
			kids[i] = s.in(kid)
			changed = changed || kids[i] != kid
		}
		if changed {
			out = n.with(kids)
		}
	}
	return out.as(s.words(n.name))
}

func (s *substitution) words(text string) string {
	if !strings.Contains(text, "{"+s.identifier+"}") {
		return text
	}
	text = strings.ReplaceAll(text, "${"+s.identifier+"}", s.value)
	return strings.ReplaceAll(text, "&{"+s.identifier+"}", strings.Map(alphanumeric, s.value))
}

func alphanumeric(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}
