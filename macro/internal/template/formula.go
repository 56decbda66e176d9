package template

// A formula is a condition's definition: an atom, or an operator over others.
type formula struct {
	op    byte // 'a' atom, '&' and, '|' or, '!' not
	atom  int
	parts []*formula
	step  int // of the search that value is for: formulas share parts, which are evaluated once a step
	value truth
}

// A truth is what is known of a formula while some of its atoms have a value.
type truth uint8

const (
	unknown truth = iota
	yes
	no
)

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

// holds returns what is known of the formula at a step of a search, where atoms have
// these values.
func (f *formula) holds(values []truth, step int) truth {
	if f.step != step {
		f.step, f.value = step, f.evaluate(values, step)
	}
	return f.value
}

func (f *formula) evaluate(values []truth, step int) truth {
	switch f.op {
	case 'a':
		return values[f.atom]
	case '!':
		return [...]truth{unknown: unknown, yes: no, no: yes}[f.parts[0].holds(values, step)]
	}
	all, decisive := yes, no
	if f.op == '|' {
		all, decisive = no, yes
	}
	for _, p := range f.parts {
		switch p.holds(values, step) {
		case decisive:
			return decisive
		case unknown:
			all = unknown
		}
	}
	return all
}
