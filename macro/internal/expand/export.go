package expand

import "strings"

// plain is an expression of the stack as one text, in which names of the
// application stand in ${...}: equal texts are equal values. false where it
// can't be told.
func (v *view) plain(n *node) (string, bool) {
	if n == nil {
		return "", false
	}
	return v.text(v.rewrite(n))
}

func (v *view) text(n *node) (string, bool) {
	if s, ok := n.scalar(); ok {
		return strings.ReplaceAll(s, "${", "${!"), true
	}
	fn, arg := n.only()
	switch fn {
	case "Ref":
		name, ok := arg.text()
		return v.symbol(name), ok
	case "Fn::Sub":
		return v.subText(arg)
	case "Fn::Join":
		sep, ok := arg.item(0).text()
		list := arg.item(1)
		if !ok || list == nil || list.kind != '[' {
			return "", false
		}
		parts := make([]string, len(list.kids))
		for i, item := range list.kids {
			if parts[i], ok = v.text(item); !ok {
				return "", false
			}
		}
		return strings.Join(parts, sep), true
	}
	return "", false
}

// symbol is a name's value, where it is known, or the name.
func (v *view) symbol(name string) string {
	if value, ok := v.app.Parameters[name]; ok {
		return strings.ReplaceAll(value, "${", "${!")
	}
	return "${" + name + "}"
}

func (v *view) subText(arg *node) (string, bool) {
	text, vars := arg, (*node)(nil)
	if arg.kind == '[' {
		text, vars = arg.item(0), arg.item(1)
	}
	s, ok := text.text()
	if !ok {
		return "", false
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(s)
			return b.String(), true
		}
		b.WriteString(before)
		s = after
		word := v.symbol(name)
		if own := vars.get(name); own != nil {
			if word, ok = v.text(own); !ok {
				return "", false
			}
		} else if strings.HasPrefix(name, "!") {
			word = "${" + name + "}"
		}
		b.WriteString(word)
	}
}
