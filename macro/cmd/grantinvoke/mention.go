package main

import (
	"bytes"
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// A mention is one place where a template names the macro: in its Transform
// section, or in an Fn::Transform.
type mention struct {
	at     jsontext.Pointer // the name, or the object with Name and Parameters
	inner  bool             // an Fn::Transform inside a resource: the macro sees that part alone
	params map[string]jsontext.Value
}

// mentions finds the places in long-form JSON that name the macro. Every
// spelling that CloudFormation takes is one: a name, an object with Name, and
// a list of either.
func mentions(src []byte, macro string) []mention {
	if !bytes.Contains(src, []byte(macro)) {
		return nil
	}
	var out []mention
	d := jsontext.NewDecoder(bytes.NewBuffer(src))
	for {
		token, err := d.ReadToken()
		if err != nil {
			return out
		}
		if kind, n := d.StackIndex(d.StackDepth()); token.Kind() != '"' || kind == '{' && n%2 == 1 || token.String() != macro {
			continue
		}
		if m, ok := mentionAt(d.StackPointer()); ok {
			if x, err := members(lookup(src, m.at)); err == nil {
				m.params, _ = members(x["Parameters"])
			}
			out = append(out, m)
		}
	}
}

// mentionAt reports whether a text at a pointer is the name of a transform.
func mentionAt(p jsontext.Pointer) (mention, bool) {
	at := p
	if p.LastToken() == "Name" {
		at = p.Parent()
	}
	list := at
	if _, err := strconv.Atoi(at.LastToken()); err == nil {
		list = at.Parent()
	}
	switch {
	case list == "/Transform":
		return mention{at: at}, true
	case list.LastToken() == "Fn::Transform":
		return mention{at: at, inner: list != "/Resources/Fn::Transform"}, true
	}
	return mention{}, false
}

// lookup returns the value at the pointer, or nothing.
func lookup(src []byte, p jsontext.Pointer) jsontext.Value {
	v := jsontext.Value(src)
	for token := range p.Tokens() {
		if v.Kind() == '[' {
			i := 0
			var found jsontext.Value
			elements(v, func(item jsontext.Value) error {
				if strconv.Itoa(i) == token {
					found = item
				}
				i++
				return nil
			})
			v = found
			continue
		}
		m, err := members(v)
		if err != nil {
			return nil
		}
		v = m[token]
	}
	return v
}

// nearName finds a name in the Transform section that is nearly the name of the macro.
func nearName(src []byte, macro string) (at jsontext.Pointer, name string, ok bool) {
	const section jsontext.Pointer = "/Transform"
	names := map[jsontext.Pointer]jsontext.Value{}
	add := func(at jsontext.Pointer, v jsontext.Value) {
		if m, err := members(v); err == nil {
			at, v = at.AppendToken("Name"), m["Name"]
		}
		names[at] = v
	}
	root, _ := members(src)
	if v := root["Transform"]; v.Kind() == '[' {
		i := 0
		elements(v, func(item jsontext.Value) error {
			add(section.AppendToken(strconv.Itoa(i)), item)
			i++
			return nil
		})
	} else if v != nil {
		add(section, v)
	}
	for _, at := range slices.Sorted(maps.Keys(names)) {
		if v := names[at]; v.Kind() == '"' && finding.Nearest(unquote(v), []string{macro}) != "" {
			return at, unquote(v), true
		}
	}
	return "", "", false
}
