package template

// Branches yields the values that v may be, each with its guard: v itself, or the
// branches of an Fn::If, nested ones included. AWS::NoValue and null are left out.
func (v Value) Branches(yield func(Guard, Value) bool) { v.branches(nil, yield) }

func (v Value) branches(when Guard, yield func(Guard, Value) bool) bool {
	fn, arg, ok := v.Intrinsic()
	if ok && fn == "Fn::If" && arg.Len() == 3 {
		if cond, isText := arg.Item(0).Text(); isText {
			v.t.budget.Spend(1 + len(when))
			for i, not := range []bool{false, true} {
				if inner, possible := when.And(When(cond, not)); possible && !arg.Item(i+1).branches(inner, yield) {
					return false
				}
			}
			return true
		}
	}
	if name, _ := arg.Text(); !v.Exists() || v.Kind() == Null || ok && fn == "Ref" && name == "AWS::NoValue" {
		return true
	}
	return yield(when, v)
}

// Elements yields the elements of a list, each with its guard: the list and each
// element may be an Fn::If. A value that is no list has none.
func (v Value) Elements(yield func(Guard, Value) bool) {
	for outer, list := range v.Branches {
		for item := range list.Items() {
			for inner, x := range item.Branches {
				if both, possible := outer.And(inner); possible && !yield(both, x) {
					return
				}
			}
		}
	}
}
