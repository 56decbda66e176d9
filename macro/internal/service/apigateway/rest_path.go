package apigateway

import (
	"iter"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// A restPath is the path of an AWS::ApiGateway::Resource.
type restPath struct {
	path   template.Text // "/pets/{id}"
	known  bool          // all of it is in the template, up to the root
	when   template.Guard
	others []restPath // the paths under other conditions
}

// all ranges over the path and those under other conditions.
func (p restPath) all(yield func(restPath) bool) {
	if !yield(p) {
		return
	}
	for _, o := range p.others {
		if !yield(o) {
			return
		}
	}
}

// maxPaths bounds how many paths conditions give one resource.
const maxPaths = 32

// oneOf makes one path of several that exclude one another.
func oneOf(list []restPath) restPath {
	if len(list) == 0 || len(list) > maxPaths {
		return restPath{}
	}
	out := list[0]
	out.others = list[1:]
	return out
}

// restSources yields the sources of a method, of its verb and the path of its resource,
// each with its guard.
func (g *gateway) restSources(p template.Value) iter.Seq2[invoke.Source, template.Guard] {
	return func(yield func(invoke.Source, template.Guard) bool) {
		path := g.restPath(p.Get("ResourceId"))
		if m, ok := p.Get("HttpMethod").Part(); ok && len(path.others) == 0 { // nearly always
			yield(g.restSource(verbOf(template.Text{m}), path), path.when)
			return
		}
		verbs := p.Get("HttpMethod").Variants()
		for x := range path.all {
			for _, m := range verbs {
				if when, ok := x.when.And(m.When); ok && !yield(g.restSource(verbOf(m.Text), x), when) {
					return
				}
			}
		}
	}
}

// restSource is the source of a method of a path.
func (g *gateway) restSource(method string, path restPath) invoke.Source {
	src := g.methodSource(method, path.path, REST)
	if path.known {
		return src
	}
	// the part above isn't known, and may be empty
	src.Root = src.Route
	rest := g.pathPattern(path.path)
	src.Route, src.Plain = template.Join(template.Literal(method+"/*"), rest), nil
	src.Label = strings.Replace(src.Label, " /", " …/", 1)
	return src
}

// restPath follows ResourceId to the root: a reference to a resource, or the
// API's RootResourceId.
func (g *gateway) restPath(v template.Value) restPath {
	if p, ok := v.Part(); ok {
		return g.restPathOf(p)
	}
	var list []restPath
	for _, x := range v.Variants() {
		p, ok := x.Text.Single()
		if !ok {
			list = append(list, restPath{when: x.When})
			continue
		}
		for path := range g.restPathOf(p).all {
			path.others = nil
			if path.when, ok = path.when.And(x.When); ok {
				list = append(list, path)
			}
		}
	}
	return oneOf(list)
}

// restPathOf is the path of the resource that a reference names.
func (g *gateway) restPathOf(p template.Part) restPath {
	if p.Kind == template.Lit {
		return restPath{}
	}
	id, attribute, _ := strings.Cut(p.Text, ".")
	if attribute == "RootResourceId" {
		return restPath{known: true}
	}
	if done, ok := g.paths[id]; ok {
		return done
	}
	r, found := g.t.Resource(id)
	if !found || r.Type != "AWS::ApiGateway::Resource" {
		return restPath{}
	}
	if g.paths == nil {
		g.paths = make(map[string]restPath, g.Count(r.Type))
	}
	g.paths[id] = restPath{} // a cycle ends here
	out := g.below(g.restPath(r.Properties().Get("ParentId")), r)
	g.paths[id] = out
	return out
}

// below is the path of a resource under its parent's.
func (g *gateway) below(up restPath, r template.Resource) restPath {
	part := r.Properties().Get("PathPart")
	above, plain := up.path.Plain()
	if p, ok := part.Part(); ok && plain && p.Kind == template.Lit && len(up.others) == 0 {
		return g.join(up, template.Text{{Text: above + "/" + p.Text}}, r.Condition()) // nearly all
	}
	var list []restPath
	for parent := range up.all {
		parent.others = nil
		for _, x := range part.Variants() {
			when, ok := x.When.And(r.Condition())
			if x.Absent {
				x.Text = template.Literal("{part}")
			}
			if _, possible := parent.when.And(when); ok && possible {
				list = append(list, g.join(parent, template.Join(parent.path, template.Literal("/"), x.Text), when))
			}
		}
	}
	return oneOf(list)
}

func (g *gateway) join(up restPath, path template.Text, when template.Guard) restPath {
	both, _ := up.when.And(when)
	if isTooLong(path) {
		return restPath{when: both}
	}
	return restPath{path: path, known: up.known, when: both}
}

// isTooLong reports whether a path can't be an API's: the ARN of a method has
// up to 1,600 bytes
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
func isTooLong(path template.Text) bool {
	size := 0
	for _, p := range path {
		size += 1 + len(p.Text)
	}
	return size > 1600
}
