package template

import "strings"

func (v Value) sub(arg Value, when Guard, depth int) []Variant {
	text, vars := arg, Value{}
	if arg.Kind() == Array {
		text, vars = arg.Item(0), arg.Item(1)
	}
	s, ok := text.Text()
	if !ok {
		return nil
	}
	return substitute(s, vars, when, depth)
}

// substitute flattens an Fn::Sub text: ${Name}, ${Id.Attribute}, ${!literal}.
func substitute(s string, vars Value, when Guard, depth int) []Variant {
	names := strings.Count(s, "${")
	out := one(make(Text, 0, min(2*names+1, maxParts)))
	mayGrow := len(s) > maxText || 2*names+1 > maxParts // without variables nothing gets larger than that
	var known map[string][]Variant                      // a variable is read once, however often it is used
	for s != "" {
		at := strings.Index(s, "${")
		end := -1
		if at >= 0 {
			end = strings.IndexByte(s[at:], '}')
		}
		if end < 0 {
			return extend(out, Part{Kind: Lit, Text: s})
		}
		name := s[at+2 : at+end]
		out = extend(out, Part{Kind: Lit, Text: s[:at]})
		s = s[at+end+1:]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			out = extend(out, Part{Kind: Lit, Text: "${" + literal + "}"})
		} else if name = strings.TrimSpace(name); vars.Get(name).Exists() {
			if known == nil {
				known = map[string][]Variant{}
			}
			if known[name] == nil {
				known[name] = vars.Get(name).variants(when, depth+1)
			}
			mayGrow, out = true, Combine(out, known[name])
		} else if strings.Contains(name, ".") {
			out = extend(out, Part{Kind: Att, Text: name})
		} else {
			out = extend(out, Part{Kind: Ref, Text: name})
		}
		if mayGrow && tooLarge(out) {
			return nil
		}
	}
	return out
}

// extend appends a part to every variant.
func extend(vs []Variant, p Part) []Variant {
	for i := range vs {
		vs[i].Text = vs[i].Text.append(p)
	}
	return vs
}
