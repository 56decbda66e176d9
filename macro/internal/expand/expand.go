// Package expand does to a template what CloudFormation does before a macro of the
// Transform section sees it: it includes the files that AWS::Include names, and evaluates
// the functions of AWS::LanguageExtensions (Fn::ForEach, Fn::Length, Fn::ToJsonString,
// Fn::FindInMap with a default), as far as the values are known.
//
// It is pure: bytes in, bytes out. The result knows where every value was written,
// so that a finding gets a line that the author can correct, and edits of the
// expanded template can be made in the text that it came from.
package expand

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// An Input is a template and what else is known.
type Input struct {
	JSON       []byte            // the template, in the long form
	Macro      string            // the name of the macro: transforms after it in the list run later
	Parameters map[string]string // values; lists joined by commas
	Region     string            // of the stack; empty: unknown
	Account    string            // of the stack; empty: unknown
	Partition  string            // empty: the Region's

	// Read returns a document that AWS::Include names by a path, as long-form JSON.
	// Its error becomes a problem at the Location. Without Read, such an
	// AWS::Include stays as it is.
	Read func(location string) (json []byte, err error)
}

// A Problem is something that can't be evaluated here, or that CloudFormation will
// refuse.
type Problem struct {
	Place
	What, Hint string
	Fault      bool // CloudFormation will refuse it
}

// A Place is where something was written: in the template, or in a document that
// AWS::Include names.
type Place struct {
	Location string // of the document; "" for the template
	At       jsontext.Pointer
}

// An Assumption is something that the result depends on and that may be different
// in another deployment: a parameter's value, or what another macro does.
type Assumption struct {
	Place
	What string
}

// A Result is an expanded template.
type Result struct {
	JSON     []byte // the input's own bytes where there was nothing to expand
	Problems []Problem
	Assumed  []Assumption

	root      *node    // of JSON; nil where there was nothing to expand
	locations []string // of the documents, by the index that is the doc of their nodes
}

// Changed reports whether something was expanded.
func (r *Result) Changed() bool { return r.root != nil }

// triggers are words of which a template has at least one where there is something
// to expand.
var triggers = [][]byte{[]byte(`"Fn::Transform"`), []byte(`"AWS::LanguageExtensions"`), []byte(`"AWS::Include"`), []byte(`"Transform"`)}

// Expand expands the template. It fails where that isn't valid JSON, or where the
// result is larger than any template may be; anything else is a Problem.
func Expand(in Input) (*Result, error) {
	out := &Result{JSON: in.JSON, locations: []string{""}}
	if !slices.ContainsFunc(triggers, func(mark []byte) bool { return bytes.Contains(in.JSON, mark) }) {
		return out, nil
	}
	root, err := parse(in.JSON, 0)
	if err != nil {
		return nil, err
	}
	in.Partition = cmp.Or(in.Partition, template.Partition(in.Region))
	e := &expander{Input: in, result: out, template: root}
	whole := e.includes(root)
	for _, t := range e.transforms() {
		e.template = whole
		switch name, _ := t.text(); {
		case name == "AWS::LanguageExtensions":
			whole = e.extensions(whole)
		case name == "AWS::Include":
			whole = e.included(whole, t.up)
		case name != "" && !strings.HasPrefix(name, "AWS::"):
			e.assume(t, "the macro "+name+" runs first, and what it does is not known here")
		}
	}
	if e.nodes > maxNodes {
		return nil, errTooLarge
	}
	if whole != root {
		out.root = whole
		if out.JSON, err = whole.json(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// An expander is one expansion at work.
type expander struct {
	Input
	result   *Result
	template *node // whose parameters and mappings are looked up
	nodes    int   // that were made

	usedParameter bool // the value of a parameter was used, since decided was called
}

// transforms returns the names in the Transform section that precede the macro's
// own.
func (e *expander) transforms() []*node {
	section := e.template.get("Transform")
	all := []*node{section}
	if section != nil && section.kind == '[' {
		all = section.children
	}
	var out []*node
	for _, t := range all {
		if t != nil && t.kind == '{' {
			t = t.get("Name")
		}
		if name, ok := t.text(); ok && name == e.Macro {
			break
		}
		if t != nil {
			out = append(out, t)
		}
	}
	return out
}

// spend counts nodes that are made, and reports whether there may be more.
func (e *expander) spend(n int) bool {
	e.nodes += n
	return e.nodes <= maxNodes
}

// decided calls work, which evaluates the expression of a node and reports whether
// that succeeded. If a parameter's value was used, it adds an assumption.
func (e *expander) decided(at *node, work func() bool) bool {
	before := e.usedParameter
	e.usedParameter = false
	ok := work()
	if ok && e.usedParameter {
		e.assume(at, "a parameter's value decides what is made here")
	}
	e.usedParameter = e.usedParameter || before
	return ok
}

func (e *expander) assume(at *node, what string) {
	if a := (Assumption{e.result.placeOf(at), what}); !slices.Contains(e.result.Assumed, a) {
		e.result.Assumed = append(e.result.Assumed, a)
	}
}

// problem adds a problem, the same only once.
func (e *expander) problem(at *node, what, hint string, fault bool) {
	p := Problem{e.result.placeOf(at), what, hint, fault}
	if !slices.Contains(e.result.Problems, p) {
		e.result.Problems = append(e.result.Problems, p)
	}
}

func (r *Result) placeOf(n *node) Place {
	n = n.origin()
	return Place{r.locations[n.doc], n.pointer()}
}

// Place returns where the value at p, a pointer into the result's JSON, was
// written. Where nothing is at p, it is the place of the nearest value above,
// followed by the rest of p.
func (r *Result) Place(p jsontext.Pointer) Place {
	if r.root == nil {
		return Place{At: p}
	}
	n, rest := r.root, p
	for token := range p.Tokens() {
		child := n.step(token)
		if child == nil {
			break
		}
		n = child
		rest = below(rest)
	}
	at := r.placeOf(n)
	if !n.made {
		at.At += rest
	}
	return at
}

// below returns the pointer without its first token.
func below(p jsontext.Pointer) jsontext.Pointer {
	if i := strings.IndexByte(string(p[1:]), '/'); i >= 0 {
		return p[1+i:]
	}
	return ""
}

// step returns the member or element that the pointer's token names, or nil.
func (n *node) step(token string) *node {
	if n.kind != '[' {
		return n.get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || strconv.Itoa(i) != token {
		return nil
	}
	return n.item(i)
}
