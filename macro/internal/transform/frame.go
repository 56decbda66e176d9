package transform

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A frame makes a template of a fragment that is only a part of one: the siblings of
// an Fn::Transform, whose place the event doesn't tell. It is put around the fragment
// before the work and removed after it.
type frame struct {
	name           string // of the part that the fragment is, for messages; "" for a whole template
	prefix, suffix string // JSON before and after the fragment; "" for a whole template
	resources      bool   // resources may be added
}

const nameInTransform = "name the macro in the template's Transform section"

// here precedes a fragment that is a resource, or a part of one.
const here = `{"Resources":{"Here":`

// frameOf finds out by its members what a fragment is: a template, its resources, a
// resource, or a part of one that a service knows.
func frameOf(root template.Value, services *invoke.Catalog) (frame, error) {
	switch root.Kind() {
	case template.Object:
	case template.Array:
		return frame{}, finding.Errorf("fragment", nameInTransform, "is a list")
	default:
		return frame{}, finding.Errorf("fragment", nameInTransform, "is no object")
	}
	if root.Get("Resources").Exists() {
		return frame{}, nil
	}
	if root.Len() == 0 {
		return frame{}, finding.Errorf("fragment", "a Fn::Transform in place of a value can't be used, "+nameInTransform, "is empty")
	}
	if typ, ok := root.Get("Type").Text(); ok && strings.Contains(typ, "::") {
		return frame{name: typ, prefix: here, suffix: `}}`}, nil
	}
	if p, ok := services.Part(root); ok {
		return frame{name: p.Name, prefix: here + `{"Type":"` + p.Type + `","Properties":` + p.Before, suffix: p.After + `}}}`}, nil
	}
	for _, v := range root.Members() {
		if typ, ok := v.Get("Type").Text(); ok && strings.Contains(typ, "::") {
			return frame{name: "Resources", prefix: `{"Resources":`, suffix: `}`, resources: true}, nil
		}
	}
	return frame{}, nil // a template without resources, or a part that holds no calls
}

func (f frame) wrap(fragment string) string { return f.prefix + fragment + f.suffix }

func (f frame) unwrap(out []byte) []byte { return out[len(f.prefix) : len(out)-len(f.suffix)] }

// accepts returns an error where an edit is outside of the fragment.
func (f frame) accepts(edits []template.Edit) error {
	if f.prefix == "" {
		return nil
	}
	for _, e := range edits {
		p := string(e.At)
		if f.resources && strings.HasPrefix(p, "/Resources/") || strings.HasPrefix(p, "/Resources/Here/") {
			continue
		}
		what := "a permission or role"
		if !strings.HasPrefix(p, "/Resources/") {
			what = "a condition"
		}
		return finding.Errorf("Fn::Transform in "+f.name, nameInTransform+", or give Grant: role with RoleArn", "%s can't be added from there", what)
	}
	return nil
}
