package caller

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A known is the value of an expression, as far as anybody knows it now.
type known struct {
	text      string
	ok        bool
	parameter bool // it depends on a parameter, which has another value another time
}

// Parameter returns the value of a parameter. What comes with the type of an SSM
// parameter can be its key, and of a secret asterisks: neither is the value.
func (e Environment) Parameter(t *template.Template, name string) (string, bool) {
	v, ok := e.Parameters[name]
	if !ok {
		return "", false
	}
	declared := t.Section("Parameters").Get(name)
	if typ, _ := declared.Get("Type").Text(); strings.HasPrefix(typ, "AWS::SSM::Parameter::Value") {
		return "", false
	}
	if isTrue(declared.Get("NoEcho")) && v != "" && strings.Trim(v, "*") == "" {
		return "", false
	}
	return v, true
}

// parameter is the value of a parameter, "" where it isn't known.
func (s *Scope) parameter(name string) string {
	v, _ := s.env.Parameter(s.t, name)
	return v
}

// Value returns what a text is worth in a decision that the template is bound by:
// a value that depends on a parameter is one where the parameters are settled.
func (s *Scope) Value(x template.Text) (string, bool) {
	if k := s.known(x); k.ok && (!k.parameter || s.env.Settled) {
		return k.text, true
	}
	return "", false
}

// Shown is a text for people, with what is known filled in. The value of a
// parameter is told only where parameters are settled, and a secret never: what is
// left out stands there as its name in <>.
func (s *Scope) Shown(x template.Text) string {
	var b strings.Builder
	for _, p := range x {
		one := template.Text{p}
		v, ok := s.Value(one)
		switch {
		case p.Kind == template.Lit:
			b.WriteString(p.Text)
		case ok && !s.isSecret(p):
			b.WriteString(v)
		case p.Kind == template.Opaque:
			b.WriteString("<" + one.String() + ">")
		default:
			b.WriteString("<" + p.Text + ">")
		}
	}
	return b.String()
}

func (s *Scope) isSecret(p template.Part) bool {
	if p.Kind == template.Ref {
		return s.hasNoEcho(p.Text)
	}
	return s.secret(p.Expr)
}

// Whereabouts returns the partition and Region of a function elsewhere as its ARN
// has them, for people.
func (s *Scope) Whereabouts(t *Target) (partition, region string) {
	p := splitARN(t.ARN)
	if len(p.region) > 0 {
		return s.Shown(p.partition), s.Shown(p.region)
	}
	if t.Region == "" {
		return "", cmp.Or(s.env.Region, "<region>")
	}
	if one, ok := t.ARN.Single(); ok && s.env.Settled && !s.isSecret(one) {
		return t.Partition, t.Region
	}
	return "", "<region>"
}

// known puts together what is known of a text's parts.
func (s *Scope) known(x template.Text) known { return s.knownWithin(x, 0) }

// maxKnown bounds how deep keys of maps are themselves looked up.
const maxKnown = 16

func (s *Scope) knownWithin(x template.Text, depth int) known {
	if plain, ok := x.Plain(); ok {
		return known{text: plain, ok: true}
	}
	var b strings.Builder
	all := known{ok: true}
	for _, p := range x {
		k := s.knownPart(p, depth)
		if !k.ok {
			return known{}
		}
		b.WriteString(k.text)
		all.parameter = all.parameter || k.parameter
	}
	all.text = b.String()
	return all
}

func (s *Scope) knownPart(p template.Part, depth int) known {
	switch {
	case p.Kind == template.Lit:
		return known{text: p.Text, ok: true}
	case p.Kind == template.Ref:
		if v, pseudo := s.pseudo(p.Text); pseudo {
			return known{text: v, ok: v != ""}
		}
		v, ok := s.env.Parameter(s.t, p.Text)
		return known{text: v, ok: ok, parameter: true}
	case p.Kind == template.Opaque && depth < maxKnown:
		return s.evaluate(p.Expr, depth+1)
	}
	return known{}
}

func (s *Scope) pseudo(name string) (value string, ok bool) {
	switch name {
	case "AWS::Region":
		return s.env.Region, true
	case "AWS::AccountId":
		return s.env.Account, true
	case "AWS::Partition":
		return s.env.Partition, true
	}
	return "", false
}

// evaluate carries out an expression that can't be flattened, since it depends
// on values.
func (s *Scope) evaluate(v template.Value, depth int) known {
	switch fn, arg, _ := v.Intrinsic(); fn {
	case "Fn::FindInMap":
		return s.lookUp(arg, depth)
	case "Fn::Select":
		return s.selected(arg, depth)
	}
	return known{}
}

func (s *Scope) item(v template.Value, depth int) known {
	x, ok := v.One()
	if !ok || depth > maxKnown {
		return known{}
	}
	return s.knownWithin(x, depth)
}

// lookUp reads Mappings by keys whose values are known.
func (s *Scope) lookUp(arg template.Value, depth int) known {
	at, all := s.t.Section("Mappings"), known{ok: true}
	for i := range 3 {
		key := s.item(arg.Item(i), depth)
		if !key.ok {
			return known{}
		}
		at, all.parameter = at.Get(key.text), all.parameter || key.parameter
	}
	if fallback := arg.Item(3).Get("DefaultValue"); !at.Exists() && fallback.Exists() {
		k := s.item(fallback, depth)
		k.parameter = k.parameter || all.parameter
		return k
	}
	all.text, all.ok = at.Scalar()
	return all
}

// selected is the item of an Fn::Split, or of a parameter that is a list.
func (s *Scope) selected(arg template.Value, depth int) known {
	index := s.item(arg.Item(0), depth)
	n, err := strconv.Atoi(index.text)
	if !index.ok || err != nil || n < 0 {
		return known{}
	}
	sep, whole := ",", arg.Item(1)
	if fn, of, ok := whole.Intrinsic(); ok && fn == "Fn::Split" {
		if sep, ok = of.Item(0).Text(); !ok || sep == "" {
			return known{}
		}
		whole = of.Item(1)
	}
	list := s.item(whole, depth)
	parts := strings.Split(list.text, sep)
	if !list.ok || n >= len(parts) {
		return known{}
	}
	return known{text: parts[n], ok: true, parameter: index.parameter || list.parameter}
}

func isTrue(v template.Value) bool {
	s, _ := v.Scalar()
	return strings.EqualFold(s, "true")
}

func (s *Scope) hasNoEcho(parameter string) bool {
	return isTrue(s.t.Section("Parameters").Path(parameter, "NoEcho"))
}
