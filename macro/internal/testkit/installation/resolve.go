package installation

import "strings"

// A resolver gives the functions of the macro's own template their values, as
// CloudFormation does when it creates the stack.
type resolver struct {
	template map[string]any
	given    map[string]any
}

// noValue takes a property or an item away.
type noValue struct{}

func newResolver(template, given map[string]any) resolver {
	values := map[string]any{"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::URLSuffix": "amazonaws.com", "AWS::AccountId": "123456789012",
		"AWS::NoValue": noValue{}}
	for name, p := range template["Parameters"].(map[string]any) {
		values[name] = at(p, "Default")
		if at(p, "Type") == "CommaDelimitedList" {
			values[name] = []any{at(p, "Default")} // an empty list is one empty text
		}
	}
	for name, v := range given {
		values[name] = v
	}
	return resolver{template, values}
}

func (r resolver) condition(name string) bool {
	return r.resolve(at(r.template, "Conditions", name)).(bool)
}

func (r resolver) resolve(v any) any {
	switch v := v.(type) {
	case []any:
		var list []any
		for _, x := range v {
			if x = r.resolve(x); x != (noValue{}) {
				list = append(list, x)
			}
		}
		return list
	case map[string]any:
		if len(v) == 1 {
			for fn, arg := range v {
				if fn == "Ref" || strings.HasPrefix(fn, "Fn::") {
					return r.call(fn, arg)
				}
			}
		}
		object := map[string]any{}
		for name, x := range v {
			if x = r.resolve(x); x != (noValue{}) {
				object[name] = x
			}
		}
		return object
	}
	return v
}

func (r resolver) call(fn string, arg any) any {
	list, _ := arg.([]any)
	switch fn {
	case "Ref":
		if v, ok := r.given[arg.(string)]; ok {
			return v
		}
		return "(" + arg.(string) + ")"
	case "Fn::GetAtt":
		return "(" + list[0].(string) + "." + list[1].(string) + ")"
	case "Fn::If":
		if r.condition(list[0].(string)) {
			return r.resolve(list[1])
		}
		return r.resolve(list[2])
	case "Fn::FindInMap":
		return at(r.template, "Mappings", r.resolve(list[0]).(string), r.resolve(list[1]).(string), r.resolve(list[2]).(string))
	case "Fn::Equals":
		return r.resolve(list[0]) == r.resolve(list[1])
	case "Fn::Not":
		return !r.resolve(list[0]).(bool)
	case "Fn::Or":
		for _, x := range list {
			if r.resolve(x).(bool) {
				return true
			}
		}
		return false
	case "Fn::Join":
		return strings.Join(texts(r.resolve(list[1])), list[0].(string))
	case "Fn::Split":
		var parts []any
		for _, part := range strings.Split(r.resolve(list[1]).(string), list[0].(string)) {
			parts = append(parts, part)
		}
		return parts
	case "Fn::Sub":
		return r.substitute(arg, list)
	}
	panic("the template uses " + fn)
}

func (r resolver) substitute(arg any, list []any) string {
	values := map[string]any{}
	if list != nil {
		arg = list[0]
		values = r.resolve(list[1]).(map[string]any)
	}
	text, out := arg.(string), ""
	for {
		before, rest, found := strings.Cut(text, "${")
		if out += before; !found {
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		v, ok := values[name].(string)
		if !ok {
			v = r.call("Ref", name).(string)
		}
		out, text = out+v, after
	}
}

func texts(v any) []string {
	var all []string
	for _, x := range v.([]any) {
		all = append(all, x.(string))
	}
	return all
}
