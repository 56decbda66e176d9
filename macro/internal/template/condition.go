package template

import (
	"maps"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/budget"
)

// maxAtoms is how many atoms a question may have, which are 2^12 assignments at worst.
// Guards over more of them are compared term by term, which may miss an implication but
// never invents one.
const maxAtoms = 12

// Possible reports whether the guard can be true at all, by the definitions of its
// conditions.
func (t *Template) Possible(g Guard) bool {
	if len(g) < 2 {
		return true
	}
	return t.conditions().satisfiable(g, nil)
}

// Covered reports whether one of the guards of by is true wherever need is: need
// implies (by[0] or by[1] or …). It may report false where that can't be proved.
func (t *Template) Covered(need Guard, by []Guard) bool {
	for _, g := range by {
		if len(g) == 0 || subset(g, need) {
			return true
		}
	}
	return len(by) > 0 && (!t.conditions().satisfiable(need, by) || t.follows(need, by))
}

// Implies reports whether want is true wherever have is.
func (t *Template) Implies(have, want Guard) bool { return t.Covered(have, []Guard{want}) }

// Simplify drops those terms of a possible guard that the others imply, since their
// conditions are defined by one another. It keeps both of two conditions that compare
// the same: other readers of the template may not see that these are equal.
func (t *Template) Simplify(g Guard) Guard {
	if len(g) > maxAtoms {
		return g
	}
	for i := 0; i < len(g) && len(g) > 1; {
		rest := slices.Delete(slices.Clone(g), i, i+1)
		if !t.structure().satisfiable(rest, []Guard{g[i : i+1]}) {
			g = rest
		} else {
			i++
		}
	}
	return g
}

// subset reports whether a guard has all terms of g.
func subset(g, of Guard) bool {
	for _, l := range g { // both are sorted
		for len(of) > 0 && of[0].Cond < l.Cond {
			of = of[1:]
		}
		if len(of) == 0 || of[0] != l {
			return false
		}
	}
	return true
}

// A solver answers questions about guards by a search among the assignments of the atoms,
// the comparisons that their conditions are made of.
type solver struct {
	defs     Value               // the Conditions section
	formulas map[string]*formula // by the condition's name
	atoms    map[string]int      // numbers of the atoms, by what they compare
	equals   map[int]equality    // by atom
	answers  map[string]bool     // to earlier questions
	values   []truth             // of the atoms, at the current step
	step     int                 // of the search, counted over all questions
	budget   *budget.Budget
	byName   bool     // every condition that isn't made of others is an atom, whatever it compares
	at       Deployed // see Template.Know
}

// conditions returns the solver that knows what conditions compare.
func (t *Template) conditions() *solver {
	if t.solver == nil {
		t.solver = newSolver(t, false)
	}
	return t.solver
}

// structure returns the solver that only knows how conditions are made of one
// another.
func (t *Template) structure() *solver {
	if t.named == nil {
		t.named = newSolver(t, true)
	}
	return t.named
}

func newSolver(t *Template, byName bool) *solver {
	return &solver{defs: t.Section("Conditions"), budget: t.budget, byName: byName, formulas: map[string]*formula{}, atoms: map[string]int{}, equals: map[int]equality{}, answers: map[string]bool{}}
}

// satisfiable reports whether need can be true while none of the guards of not is. It
// is true where there are too many atoms to decide that.
func (s *solver) satisfiable(need Guard, not []Guard) bool {
	var b strings.Builder
	b.WriteString(need.Key())
	for _, g := range not {
		b.WriteString("|" + g.Key())
	}
	key := b.String()
	if a, ok := s.answers[key]; ok {
		return a
	}
	want := &formula{op: '&', parts: []*formula{s.guard(need)}}
	for _, g := range not {
		want.parts = append(want.parts, &formula{op: '!', parts: []*formula{s.guard(g)}})
	}
	used, seen := map[int]bool{}, map[*formula]bool{}
	want.collect(used, seen)
	s.budget.Spend(len(key)/16 + 2*len(seen))
	s.budget.Keep(len(key) + 32)
	if len(used) <= maxAtoms {
		s.budget.Spend(len(seen) << len(used) / 4)
	}
	a := len(used) > maxAtoms || s.search(want, used)
	s.answers[key] = a
	return a
}

