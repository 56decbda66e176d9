package golden

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// spell writes an expression as Fn::Sub would: ${Ref}, ${Resource.Attribute},
// ${!literal}, and other functions as their JSON.
func spell(v any) string {
	m, ok := v.(map[string]any)
	if s, plain := v.(string); plain {
		return strings.ReplaceAll(s, "${", "${!")
	} else if !ok || len(m) != 1 {
		return compactJSON(v)
	}
	for fn, arg := range m {
		list, _ := arg.([]any)
		switch {
		case fn == "Ref":
			return fmt.Sprintf("${%v}", arg)
		case fn == "Fn::GetAtt" && list == nil:
			return fmt.Sprintf("${%v}", arg)
		case fn == "Fn::GetAtt":
			return "${" + strings.Join(words(arg), ".") + "}"
		case fn == "Fn::Sub" && list == nil:
			return fmt.Sprint(arg)
		case fn == "Fn::Sub":
			text := fmt.Sprint(list[0])
			for name, value := range list[1].(map[string]any) {
				text = strings.ReplaceAll(text, "${"+name+"}", spell(value))
			}
			return text
		}
	}
	return compactJSON(v)
}

func compactJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// condition spells a condition with the author's names, those that the macro
// has added by what they say.
func (r reader) condition(v any) string {
	m, _ := v.(map[string]any)
	for fn, arg := range m {
		if fn == "Condition" {
			name := fmt.Sprint(arg)
			if _, own := r.in["Conditions"][name]; own {
				return name
			}
			if definition := r.out["Conditions"][name]; definition != nil {
				return r.condition(definition)
			}
			if r.part {
				return name
			}
			return name + " (undefined)"
		}
		list, _ := arg.([]any)
		var operands []string
		for _, x := range list {
			if fn == "Fn::Equals" {
				operands = append(operands, spell(x))
			} else {
				operands = append(operands, r.condition(x))
			}
		}
		slices.Sort(operands)
		return strings.TrimPrefix(fn, "Fn::") + "(" + strings.Join(operands, ", ") + ")"
	}
	return compactJSON(v)
}
