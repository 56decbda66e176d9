package template

// maxVariants is how many variants an expression may have; one with more is opaque.
const maxVariants = 32

// maxParts and maxText are how many parts and bytes a flattened text may have; a
// longer one is opaque.
const (
	maxParts = 256
	maxText  = 16 << 10
)

// maxDepth is how deep expressions may be nested; deeper ones are opaque.
const maxDepth = 64

// Variants flattens a string-valued expression: it returns one variant for every
// combination of Fn::If branches that is possible. An absent value has the one
// variant Absent.
//
// Fn::FindInMap is evaluated where its keys are literal, Fn::Select and Fn::Split
// where all separators are known. Parameters are not resolved.
func (v Value) Variants() []Variant { return v.variants(nil, 0) }

// One flattens an expression that has a single variant; ok is false where it
// has several, or is absent.
func (v Value) One() (Text, bool) {
	if p, ok := v.Part(); ok {
		if p.Kind == Lit && p.Text == "" {
			return nil, true
		}
		return Text{p}, true
	}
	if !v.Exists() {
		return nil, false
	}
	vs := v.Variants()
	if len(vs) != 1 || vs[0].Absent {
		return nil, false
	}
	return vs[0].Text, true
}

// Part reads the expressions that are most common: a scalar, {"Ref": name} and
// {"Fn::GetAtt": …}. ok is false for any other, and for AWS::NoValue.
func (v Value) Part() (p Part, ok bool) {
	if s, ok := v.Scalar(); ok {
		return Part{Kind: Lit, Text: s}, true
	}
	fn, arg, ok := v.Intrinsic()
	if !ok {
		return Part{}, false
	}
	switch fn {
	case "Ref":
		name, ok := arg.Text()
		return Part{Kind: Ref, Text: name}, ok && name != "AWS::NoValue"
	case "Fn::GetAtt":
		return arg.attribute()
	}
	return Part{}, false
}

func one(x Text) []Variant { return []Variant{{Text: x}} }

func (v Value) opaque() []Variant {
	return one(Text{{Kind: Opaque, Text: v.Canonical(), Expr: v}})
}

// variants flattens v, under the guard when; depth is how deep it is nested.
func (v Value) variants(when Guard, depth int) []Variant {
	switch v.Kind() {
	case Absent, Null:
		return []Variant{{Absent: true}}
	case Array:
		return v.opaque()
	}
	if p, ok := v.Part(); ok {
		if p.Kind == Lit {
			return one(Literal(p.Text))
		}
		x := &struct {
			variant [1]Variant
			part    [1]Part
		}{part: [1]Part{p}}
		x.variant[0].Text = x.part[:]
		return x.variant[:]
	}
	fn, arg, ok := v.Intrinsic()
	if !ok || depth > maxDepth {
		return v.opaque()
	}
	var out []Variant
	switch fn {
	case "Ref":
		if name, ok := arg.Text(); ok && name == "AWS::NoValue" {
			return []Variant{{Absent: true}}
		}
	case "Fn::If":
		out = v.choose(arg, when, depth)
	case "Fn::Sub":
		out = v.sub(arg, when, depth)
	case "Fn::Join":
		out = v.join(arg, when, depth)
	case "Fn::FindInMap":
		out = v.lookUp(arg, depth)
	case "Fn::Select":
		out = v.selectItem(arg, when, depth)
	}
	if out == nil || tooLarge(out) {
		return v.opaque()
	}
	return out
}

// attribute reads the argument of Fn::GetAtt: ["Id", "Attribute"] or
// "Id.Attribute"; in both an attribute may hold further dots (Outputs.X of a
// nested stack).
func (v Value) attribute() (p Part, ok bool) {
	if s, ok := v.Text(); ok {
		return Part{Kind: Att, Text: s}, true
	}
	n := 0
	for item := range v.Items() {
		s, ok := item.Text()
		if !ok {
			return Part{}, false
		}
		if n++; n > 1 {
			s = p.Text + "." + s
		}
		p = Part{Kind: Att, Text: s}
	}
	return p, n > 1
}

func (v Value) choose(arg Value, when Guard, depth int) []Variant {
	cond, ok := arg.Item(0).Text()
	if !ok || arg.Len() != 3 {
		return nil
	}
	var out []Variant
	v.t.budget.Spend(1 + len(when))
	for i, not := range []bool{false, true} {
		own := When(cond, not)
		outer, possible := when.And(own)
		if !possible {
			continue
		}
		for _, x := range arg.Item(i+1).variants(outer, depth+1) {
			v.t.budget.Spend(1 + len(x.When))
			if x.When, possible = x.When.And(own); possible {
				out = append(out, x)
			}
		}
	}
	return out
}

// Combine appends every variant of next to every variant of sofar, where both are
// possible together. It may change the variants of sofar.
func Combine(sofar, next []Variant) []Variant {
	if len(next) == 1 && len(next[0].When) == 0 { // the usual case: no branch
		for i := range sofar {
			for _, p := range next[0].Text {
				sofar[i].Text = sofar[i].Text.append(p)
			}
		}
		return sofar
	}
	var out []Variant
	for _, a := range sofar {
		for _, b := range next {
			if when, ok := a.When.And(b.When); ok {
				out = append(out, Variant{When: when, Text: Join(a.Text, b.Text)})
			}
		}
	}
	return out
}

func tooLarge(vs []Variant) bool {
	for _, x := range vs {
		size := 0
		for _, p := range x.Text {
			size += len(p.Text)
		}
		if size > maxText || len(x.Text) > maxParts {
			return true
		}
	}
	return len(vs) > maxVariants
}

func (v Value) join(arg Value, when Guard, depth int) []Variant {
	sep, ok := arg.Item(0).Text()
	list := arg.Item(1)
	if !ok || arg.Len() != 2 {
		return nil
	}
	if list.Kind() != Array {
		texts, ok := list.split(when, depth)
		if !ok {
			return nil
		}
		out := one(nil)
		for i, x := range texts {
			if i > 0 {
				out = extend(out, Part{Kind: Lit, Text: sep})
			}
			if out = Combine(out, one(x)); tooLarge(out) {
				return nil
			}
		}
		return out
	}
	out, n := one(make(Text, 0, min(list.Len(), maxParts))), 0
	for item := range list.Items() { // each with a separator before it, of which the first is cut off in the end
		p, simple := item.Part()
		if simple {
			out = extend(extend(out, Part{Kind: Lit, Text: sep}), p)
		} else {
			out = Combine(out, separated(sep, item.variants(when, depth+1)))
		}
		if n++; (!simple || n%16 == 0) && tooLarge(out) { // the whole is looked at in the end
			return nil
		}
	}
	for i := range out {
		if sep != "" {
			out[i].Text, _ = out[i].Text.TrimPrefix(sep)
		}
	}
	return out
}

// separated puts a separator before every variant, except those that are absent:
// AWS::NoValue is no element of a list.
func separated(sep string, vs []Variant) []Variant {
	for i, x := range vs {
		if !x.Absent && sep != "" {
			vs[i].Text = Join(Literal(sep), x.Text)
		}
	}
	return vs
}
