package engine

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/stack"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// Where the macro runs before AWS::LanguageExtensions, it sees loops that are
// not expanded: Fn::ForEach::Name: [Identifier, values, {outputs}]. What a
// loop's resources call can be granted inside of the loop, once for each value
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html).

// A loop is one Fn::ForEach among the resources.
type loop struct {
	name       string
	identifier string
	outputs    template.Value // an object: keys with the identifier, and resources
	marker     string         // a word that replaces ${Identifier} and its Ref while the loop is read
	ampMarker  string         // the same for &{Identifier}, the value without what a logical id can't have
	key        string         // how the value is written in a logical id
	values     []string       // none where they aren't known
}

// A looping decides on the calls of loops, and adds what it decides to a result.
type looping struct {
	*statement.View
	result *Result
}

// decideLoops decides on every loop as if its outputs were resources of the template.
// Grants that depend on the loop's value become outputs of the loop. A loop for which
// that isn't possible gets a finding.
func (d looping) decideLoops(base option.Options) error {
	for name, v := range d.Template.Section("Resources").Members() {
		if !strings.HasPrefix(name, "Fn::ForEach::") || !d.Env.Catalog().Mentioned(v) {
			continue
		}
		l, ok := d.newLoop(name, v)
		if ok {
			var err error
			if ok, err = d.decideLoop(l, base); err != nil {
				return err
			}
		}
		if !ok {
			d.result.Problems = append(d.result.Problems, finding.Finding{Reason: invoke.Loop, At: v.Pointer(), Detail: name})
		}
	}
	return nil
}

func (d looping) newLoop(name string, v template.Value) (loop, bool) {
	identifier, ok := v.Item(0).Text()
	word := "ZZ" + strings.ToUpper(naming.Hash(name, identifier))
	l := loop{name: name, identifier: identifier, outputs: v.Item(2), marker: word + "ZZ", ampMarker: word + "AZ", values: d.loopValues(v.Item(1))}
	if !ok || v.Len() != 3 || identifier == "" || l.outputs.Kind() != template.Object {
		return l, false
	}
	l.key = "${" + identifier + "}"
	for output := range l.outputs.Members() {
		if strings.HasPrefix(output, "Fn::ForEach::") {
			return l, false
		}
		if strings.Contains(output, "&{"+identifier+"}") {
			l.key = "&{" + identifier + "}"
		}
	}
	return l, true
}

// loopValues returns the values that a loop goes over, of a list or a parameter that
// is one; none where they aren't known.
func (d looping) loopValues(v template.Value) []string {
	if fn, name, ok := v.Intrinsic(); ok && fn == "Ref" {
		if parameter, _ := name.Text(); d.Env.Parameters[parameter] != "" {
			return strings.Split(d.Env.Parameters[parameter], ",")
		}
	}
	var values []string
	for item := range v.Items() {
		s, ok := item.Scalar()
		if !ok {
			return nil
		}
		values = append(values, s)
	}
	return values
}

func (l loop) alphanumeric() bool {
	for _, v := range l.values {
		for _, c := range []byte(v) {
			if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
				return false
			}
		}
	}
	return len(l.values) > 0
}

// elements returns the markers as package stack needs them.
func (l loop) elements() []stack.Element {
	return []stack.Element{{Word: l.marker, Values: l.values}, {Word: l.ampMarker, Values: l.values}}
}

// decideLoop decides on the template with the loop's outputs among its resources;
// false where something that must be added can't be inside of the loop.
func (d looping) decideLoop(l loop, base option.Options) (bool, error) {
	edits := []template.Edit{}
	origin := map[string]string{} // marked id -> the output's key
	for output, v := range l.outputs.Members() {
		id := l.mark(output)
		if d.Template.Taken(id) || origin[id] != "" {
			return false, nil
		}
		origin[id] = output
		edits = append(edits, template.Edit{Op: template.Add, At: jsontext.Pointer("/Resources").AppendToken(id),
			Value: jsontext.Value(l.mark(v.Compact()))})
	}
	out, err := d.Template.Apply(edits)
	if err != nil {
		return false, nil
	}
	d.Template.Budget().Spend(len(out) / 8)
	d.Template.Budget().Keep(2 * len(out))
	env := d.Env
	env.Elements = l.elements()
	r, err := decide(template.Index(out).Limit(d.Template.Budget()), env, base)
	if err != nil {
		return false, err
	}
	outside := map[jsontext.Pointer]bool{}
	for _, e := range d.result.Edits {
		outside[e.At] = true
	}
	moved := make([]template.Edit, 0, len(r.Edits))
	renamed := l.renamed(r.Edits, origin)
	for _, e := range r.Edits {
		e.Value = jsontext.Value(renamed.Replace(string(e.Value)))
		m, ok := l.move(e, origin)
		if !ok {
			return false, nil
		}
		if !outside[m.At] { // what doesn't depend on the value is added once, outside of the loop
			moved = append(moved, m)
		}
	}
	if !d.written(r, moved, l, origin) {
		return false, nil
	}
	d.result.Edits = append(d.result.Edits, moved...)
	d.takeOver(l, r, origin)
	return true, nil
}

