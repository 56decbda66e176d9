package cloudformation

import "github.com/go-json-experiment/json/jsontext"

// A call names a macro and its parameters, resolved.
type call struct {
	name       string
	parameters jsontext.Value // an object
}

// calls reads the value of Transform or Fn::Transform: a name, an object with
// Name and Parameters, or a list of both. Absent means none.
func (d *deployment) calls(v jsontext.Value) ([]call, error) {
	if v == nil {
		return nil, nil
	}
	if v.Kind() != '[' {
		c, err := d.definition(v)
		return []call{c}, err
	}
	var all []call
	for _, e := range items(v) {
		c, err := d.definition(e)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (d *deployment) definition(v jsontext.Value) (call, error) {
	c := call{parameters: jsontext.Value("{}")}
	var ok bool
	if c.name, ok = text(v); ok {
		return c, nil
	}
	if v.Kind() != '{' {
		return c, Refusal("Template format error: unsupported structure of a transform definition.")
	}
	fields := members(v)
	name := member(fields, "Name")
	if name == nil {
		return c, Refusal("Transforms defined as maps require Name key.")
	}
	if c.name, ok = text(name); !ok {
		return c, Refusal("Key Name of transform definition must be a string.")
	}
	var resolved []field
	for _, p := range members(member(fields, "Parameters")) {
		value, err := d.parameter(p, c.name)
		if err != nil {
			return c, err
		}
		if value != nil {
			resolved = append(resolved, field{p.name, value})
		}
	}
	c.parameters = object(resolved)
	return c, nil
}
