package template

import (
	"iter"
	"strings"
)

// JSON returns the text as a CloudFormation expression, in compact JSON: a string, a
// Ref or an Fn::GetAtt where it is one, or else an Fn::Sub. Opaque parts become
// variables of the Fn::Sub, as they were written.
func (x Text) JSON() string { return string(x.AppendJSON(nil)) }

// AppendJSON appends the text's expression to b.
func (x Text) AppendJSON(b []byte) []byte {
	if len(x) == 1 && x[0].Expr.Exists() {
		return append(b, x[0].Expr.Compact()...)
	}
	if p, ok := x.Single(); ok {
		switch p.Kind {
		case Ref:
			return append(AppendQuote(append(b, `{"Ref":`...), p.Text), '}')
		case Att:
			id, attribute, _ := strings.Cut(p.Text, ".")
			b = AppendQuote(append(b, `{"Fn::GetAtt":[`...), id)
			return append(AppendQuote(append(b, ','), attribute), "]}"...)
		}
	}
	if s, ok := x.Plain(); ok && !x.hasExpression() {
		return AppendQuote(b, s)
	}
	return x.appendSub(b)
}

func (x Text) hasExpression() bool {
	for _, p := range x {
		if p.Expr.Exists() {
			return true
		}
	}
	return false
}

func (x Text) appendSub(b []byte) []byte { return AppendSub(b, x) }

// A Reference is one place where a value refers to a resource, a parameter or a
// pseudo parameter.
type Reference struct {
	ID    string // the name, without an attribute
	Place Value  // the string that holds the name: of Ref, of Fn::GetAtt (or its first item), of Fn::Sub
}

// References ranges over the names in Ref, Fn::GetAtt and Fn::Sub anywhere in
// the value, in document order. DependsOn and Condition are not among them.
func (v Value) References() iter.Seq[Reference] {
	return func(yield func(Reference) bool) { v.references(yield) }
}

func (v Value) references(yield func(Reference) bool) bool {
	if fn, arg, ok := v.Intrinsic(); ok {
		switch fn {
		case "Ref":
			if id, ok := arg.Text(); ok {
				return yield(Reference{id, arg})
			}
		case "Fn::GetAtt":
			first := arg
			if arg.Kind() == Array {
				first = arg.Item(0)
			}
			if s, ok := first.Text(); ok {
				id, _, _ := strings.Cut(s, ".")
				if !yield(Reference{id, first}) {
					return false
				}
			}
		case "Fn::Sub":
			if !arg.subReferences(yield) {
				return false
			}
		}
	}
	for _, m := range v.Members() {
		if !m.references(yield) {
			return false
		}
	}
	for m := range v.Items() {
		if !m.references(yield) {
			return false
		}
	}
	return true
}

func (v Value) subReferences(yield func(Reference) bool) bool {
	text, vars := v, Value{}
	if v.Kind() == Array {
		text, vars = v.Item(0), v.Item(1)
	}
	s, _ := text.Text()
	for name := range SubNames(s) {
		if vars.Get(name).Exists() {
			continue
		}
		id, _, _ := strings.Cut(name, ".")
		if !yield(Reference{id, text}) {
			return false
		}
	}
	return true
}

// SubNames ranges over the names in the ${…} of an Fn::Sub text, without the
// escaped ${!…}.
func SubNames(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			at := strings.Index(s, "${")
			if at < 0 {
				return
			}
			s = s[at+2:]
			end := strings.IndexByte(s, '}')
			if end < 0 {
				return
			}
			if name := s[:end]; !strings.HasPrefix(name, "!") && !yield(strings.TrimSpace(name)) {
				return
			}
			s = s[end+1:]
		}
	}
}
