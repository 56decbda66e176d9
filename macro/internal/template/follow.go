package template

// maxSteps is how many parts of definitions one question may take.
const maxSteps = 10_000

// follows reports whether one of the guards of by is true wherever need is, as far as
// definitions prove that directly. It is for questions that a truth table would be
// too large for, such as whether a condition that was made for need covers it.
func (t *Template) follows(need Guard, by []Guard) bool {
	d := deduction{defs: t.Section("Conditions"), known: map[Term]bool{}, left: maxSteps}
	defer func() { t.budget.Spend(maxSteps - max(d.left, 0)) }()
	for _, term := range need {
		d.known[term] = true
	}
	for _, g := range by {
		all := true
		for _, term := range g {
			all = all && d.condition(term)
		}
		if all {
			return true
		}
	}
	return false
}

// A deduction is what is known of conditions while one question is answered.
type deduction struct {
	defs  Value
	known map[Term]bool
	left  int
}

// condition reports whether the term is known to hold.
func (d *deduction) condition(term Term) bool {
	if holds, ok := d.known[term]; ok {
		return holds
	}
	d.known[term] = false // a circular definition proves nothing
	holds := d.expression(d.defs.Get(term.Cond), term.Not)
	d.known[term] = holds
	return holds
}

// expression reports whether an expression of the Conditions section is known
// to be true, or with not to be false.
func (d *deduction) expression(v Value, not bool) bool {
	if d.left--; d.left < 0 {
		return false
	}
	fn, arg, _ := v.Intrinsic()
	switch fn {
	case "Condition":
		name, ok := arg.Text()
		return ok && d.condition(Term{name, not})
	case "Fn::Not":
		return arg.Len() == 1 && d.expression(arg.Item(0), !not)
	case "Fn::And", "Fn::Or":
		all := (fn == "Fn::And") != not // else one is enough
		for x := range arg.Items() {
			if d.expression(x, not) != all {
				return !all
			}
		}
		return all && arg.Len() > 0
	}
	return false
}
