package expand

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// includes replaces each Fn::Transform of AWS::Include by the document that it
// names: the deepest first, and included members win over those beside them
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html).
func (e *expander) includes(n *node) *node {
	if n.kind != '{' && n.kind != '[' {
		return n
	}
	var children []*node // nil as long as they are n.children
	for i, child := range n.children {
		made := child
		if n.up != nil || child.name != "Parameters" { // whose section takes no transform
			made = e.includes(child)
		}
		if made != child && children == nil {
			children = append(make([]*node, 0, len(n.children)), n.children[:i]...)
		}
		if children != nil {
			children = append(children, made)
		}
	}
	out := n
	if children != nil && e.spend(1) {
		out = n.with(children)
	}
	if t := out.get("Fn::Transform"); t != nil {
		return e.include(out, t)
	}
	return out
}

// include runs the transforms of one Fn::Transform. Only AWS::Include is known here:
// where another macro is named, everything stays as it is, and that is a problem.
func (e *expander) include(n, transform *node) *node {
	calls := []*node{transform}
	if transform.kind == '[' {
		calls = transform.children
	}
	var bodies []*node
	for _, call := range calls {
		name, _ := call.get("Name").text()
		if own, ok := call.text(); ok {
			name = own
		}
		if name != "AWS::Include" {
			if name != e.Macro {
				e.problem(call, "Fn::Transform names the macro "+name+", and what it does is not known here", "check the processed template of a change set, which aws cloudformation get-template gives", false)
			}
			return n
		}
		body := e.document(call)
		if body == nil {
			return n
		}
		bodies = append(bodies, body)
	}
	children := without(n.children, "Fn::Transform")
	for _, body := range bodies {
		for _, child := range body.children {
			children = append(without(children, child.name), child)
		}
		if !e.spend(len(body.children)) {
			return n
		}
	}
	return n.with(children)
}

// included runs an AWS::Include of the Transform section: it adds the document's
// sections to those of the template.
func (e *expander) included(root, call *node) *node {
	if call.kind != '{' {
		return root
	}
	body := e.document(call)
	if body == nil {
		return root
	}
	children := slices.Clone(root.children)
	for _, child := range body.children {
		if root.get(child.name) != nil {
			e.problem(call, "AWS::Include brings a section "+child.name+", which the template has itself", "include the file in that section, with Fn::Transform", false)
			continue
		}
		children = append(children, child)
	}
	return root.with(children)
}

func without(children []*node, name string) []*node {
	out := make([]*node, 0, len(children))
	for _, child := range children {
		if child.name != name {
			out = append(out, child)
		}
	}
	return out
}

// document reads what one AWS::Include names; nil, and a problem, where it can't.
func (e *expander) document(call *node) *node {
	location := call.get("Parameters").get("Location")
	if location == nil {
		e.problem(call, "AWS::Include has no Location", "name the file in Parameters.Location", true)
		return nil
	}
	var v *node
	known := e.decided(location, func() (ok bool) { v, ok = e.value(location); return ok })
	path, isText := v.text()
	switch {
	case !known || !isText:
		e.problem(location, "AWS::Include names a file by an expression whose value is not known here", "give the parameters' values with -p", false)
		return nil
	case strings.Contains(path, "://"), strings.HasPrefix(path, "arn:"):
		e.problem(location, "AWS::Include names a file in S3, which is not read here", "check the template before it is packaged, with the file beside it", false)
		return nil
	case e.Read == nil:
		return nil
	}
	src, err := e.Read(path)
	var body *node
	doc := len(e.result.locations)
	if err == nil {
		body, err = parse(src, doc)
	}
	switch {
	case err == nil && body.kind != '{':
		err = errors.New("holds no object")
	case err == nil && bytes.Contains(src, []byte(`"AWS::Include"`)):
		err = errors.New("includes another file, which CloudFormation doesn't do")
	}
	if err != nil {
		_, message, hint := finding.Parts(err)
		e.problem(location, "AWS::Include: "+message, hint, false)
		return nil
	}
	e.result.locations = append(e.result.locations, path)
	return body
}
