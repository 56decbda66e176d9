package apigateway

import (
	"iter"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// maxHops bounds how many $ref are followed one after the other.
const maxHops = 16

// follow yields what a part of a definition can be, through Fn::If and $ref, each with its
// guard. What can't be followed is reported.
func (d *document) follow(v template.Value) iter.Seq2[template.Guard, template.Value] {
	return func(yield func(template.Guard, template.Value) bool) { d.walk(v, v, nil, maxHops, yield) }
}

// walk is follow for the target of the $ref at from.
func (d *document) walk(v, from template.Value, when template.Guard, hops int, yield func(template.Guard, template.Value) bool) bool {
	for inner, x := range v.Branches {
		both, ok := when.And(inner)
		if !ok {
			continue
		}
		ref := x.Get("$ref")
		fn, _, isCall := x.Intrinsic()
		switch {
		case x.Get("Fn::Transform").Exists():
			d.opaque(x, "Fn::Transform")
		case isCall:
			d.opaque(x, fn)
			continue
		}
		if !ref.Exists() {
			if !yield(both, x) {
				return false
			}
			continue
		}
		if target, ok := d.target(ref); !ok || hops == 0 {
			if !d.g.Partial { // its target may be outside of the fragment
				d.opaque(from, "$ref "+plainOf(ref))
			}
		} else if !d.walk(target, from, both, hops-1, yield) {
			return false
		}
	}
	return true
}

func plainOf(v template.Value) string {
	s, _ := v.Text()
	return s
}

// target returns what a $ref names within the definition, by a JSON pointer after #
// (https://datatracker.ietf.org/doc/html/rfc6901#section-6).
func (d *document) target(ref template.Value) (template.Value, bool) {
	path, ok := strings.CutPrefix(plainOf(ref), "#/")
	v := d.root
	for token := range strings.SplitSeq(path, "/") {
		v = v.Get(strings.NewReplacer("~1", "/", "~0", "~").Replace(token))
	}
	return v, ok && v.Exists()
}

// members ranges over the members of a part of a definition, without loops and transforms
// that haven't been processed yet: that their results aren't known is reported.
func (d *document) members(v template.Value) iter.Seq2[string, template.Value] {
	return func(yield func(string, template.Value) bool) {
		for name, m := range v.Members() {
			if strings.HasPrefix(name, "Fn::ForEach::") {
				d.g.Tell(invoke.Loop, d.at(m), name)
			} else if name == "Fn::Transform" {
				continue // reported where its siblings are read
			} else if !yield(name, m) {
				return
			}
		}
	}
}

// opaque reports a part of the definition that can't be read.
func (d *document) opaque(v template.Value, why string) {
	d.g.Tell(OpaqueBody, d.at(v), why)
}
