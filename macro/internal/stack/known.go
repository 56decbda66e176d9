package stack

import (
	"strconv"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Known is the value of an expression, as far as it is known before the deployment.
type Known struct {
	Text      string
	OK        bool // it is known
	Parameter bool // it depends on a parameter: a later deployment may have another value
}

// Parameter returns the value of a parameter, "" where it isn't known.
func (s *Stack) Parameter(name string) string {
	v, _ := s.ParameterOf(s.t, name)
	return v
}

// Value returns the value of a text for a decision that later deployments keep: one
// that depends on a parameter counts only where [Facts].Settled says so.
func (s *Stack) Value(x template.Text) (string, bool) {
	if k := s.Evaluate(x); k.OK && (!k.Parameter || s.Settled) {
		return k.Text, true
	}
	return "", false
}

// Shown returns a text for people, with what is known filled in. The value of a
// parameter is shown only where [Facts].Settled says so, a secret never: in place of
// what isn't shown is its name in <>.
func (s *Stack) Shown(x template.Text) string {
	var b strings.Builder
	for _, p := range x {
		one := template.Text{p}
		v, ok := s.Value(one)
		switch {
		case p.Kind == template.Lit:
			b.WriteString(p.Text)
		case ok && !s.IsSecret(p):
			b.WriteString(v)
		case p.Kind == template.Opaque:
			b.WriteString("<" + one.String() + ">")
		default:
			b.WriteString("<" + p.Text + ">")
		}
	}
	return b.String()
}

// IsSecret reports whether a part of a text depends on a parameter with NoEcho.
func (s *Stack) IsSecret(p template.Part) bool {
	if p.Kind == template.Ref {
		return s.hasNoEcho(p.Text)
	}
	return s.Secret(p.Expr)
}

// Evaluate returns the value of a text: known where that of each part is.
func (s *Stack) Evaluate(x template.Text) Known { return s.knownWithin(x, 0) }

// Known returns the text of a value as Evaluate does. An absent value is "".
func (s *Stack) Known(v template.Value) (text string, ok bool) {
	if !v.Exists() {
		return "", true
	}
	x, ok := v.One()
	if !ok {
		return "", false
	}
	k := s.Evaluate(x)
	return k.Text, k.OK
}

// Secret reports whether an expression depends on a parameter with NoEcho.
func (s *Stack) Secret(v template.Value) bool {
	for ref := range v.References() {
		if s.hasNoEcho(ref.ID) {
			return true
		}
	}
	return false
}

// maxKnown is how deep expressions are evaluated inside one another.
const maxKnown = 16

func (s *Stack) knownWithin(x template.Text, depth int) Known {
	if plain, ok := x.Plain(); ok {
		return Known{Text: plain, OK: true}
	}
	var b strings.Builder
	all := Known{OK: true}
	for _, p := range x {
		k := s.knownPart(p, depth)
		if !k.OK {
			return Known{}
		}
		b.WriteString(k.Text)
		all.Parameter = all.Parameter || k.Parameter
	}
	all.Text = b.String()
	return all
}

func (s *Stack) knownPart(p template.Part, depth int) Known {
	switch {
	case p.Kind == template.Lit:
		return Known{Text: p.Text, OK: true}
	case p.Kind == template.Ref:
		if v, pseudo := s.pseudo(p.Text); pseudo {
			return Known{Text: v, OK: v != ""}
		}
		v, ok := s.ParameterOf(s.t, p.Text)
		return Known{Text: v, OK: ok, Parameter: true}
	case p.Kind == template.Opaque && depth < maxKnown:
		return s.evaluate(p.Expr, depth+1)
	}
	return Known{}
}

func (s *Stack) pseudo(name string) (value string, ok bool) {
	switch name {
	case "AWS::Region":
		return s.Region, true
	case "AWS::AccountId":
		return s.Account, true
	case "AWS::Partition":
		return s.Partition, true
	}
	return "", false
}

// evaluate returns the value of an Fn::FindInMap or Fn::Select.
func (s *Stack) evaluate(v template.Value, depth int) Known {
	switch fn, arg, _ := v.Intrinsic(); fn {
	case "Fn::FindInMap":
		return s.lookUp(arg, depth)
	case "Fn::Select":
		return s.selected(arg, depth)
	}
	return Known{}
}

func (s *Stack) item(v template.Value, depth int) Known {
	x, ok := v.One()
	if !ok || depth > maxKnown {
		return Known{}
	}
	return s.knownWithin(x, depth)
}

// lookUp evaluates Fn::FindInMap, where the values of its keys are known.
func (s *Stack) lookUp(arg template.Value, depth int) Known {
	at, all := s.t.Section("Mappings"), Known{OK: true}
	for i := range 3 {
		key := s.item(arg.Item(i), depth)
		if !key.OK {
			return Known{}
		}
		at, all.Parameter = at.Get(key.Text), all.Parameter || key.Parameter
	}
	if fallback := arg.Item(3).Get("DefaultValue"); !at.Exists() && fallback.Exists() {
		k := s.item(fallback, depth)
		k.Parameter = k.Parameter || all.Parameter
		return k
	}
	all.Text, all.OK = at.Scalar()
	return all
}

// selected evaluates Fn::Select of an Fn::Split, or of a parameter that is a list.
func (s *Stack) selected(arg template.Value, depth int) Known {
	index := s.item(arg.Item(0), depth)
	n, err := strconv.Atoi(index.Text)
	if !index.OK || err != nil || n < 0 {
		return Known{}
	}
	sep, whole := ",", arg.Item(1)
	if fn, of, ok := whole.Intrinsic(); ok && fn == "Fn::Split" {
		if sep, ok = of.Item(0).Text(); !ok || sep == "" {
			return Known{}
		}
		whole = of.Item(1)
	}
	list := s.item(whole, depth)
	parts := strings.Split(list.Text, sep)
	if !list.OK || n >= len(parts) {
		return Known{}
	}
	return Known{Text: parts[n], OK: true, Parameter: index.Parameter || list.Parameter}
}

func isTrue(v template.Value) bool {
	s, _ := v.Scalar()
	return strings.EqualFold(s, "true")
}

func (s *Stack) hasNoEcho(parameter string) bool {
	return isTrue(s.t.Section("Parameters").Path(parameter, "NoEcho"))
}
