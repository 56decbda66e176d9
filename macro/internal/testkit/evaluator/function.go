package evaluator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (d *Deployment) call(name string, arg any) (any, error) {
	args := list(arg)
	if n, ok := map[string]int{"Fn::Join": 2, "Fn::Split": 2, "Fn::Select": 2, "Fn::If": 3}[name]; ok && len(args) != n {
		return nil, fmt.Errorf("%s wants %d values", name, n)
	}
	switch name {
	case "Ref":
		s, _ := arg.(string)
		if s == "AWS::NoValue" {
			return none{}, nil
		}
		return d.ref(s)
	case "Fn::GetAtt":
		s, _ := arg.(string)
		if s == "" {
			words, err := d.strings(arg)
			if err != nil {
				return nil, err
			}
			s = strings.Join(words, ".")
		}
		return d.attribute(s)
	case "Fn::Sub":
		return d.sub(args)
	case "Fn::If":
		cond, _ := args[0].(string)
		truth, err := d.condition(cond)
		if err != nil {
			return nil, err
		}
		if truth {
			return d.resolve(args[1])
		}
		return d.resolve(args[2])
	case "Fn::Join":
		sep, _ := args[0].(string)
		words, err := d.strings(args[1])
		return strings.Join(words, sep), err
	case "Fn::Split":
		sep, _ := args[0].(string)
		s, err := d.string(args[1])
		var out []any
		for _, word := range splitMarked(s, sep) {
			out = append(out, word)
		}
		return out, err
	case "Fn::Select":
		return d.selected(args)
	case "Fn::FindInMap":
		return d.mapped(args)
	case "Fn::ImportValue":
		s, err := d.string(arg)
		value, ok := d.Imports[s]
		if !ok {
			value = "import-" + s
		}
		return unknown(value), err
	}
	return nil, fmt.Errorf("%s is not known here", name)
}

// splitMarked splits a value; each part of what is unknown is unknown.
func splitMarked(s, sep string) []string {
	parts := strings.Split(s, sep)
	inside := false
	for i, p := range parts {
		begins := inside
		for _, r := range p {
			if string(r) == opening || string(r) == closing {
				inside = string(r) == opening
			}
		}
		if begins {
			p = opening + p
		}
		if inside {
			p += closing
		}
		parts[i] = p
	}
	return parts
}

func (d *Deployment) selected(args []any) (any, error) {
	at, err := d.string(args[0])
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(plain(at))
	if err != nil {
		return nil, err
	}
	r, err := d.resolve(args[1])
	items, ok := r.([]any)
	if err == nil && (!ok || n < 0 || n >= len(items)) {
		err = errors.New("Fn::Select has no such element")
	}
	if err != nil {
		return nil, err
	}
	return items[n], nil
}

func (d *Deployment) mapped(args []any) (any, error) {
	if len(args) < 3 {
		return nil, errors.New("Fn::FindInMap wants three values")
	}
	v := any(section(d.template, "Mappings"))
	for _, a := range args[:3] {
		key, err := d.string(a)
		if err != nil {
			return nil, err
		}
		v = member(v, plain(key))
	}
	if v == nil {
		return nil, errors.New("Fn::FindInMap finds nothing")
	}
	return v, nil
}

// sub resolves Fn::Sub: ${Name}, ${Name.Attribute}, ${!Literal}.
func (d *Deployment) sub(args []any) (any, error) {
	s, ok := args[0].(string)
	if !ok {
		return nil, errors.New("Fn::Sub wants a text")
	}
	var own object
	if len(args) > 1 {
		own, _ = args[1].(object)
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case !closed:
			b.WriteString("${")
			after = rest
		case strings.HasPrefix(name, "!"):
			b.WriteString("${" + name[1:] + "}")
		default:
			value, err := d.named(strings.TrimSpace(name), own)
			if err != nil {
				return nil, err
			}
			b.WriteString(value)
		}
		s = after
	}
}

func (d *Deployment) named(name string, own object) (string, error) {
	if v, ok := own[name]; ok {
		return d.string(v)
	}
	if strings.Contains(name, ".") {
		return d.attribute(name)
	}
	return d.ref(name)
}

// need records that the current resource refers to another.
func (d *Deployment) need(id string) {
	if d.current != "" && !slices.Contains(d.needs[d.current], id) {
		d.needs[d.current] = append(d.needs[d.current], id)
	}
}