// written reports whether every grant that decisions name for the loop's outputs is
// among the edits.
func (d looping) written(r *Result, moved []template.Edit, l loop, origin map[string]string) bool {
	there := map[string]bool{}
	for _, e := range append(slices.Clone(d.result.Edits), moved...) {
		there[l.unmark(e.At.LastToken())] = true
	}
	for _, dec := range r.Decisions {
		if _, ok := origin[dec.Call.Resource]; !ok || dec.Verdict != grant.Added {
			continue
		}
		for _, by := range dec.By {
			id := l.unmark(by)
			if !there[id] && !there[id+l.key] {
				return false
			}
		}
	}
	return true
}

// varies reports whether what an edit adds differs from value to value, apart from its
// Metadata.
func (l loop) varies(e template.Edit) bool {
	if !l.marked(string(e.Value)) {
		return false
	}
	v := template.Index(e.Value).Root()
	if v.Kind() != template.Object || !v.Get("Metadata").Exists() {
		return true
	}
	for name, m := range v.Members() {
		if name != "Metadata" && l.marked(m.Raw()) {
			return true
		}
	}
	return false
}

// renamed replaces, in DependsOn and in references, the logical ids of what is added
// for each value but has no marker in its id: inside of the loop, the value is
// appended to these.
func (l loop) renamed(edits []template.Edit, origin map[string]string) *strings.Replacer {
	var pairs []string
	for _, e := range edits {
		id, rest, _ := strings.Cut(strings.TrimPrefix(string(e.At), "/Resources/"), "/")
		if _, isOutput := origin[id]; !isOutput && rest == "" && !l.marked(id) && l.varies(e) {
			pairs = append(pairs, template.Quote(id), template.Quote(id+l.key))
		}
	}
	return strings.NewReplacer(pairs...)
}

// move makes an edit of the marked template one of the template with the loop: inside
// of the loop if it depends on the loop's value. It is false where that isn't
// possible.
func (l loop) move(e template.Edit, origin map[string]string) (template.Edit, bool) {
	id, rest, _ := strings.Cut(strings.TrimPrefix(string(e.At), "/Resources/"), "/")
	inside := l.marked(string(e.At)) || l.varies(e)
	output, isOutput := origin[id]
	at := jsontext.Pointer("/Resources").AppendToken(l.name) + "/2"
	switch {
	case !inside && !isOutput:
		e.Value = jsontext.Value(l.unmark(string(e.Value)))
		return e, e.Op == template.Add
	case e.Op == template.Rename, strings.Contains(string(e.Value), `"AWS::IAM::Role"`), !strings.HasPrefix(string(e.At), "/Resources/"):
		return e, false
	case isOutput && rest != "":
		e.At = at.AppendToken(output) + "/" + jsontext.Pointer(l.unmark(rest))
	default:
		key := l.unmark(id)
		if key == id {
			key += l.key
		}
		e.At = at.AppendToken(key)
	}
	e.Value = jsontext.Value(l.unmark(l.substitute(string(e.Value))))
	return e, true
}

// takeOver takes over the decisions and findings about the loop's outputs.
func (d looping) takeOver(l loop, r *Result, origin map[string]string) {
	for _, dec := range r.Decisions {
		if _, ok := origin[dec.Call.Resource]; !ok {
			continue
		}
		d.result.Decisions = append(d.result.Decisions, l.unmarkDecision(dec))
	}
	for _, p := range r.Problems {
		id, _, _ := strings.Cut(strings.TrimPrefix(string(p.At), "/Resources/"), "/")
		if _, ok := origin[id]; ok {
			d.result.Problems = append(d.result.Problems, l.unmarkProblem(p))
		}
	}
	for _, g := range r.Grants() {
		if l.marked(g.ID + g.Source + g.Function) {
			g.ID, g.Source, g.Function = l.unmark(g.ID), l.unmark(g.Source), l.unmark(g.Function)
			d.result.others = append(d.result.others, g)
		}
	}
}