// search reports whether there is an assignment of the atoms for which want is true.
func (s *solver) search(want *formula, used map[int]bool) bool {
	atoms := slices.Sorted(maps.Keys(used))
	if missing := len(s.atoms) - len(s.values); missing > 0 {
		s.values = append(s.values, make([]truth, missing)...)
	}
	return s.assign(want, atoms, s.conflicts(atoms))
}

// assign is search where the atoms that are left have no value yet.
func (s *solver) assign(want *formula, left []int, conflicts [][2]int) (found bool) {
	s.step++
	switch want.holds(s.values, s.step) {
	case yes:
		return true // those that are left may be false, which conflicts with nothing
	case no:
		return false
	}
	a := left[0]
	for _, value := range [...]truth{no, yes} {
		if value == yes && slices.ContainsFunc(conflicts, func(c [2]int) bool {
			return c[0] == a && s.values[c[1]] == yes || c[1] == a && s.values[c[0]] == yes
		}) {
			continue
		}
		if s.values[a] = value; s.assign(want, left[1:], conflicts) {
			found = true
			break
		}
	}
	s.values[a] = unknown
	return found
}

// conflicts returns the pairs of atoms that can't both be true: comparisons of the
// same expression with different literals.
func (s *solver) conflicts(atoms []int) (pairs [][2]int) {
	for i, a := range atoms {
		for _, b := range atoms[:i] {
			if x, y := s.equals[a], s.equals[b]; x.side != "" && x.side == y.side && x.value != y.value {
				pairs = append(pairs, [2]int{a, b})
			}
		}
	}
	return pairs
}

func (s *solver) guard(g Guard) *formula {
	f := &formula{op: '&'}
	for _, l := range g {
		part := s.named(l.Cond)
		if l.Not {
			part = &formula{op: '!', parts: []*formula{part}}
		}
		f.parts = append(f.parts, part)
	}
	return f
}

func (s *solver) named(cond string) *formula {
	if f, ok := s.formulas[cond]; ok {
		return f
	}
	s.formulas[cond] = s.newAtom("condition " + cond) // while the definition is read, so that a cycle ends here
	f := s.read(s.defs.Get(cond), "condition "+cond, 0)
	s.formulas[cond] = f
	return f
}

func (s *solver) newAtom(key string) *formula {
	a, ok := s.atoms[key]
	if !ok {
		a = len(s.atoms)
		s.atoms[key] = a
	}
	return &formula{op: 'a', atom: a}
}

// read turns a definition into a formula. A definition that it can't read becomes an
// atom with that name.
func (s *solver) read(v Value, name string, depth int) *formula {
	fn, arg, ok := v.Intrinsic()
	if !ok || depth > 20 {
		return s.newAtom(name)
	}
	switch fn {
	case "Condition":
		if c, ok := arg.Text(); ok {
			return s.named(c)
		}
	case "Fn::And", "Fn::Or", "Fn::Not":
		f := &formula{op: map[string]byte{"Fn::And": '&', "Fn::Or": '|', "Fn::Not": '!'}[fn]}
		for x := range arg.Items() {
			f.parts = append(f.parts, s.read(x, "expression "+x.Compact(), depth+1))
		}
		if len(f.parts) > 0 && (fn != "Fn::Not" || len(f.parts) == 1) {
			return f
		}
	case "Fn::Equals":
		if f := s.equality(arg); f != nil {
			return f
		}
	}
	return s.newAtom(name)
}

// equality reads Fn::Equals; nil where the condition becomes an atom by its name.
// That is so for two literals too: [true, false] is a switch that the author may
// change.
func (s *solver) equality(arg Value) *formula {
	if arg.Len() != 2 || s.byName {
		return nil
	}
	a, b := arg.Item(0), arg.Item(1)
	x, y := a.Compact(), b.Compact()
	if x > y {
		x, y, a, b = y, x, b, a
	}
	left, isLeft := a.Scalar()
	right, isRight := b.Scalar()
	if isLeft && isRight {
		return nil
	}
	if f := s.decided(a, b); f != nil {
		return f
	}
	f := s.newAtom("equals " + x + " " + y)
	switch {
	case isLeft:
		s.equals[f.atom] = equality{y, left}
	case isRight:
		s.equals[f.atom] = equality{x, right}
	}
	return f
}
