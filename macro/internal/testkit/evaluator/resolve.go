package evaluator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// none is what AWS::NoValue resolves to: its member or element is left out.
type none struct{}

// condition is the truth of a condition of the template.
func (d *Deployment) condition(name string) (bool, error) {
	if truth, done := d.truths[name]; done {
		return truth, nil
	}
	definition, ok := section(d.template, "Conditions")[name]
	if !ok {
		return false, fmt.Errorf("the condition %s is not in the template", name)
	}
	if d.asking[name] {
		return false, fmt.Errorf("the condition %s depends on itself", name)
	}
	d.asking[name] = true
	defer delete(d.asking, name)
	truth, err := d.truth(definition)
	if err == nil {
		d.truths[name] = truth
	}
	return truth, err
}

func (d *Deployment) truth(v any) (bool, error) {
	name, arg, ok := function(v)
	if !ok {
		return false, errors.New("a condition is no condition function")
	}
	args := list(arg)
	switch name {
	case "Condition":
		s, _ := arg.(string)
		return d.condition(s)
	case "Fn::Equals":
		if len(args) != 2 {
			return false, errors.New("Fn::Equals wants two values")
		}
		a, err := d.string(args[0])
		if err != nil {
			return false, err
		}
		b, err := d.string(args[1])
		return plain(a) == plain(b), err
	case "Fn::Not":
		if len(args) != 1 {
			return false, errors.New("Fn::Not wants one condition")
		}
		x, err := d.truth(args[0])
		return !x, err
	case "Fn::And", "Fn::Or":
		if len(args) < 2 || len(args) > 10 {
			return false, fmt.Errorf("%s wants 2 to 10 conditions", name)
		}
		out := name == "Fn::And"
		for _, a := range args {
			x, err := d.truth(a)
			if err != nil {
				return false, err
			}
			if x != (name == "Fn::And") {
				out = x
			}
		}
		return out, nil
	}
	return false, fmt.Errorf("%s is no condition function", name)
}

// function returns the intrinsic function that an object is.
func function(v any) (name string, arg any, ok bool) {
	o, _ := v.(object)
	if len(o) != 1 {
		return "", nil, false
	}
	for name, arg = range o {
	}
	return name, arg, name == "Ref" || name == "Condition" || strings.HasPrefix(name, "Fn::")
}

// resolve resolves every intrinsic function in a value.
func (d *Deployment) resolve(v any) (any, error) {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, x := range v {
			r, err := d.resolve(x)
			if err != nil {
				return nil, err
			}
			if r != (none{}) {
				out = append(out, r)
			}
		}
		return out, nil
	case object:
		if name, arg, ok := function(v); ok && name != "Condition" {
			return d.call(name, arg)
		}
		out := object{}
		for name, x := range v {
			r, err := d.resolve(x)
			if err != nil {
				return nil, err
			}
			if _, absent := r.(none); !absent {
				out[name] = r
			}
		}
		return out, nil
	}
	return v, nil
}

func (d *Deployment) string(v any) (string, error) {
	r, err := d.resolve(v)
	if err != nil {
		return "", err
	}
	s, ok := text(r)
	if !ok {
		return "", fmt.Errorf("%v is no text", r)
	}
	return s, nil
}

func (d *Deployment) strings(v any) ([]string, error) {
	r, err := d.resolve(v)
	if err != nil {
		return nil, err
	}
	items, ok := r.([]any)
	if s, isText := text(r); isText {
		return strings.Split(s, ","), nil // a list parameter
	}
	if !ok {
		return nil, errors.New("not a list")
	}
	var out []string
	for _, x := range items {
		s, ok := text(x)
		if !ok {
			return nil, errors.New("not a list of texts")
		}
		out = append(out, s)
	}
	return out, nil
}

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

// need notes that the resource at hand refers to another.
func (d *Deployment) need(id string) {
	if d.current != "" && !slices.Contains(d.needs[d.current], id) {
		d.needs[d.current] = append(d.needs[d.current], id)
	}
}
