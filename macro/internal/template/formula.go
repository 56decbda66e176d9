package template

// A formula is a condition's definition: an atom, or an operator over others.
type formula struct {
	op    byte // 'a' atom, '&' and, '|' or, '!' not
	atom  int
	parts []*formula
	row   int // the row that value is for: formulas share parts, which are evaluated once a row
	value bool
}

// An equality is an Fn::Equals of which one side is literal: the JSON of the other
// side, and the literal's value.
type equality struct{ side, value string }

// collect adds the atoms of a formula to a set, up to one more than a table may have.
func (f *formula) collect(atoms map[int]bool, seen map[*formula]bool) {
	if seen[f] || len(atoms) > maxAtoms {
		return
	}
	seen[f] = true
	if f.op == 'a' {
		atoms[f.atom] = true
	}
	for _, p := range f.parts {
		p.collect(atoms, seen)
	}
}

// holds returns the formula's value in a row of the truth table.
func (f *formula) holds(values []bool, row int) bool {
	if f.row != row {
		f.row, f.value = row, f.evaluate(values, row)
	}
	return f.value
}

func (f *formula) evaluate(values []bool, row int) bool {
	switch f.op {
	case 'a':
		return values[f.atom]
	case '!':
		return !f.parts[0].holds(values, row)
	}
	for _, p := range f.parts {
		if p.holds(values, row) == (f.op == '|') {
			return f.op == '|'
		}
	}
	return f.op == '&'
}
