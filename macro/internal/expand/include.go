package expand

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// includes puts the documents that AWS::Include names in their places: the
// deepest first, and what is included wins over what stands beside it
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html).
func (e *expander) includes(n *node) *node {
	if n.kind != '{' && n.kind != '[' {
		return n
	}
	var kids []*node // nil as long as they are the node's own
	for i, kid := range n.kids {
		made := kid
		if n.up != nil || kid.name != "Parameters" { // whose section takes no transform
			made = e.includes(kid)
		}
		if made != kid && kids == nil {
			kids = append(make([]*node, 0, len(n.kids)), n.kids[:i]...)
		}
		if kids != nil {
			kids = append(kids, made)
		}
	}
	out := n
	if kids != nil && e.spend(1) {
		out = n.with(kids)
	}
	if t := out.get("Fn::Transform"); t != nil {
		return e.include(out, t)
	}
	return out
}

// include runs what an Fn::Transform names, of which AWS::Include alone is
// known here. What another macro makes of its siblings nobody can tell, and
// neither what comes after it.
func (e *expander) include(n, transform *node) *node {
	calls := []*node{transform}
	if transform.kind == '[' {
		calls = transform.kids
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
	kids := without(n.kids, "Fn::Transform")
	for _, body := range bodies {
		for _, kid := range body.kids {
			kids = append(without(kids, kid.name), kid)
		}
		if !e.spend(len(body.kids)) {
			return n
		}
	}
	return n.with(kids)
}

// included does an AWS::Include of the Transform section, whose sections come
// beside those of the template.
func (e *expander) included(root, call *node) *node {
	if call.kind != '{' {
		return root
	}
	body := e.document(call)
	if body == nil {
		return root
	}
	kids := slices.Clone(root.kids)
	for _, kid := range body.kids {
		if root.get(kid.name) != nil {
			e.problem(call, "AWS::Include brings a section "+kid.name+", which the template has itself", "include the file in that section, with Fn::Transform", false)
			continue
		}
		kids = append(kids, kid)
	}
	return root.with(kids)
}

func without(kids []*node, name string) []*node {
	out := make([]*node, 0, len(kids))
	for _, kid := range kids {
		if kid.name != name {
			out = append(out, kid)
		}
	}
	return out
}

// document reads what one AWS::Include names, or tells why it can't.
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
