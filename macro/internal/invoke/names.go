package invoke

import (
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Names finds what the texts of a template stand for: functions, origins, and the
// resources of services.
type Names struct {
	*function.Names
	t       *template.Template
	catalog *Catalog
}

// Canonical returns a text in which references to resources are replaced by what they
// stand for, see [Spells]: a stage by its name, an authorizer's attribute by its Ref.
// So texts can be compared in every spelling.
func (n *Names) Canonical(x template.Text) template.Text { return n.canonical(x, 0) }

// maxSpelled bounds how often one reference leads to another.
const maxSpelled = 6

func (n *Names) canonical(x template.Text, depth int) template.Text {
	for i, p := range x {
		if p.Kind != template.Ref && p.Kind != template.Att || depth == maxSpelled || strings.HasPrefix(p.Text, "AWS::") {
			continue
		}
		id, attribute, _ := strings.Cut(p.Text, ".")
		r, _ := n.t.Resource(id)
		known, ok := n.spell(r, attribute)
		switch {
		case !ok, len(known) == 1 && known[0].Kind == p.Kind && known[0].Text == p.Text: // the reference itself
		case len(x) == 1:
			return n.canonical(known, depth+1)
		default:
			return template.Join(x[:i], n.canonical(known, depth+1), n.canonical(x[i+1:], depth))
		}
	}
	return x
}

// spell is [Spells] of the resource's service.
func (n *Names) spell(r template.Resource, attribute string) (x template.Text, ok bool) {
	if f := n.catalog.spells[r.Type]; f != nil {
		return f(n, r, attribute)
	}
	return nil, false
}

// maxTails bounds how many variants conditions make of one text.
const maxTails = 128

// Tails returns the canonical spellings of the text that follows an origin's id: one
// for each name that conditions give a stage.
func (n *Names) Tails(x template.Text) []template.Variant {
	out := []template.Variant{{}}
	for _, p := range x {
		next := n.variants(p)
		if len(next) < 2 || len(out)*len(next) > maxTails {
			next = []template.Variant{{Text: n.Canonical(template.Text{p})}}
		}
		out = template.Combine(out, next)
	}
	return out
}

// variants returns what a reference stands for, where conditions choose; else nil.
func (n *Names) variants(p template.Part) []template.Variant {
	if p.Kind == template.Lit {
		return nil
	}
	id, attribute, _ := strings.Cut(p.Text, ".")
	r, _ := n.t.Resource(id)
	for _, s := range n.catalog.origins {
		if all := s.Origins.Spells(n, r, attribute); len(all) > 0 {
			return all
		}
	}
	return nil
}

// Origin returns the origin that an id in a source ARN names; ok is false where
// the text refers to nothing.
func (n *Names) Origin(x template.Text) (o *Origin, ok bool) {
	if len(n.catalog.origins) > 0 {
		return n.catalog.origins[0].Origins.Named(n, x) // there is one such service
	}
	return &Origin{Name: x, Key: x.Key()}, true
}

// Redeployment is that of the origin with a key.
func (n *Names) Redeployment(key string) Redeployment {
	if len(n.catalog.origins) > 0 {
		return n.catalog.origins[0].Origins.Redeploy(n, key) // there is one such service
	}
	return Redeployment{}
}

// Opened returns the logical id of the origin that a resource makes callable; ok is
// false where it makes none.
func (n *Names) Opened(r template.Resource) (id string, ok bool) {
	for _, s := range n.catalog.origins {
		if id, ok = s.Origins.Opened(r); ok {
			return id, true
		}
	}
	return "", false
}

// OriginAsText returns the logical id of the origin that a literal text equals: a
// mistake, since the text is no reference, and no origin's id is like that.
func (n *Names) OriginAsText(x template.Text) (string, bool) {
	return n.TextIsID(x, func(typ string) bool {
		for _, s := range n.catalog.origins {
			if s.Origins.Is(typ) {
				return true
			}
		}
		return false
	})
}

// NamesOf returns the names that a property gives a resource, each under its
// condition; Absent is the name that CloudFormation makes.
func (n *Names) NamesOf(r template.Resource, property string) []template.Variant {
	names := r.Properties().Get(property).Variants()
	for i, x := range names {
		names[i].Absent = len(x.Text) == 0
	}
	return names
}

// NameOf returns the name that a property gives a resource, where it is the same under
// all conditions; else a reference to the resource, whose value is the name.
func (n *Names) NameOf(r template.Resource, property string) (name template.Text, given bool) {
	if x, ok := r.Properties().Get(property).One(); ok && len(x) > 0 {
		return x, true
	}
	return template.RefTo(r.ID), false
}
