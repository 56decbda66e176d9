// Package expand makes of a template what CloudFormation makes of it before
// a macro of the Transform section sees it: files that AWS::Include names are
// put in their places, and what AWS::LanguageExtensions brings (Fn::ForEach,
// Fn::Length, Fn::ToJsonString, Fn::FindInMap with a default) is worked out, as
// far as the values are known.
//
// It is pure: bytes in, bytes out. The result knows of every value where it was
// written, so that a finding stands at a line that the author can correct, and
// takes edits of the expanded template back to the text that it came from.
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

// An Input is a template and what is known beside it.
type Input struct {
	JSON       []byte            // the template, in the long form
	Macro      string            // the name of the macro: what Transform lists behind it runs later
	Parameters map[string]string // values; lists joined by commas
	Region     string            // of the stack; empty: unknown
	Account    string
	Partition  string // empty: the Region's

	// Read returns the document that AWS::Include names, which is no
	// s3:// location, as long-form JSON. Its error is told at the Location.
	// Without Read no file is there.
	Read func(location string) (json []byte, err error)
}

// A Problem is something that could not be worked out here, or that
// CloudFormation will not take.
type Problem struct {
	Place
	What, Hint string
	Fault      bool // CloudFormation will not take it
}

// A Place is where something was written: in the template, or in the document
// that AWS::Include names.
type Place struct {
	Location string // "" for the template
	At       jsontext.Pointer
}

// An Assumption is what the result depends on and another deployment may have
// otherwise: a parameter's value, or what another macro does.
type Assumption struct {
	Place
	What string
}

// A Result is an expanded template.
type Result struct {
	JSON     []byte // the input's own bytes where there was nothing to expand
	Problems []Problem
	Assumed  []Assumption

	root      *node    // nil where there was nothing to expand
	locations []string // of the documents
}

// Changed reports whether something was expanded.
func (r *Result) Changed() bool { return r.root != nil }

// marks are the words of which a template has at least one where there is
// something to expand.
var marks = [][]byte{[]byte(`"Fn::Transform"`), []byte(`"AWS::LanguageExtensions"`), []byte(`"AWS::Include"`), []byte(`"Transform"`)}

// Expand expands the template. Its error is one of the JSON text, or that the
// result is larger than any template may be.
func Expand(in Input) (*Result, error) {
	out := &Result{JSON: in.JSON, locations: []string{""}}
	if !slices.ContainsFunc(marks, func(mark []byte) bool { return bytes.Contains(in.JSON, mark) }) {
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
	template *node // whose parameters and mappings count
	nodes    int   // that were made
	asked    bool  // a parameter's value was asked for, and known
}

// transforms returns the names in the Transform section that stand before the
// macro's own.
func (e *expander) transforms() []*node {
	section := e.template.get("Transform")
	all := []*node{section}
	if section != nil && section.kind == '[' {
		all = section.kids
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

// decided works out what stands at a place, and notes where a parameter's value
// decides.
func (e *expander) decided(at *node, work func() bool) bool {
	before := e.asked
	e.asked = false
	ok := work()
	if ok && e.asked {
		e.assume(at, "a parameter's value decides what is made here")
	}
	e.asked = e.asked || before
	return ok
}

func (e *expander) assume(at *node, what string) {
	if a := (Assumption{e.result.placeOf(at), what}); !slices.Contains(e.result.Assumed, a) {
		e.result.Assumed = append(e.result.Assumed, a)
	}
}

// problem tells of something once.
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

// Place tells where the value at p, a pointer into the result's JSON, was
// written. Where nothing is at p, it is the place of the nearest value above,
// with what p has below that.
func (r *Result) Place(p jsontext.Pointer) Place {
	if r.root == nil {
		return Place{At: p}
	}
	n, rest := r.root, p
	for token := range p.Tokens() {
		kid := n.step(token)
		if kid == nil {
			break
		}
		n = kid
		rest = below(rest)
	}
	at := r.placeOf(n)
	if !n.made {
		at.At += rest
	}
	return at
}

// below is the pointer without its first token.
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
