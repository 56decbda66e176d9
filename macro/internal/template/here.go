package template

import (
	"strconv"
	"strings"
)

// Deployed is where a template is deployed. A field is "" where that isn't known.
type Deployed struct{ Region, Account, Partition string }

// Pseudo returns the value of a pseudo parameter; ok is false where it isn't known.
func (d Deployed) Pseudo(name string) (value string, ok bool) {
	switch name {
	case "AWS::Region":
		value = d.Region
	case "AWS::AccountId":
		value = d.Account
	case "AWS::Partition":
		value = d.Partition
	}
	return value, value != ""
}

// Know sets where the template is deployed. Only [Template.CoveredHere] and
// [Template.PossibleHere] use it.
func (t *Template) Know(at Deployed) { t.at, t.here = at, nil }

// CoveredHere is [Template.Covered] for the account and Region in which the template
// is deployed: conditions that compare only these have a value there.
func (t *Template) CoveredHere(need Guard, by []Guard) bool {
	if t.Covered(need, by) {
		return true
	}
	return len(by) > 0 && t.at != Deployed{} && !t.deployed().satisfiable(need, by)
}

// PossibleHere reports whether the guard can be true where the template is deployed.
func (t *Template) PossibleHere(g Guard) bool {
	return len(g) == 0 || t.at == Deployed{} || t.deployed().satisfiable(g, nil)
}

func (t *Template) deployed() *solver {
	if t.here == nil {
		t.here = newSolver(t, false)
		t.here.at = t.at
	}
	return t.here
}

// decided returns the formula of a comparison whose sides are both known, by what
// [Template.Know] has set; nil for any other.
func (s *solver) decided(a, b Value) *formula {
	if s.at == (Deployed{}) {
		return nil
	}
	x, ok := s.known(a, 0)
	y, both := s.known(b, 0)
	if !ok || !both {
		return nil
	}
	if x == y {
		return &formula{op: '&'} // of no parts: true
	}
	return &formula{op: '|'} // of no parts: false
}

// known returns the value of an expression of the Conditions section, where it is
// known.
func (s *solver) known(v Value, depth int) (string, bool) {
	if depth > maxDepth {
		return "", false
	}
	fn, arg, _ := v.Intrinsic()
	switch fn {
	case "Fn::Select":
		index, ok := arg.Item(0).Scalar()
		i, err := strconv.Atoi(index)
		split, of, _ := arg.Item(1).Intrinsic()
		sep, isText := of.Item(0).Text()
		if !ok || err != nil || split != "Fn::Split" || !isText || sep == "" {
			return "", false
		}
		text, ok := s.known(of.Item(1), depth+1)
		parts := strings.Split(text, sep)
		if !ok || i < 0 || i >= len(parts) {
			return "", false
		}
		return parts[i], true
	case "Fn::FindInMap":
		at := v.t.Section("Mappings")
		for i := range 3 {
			key, ok := s.known(arg.Item(i), depth+1)
			if !ok {
				return "", false
			}
			at = at.Get(key)
		}
		return at.Scalar()
	}
	x, ok := v.One()
	if !ok {
		return "", false
	}
	var b strings.Builder
	for _, p := range x {
		text := p.Text
		if p.Kind != Lit {
			if text, ok = s.at.Pseudo(p.Text); !ok || p.Kind != Ref {
				return "", false
			}
		}
		b.WriteString(text)
	}
	return b.String(), true
}
