package evaluator

import (
	"errors"
	"fmt"
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
