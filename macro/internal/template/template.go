// Package template is the CloudFormation document: it reads a fragment, knows where
// each value is, evaluates the template language (Ref, GetAtt, Sub, Join, If, Select,
// Split, FindInMap, conditions) as far as that is possible before the deployment, and
// makes edits in the text. It knows no resource type.
//
// A fragment is validated and indexed in one pass. It never changes, and no part of
// it is decoded into maps, so that number text, key order, nulls and unknown members
// survive.
package template

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/budget"

	"github.com/grantinvoke/grantinvoke/macro/internal/jsonindex"
)

// A Template is one fragment and the index over it. It is immutable for its
// users but fills some of its indexes lazily: it is not safe for concurrent use.
type Template struct {
	index     jsonindex.Index
	root      jsonindex.Node
	resources []Resource
	byID      map[string]int32  // indexes of the resources, where they are many; nil: nobody has asked
	section   Value             // Resources
	solver    *solver           // what conditions mean
	named     *solver           // how they are made of one another
	here      *solver           // what they mean where the template is deployed
	at        Deployed          // where the template is deployed
	composed  []string          // the conditions that are made of others; nil: not computed yet
	defined   map[string]string // the conditions by their definitions
	budget    *budget.Budget
}

// A Resource is one object under Resources that has a string as its Type.
type Resource struct {
	ID   string
	Type string
	Value
	properties, condition, deletion jsonindex.Node
}

// resource reads the value as a resource; false where it is none: loops
// (Fn::ForEach) are arrays.
func (v Value) resource(id string) (Resource, bool) {
	r := Resource{ID: id, Value: v}
	ok := false
	for name, m := range v.Members() {
		switch name {
		case "Type":
			r.Type, ok = m.Text()
		case "Properties":
			r.properties = m.n
		case "Condition":
			r.condition = m.n
		case "DeletionPolicy":
			r.deletion = m.n
		}
	}
	return r, ok
}

// Properties returns the resource's Properties, absent where there are none.
func (r Resource) Properties() Value { return Value{r.t, r.properties} }

// DeletionPolicy returns the resource's DeletionPolicy, absent when there is none.
func (r Resource) DeletionPolicy() Value { return Value{r.t, r.deletion} }

// Condition returns when the resource exists, by its Condition attribute.
func (r Resource) Condition() Guard {
	if name, ok := (Value{r.t, r.condition}).Text(); ok {
		return Guard{{Cond: name}}
	}
	return nil
}

// Parse validates a JSON text and indexes it. The template keeps no copy of the text,
// which must not change as long as the template is used. The error tells what is
// wrong and where: syntax, invalid UTF-8, a name twice in one object.
func Parse(src []byte) (*Template, error) {
	x, err := jsonindex.Parse(src)
	if err != nil {
		return nil, err
	}
	return newTemplate(x, jsonindex.Root), nil
}

// Index indexes a JSON text that is known to be valid (RFC 8259, unique member
// names), such as a part of one that was parsed before. For any other text it returns
// the template null.
func Index[T ~string | ~[]byte](src T) *Template {
	x, ok := jsonindex.Read(string(src))
	if !ok {
		x, _ = jsonindex.Read("null")
	}
	return newTemplate(x, jsonindex.Root)
}

// Document returns the value as a template of its own: pointers into it begin at the
// value. It shares the index with the template.
func (v Value) Document() *Template { return newTemplate(v.t.index, v.n) }

func newTemplate(x jsonindex.Index, root jsonindex.Node) *Template {
	t := &Template{index: x, root: root}
	t.indexResources()
	return t
}

// Scratch returns an empty slice with a capacity of n bytes, which live as long as the
// template, and the one that it is a document of.
func (t *Template) Scratch(n int) []byte { return t.index.Bytes(n) }

// Release keeps the memory of the index for the next template. Afterwards neither the
// template nor any value or document of it may be used, nor what was made of these.
// It need not be called: otherwise the garbage collector frees the memory.
func (t *Template) Release() { t.index.Release() }

// indexResources lists the resources.
func (t *Template) indexResources() {
	t.section = t.Section("Resources")
	if t.section.Kind() != Object {
		return
	}
	t.resources = make([]Resource, 0, t.section.Len())
	for id, v := range t.section.Members() {
		if r, ok := v.resource(id); ok {
			t.resources = append(t.resources, r)
		}
	}
}

// Bytes returns the text that was indexed.
func (t *Template) Bytes() []byte { return []byte(t.Root().Raw()) }

// MayHave reports whether a member anywhere in the document may have one of the
// names. It is quick; if it reports false, none has.
func (t *Template) MayHave(names ...string) bool {
	for _, name := range names {
		if t.index.MayName(name) && t.Root().Mentions(name) {
			return true
		}
	}
	return false
}

// Size returns how many bytes were indexed.
func (t *Template) Size() int { return len(t.Root().Raw()) }

// Root returns the whole document as a value.
func (t *Template) Root() Value { return Value{t, t.root} }

// Section returns a top-level member such as Conditions, absent when there is none.
func (t *Template) Section(name string) Value { return t.Root().Get(name) }

// Resources returns the resources in document order.
func (t *Template) Resources() []Resource { return t.resources }

// fewResources is up to how many resources are compared one by one.
const fewResources = 24

// Resource returns the resource with the logical id.
func (t *Template) Resource(id string) (Resource, bool) {
	if strings.HasPrefix(id, "AWS::") {
		return Resource{}, false // a pseudo parameter: CloudFormation refuses a logical id with a colon
	}
	if len(t.resources) <= fewResources {
		for i := range t.resources {
			if t.resources[i].ID == id {
				return t.resources[i], true
			}
		}
		return Resource{}, false
	}
	if t.byID == nil {
		t.byID = make(map[string]int32, len(t.resources))
		for i := range t.resources {
			t.byID[t.resources[i].ID] = int32(i)
		}
	}
	i, ok := t.byID[id]
	if !ok {
		return Resource{}, false
	}
	return t.resources[i], true
}

// Taken reports whether Resources has a member of that name, a resource or not.
func (t *Template) Taken(id string) bool { return t.section.Get(id).Exists() }

// At returns the value at the pointer, absent when there is none.
func (t *Template) At(p jsontext.Pointer) Value {
	v := t.Root()
	for token := range p.Tokens() {
		switch v.Kind() {
		case Object:
			v = v.Get(token)
		case Array:
			v = v.item(token)
		default:
			return Value{}
		}
	}
	return v
}
