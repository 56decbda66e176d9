package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/expand"
	"github.com/grantinvoke/grantinvoke/macro/internal/report"
	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

// An application holds all templates of a run. Those that belong together, since one
// nests another or imports its exports, are composed.
type application struct {
	*settings
	subjects []*subject                       // in the order of the report
	files    map[string]*subject              // by the absolute name
	nested   map[*subject]map[string]*subject // by logical id in the parent
	inner    map[*subject]bool                // those that another nests
	composed []*composition
}

// studyApplication studies the templates of nested stacks too, and adds to the report
// of each template what is known from others.
func (s *settings) studyApplication(c Command, all []*subject, installed bool) *application {
	a := &application{settings: s, files: map[string]*subject{}, nested: map[*subject]map[string]*subject{}, inner: map[*subject]bool{}}
	for _, x := range all {
		a.files[absolute(x.name)] = x
	}
	for _, x := range all {
		if !slices.Contains(a.subjects, x) {
			a.subjects = append(a.subjects, x)
		}
		a.follow(c, x, installed, 0)
	}
	a.tell(c)
	return a
}

// tell composes the templates that belong together, and adds to their reports what is
// known of the whole. If that fails by a fault of the program, the reports stay as
// they are.
func (a *application) tell(c Command) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(c.Stderr, "grantinvoke: internal error: the templates of an application can't be seen together: %v; hint: please report it, with the templates\n", p)
		}
	}()
	for _, group := range a.groups() {
		if whole := a.compose(group); whole != nil {
			a.composed = append(a.composed, whole)
			whole.tell()
		}
	}
}

func absolute(name string) string {
	if full, err := filepath.Abs(name); err == nil && name != "-" {
		return full
	}
	return name
}

// maxNested is how deep stacks may be nested.
const maxNested = 20

// follow finds the nested stacks of a template whose templates are files.
func (a *application) follow(c Command, x *subject, installed bool, depth int) {
	if x.expanded == nil || a.nested[x] != nil || depth > maxNested {
		return
	}
	a.nested[x] = map[string]*subject{}
	for _, n := range x.nestedStacks() {
		if _, err := x.localFiles.open(n.path); err != nil {
			continue // it isn't here, or is outside of what may be read
		}
		name := x.localFiles.name(n.path)
		child := a.files[absolute(name)]
		if child == x {
			continue
		}
		if child == nil || child.expanded != nil && len(child.expanded.Problems) > 0 && !a.inner[child] {
			read := a.study(context.Background(), c, input{name: name, given: n.values}, installed)
			if child != nil {
				*child = *read
			} else if child = read; child.skipped {
				continue
			}
			a.files[absolute(name)] = child
		}
		a.nested[x][n.id], a.inner[child] = child, true
		if !slices.Contains(a.subjects, child) && !slices.ContainsFunc(a.subjects, func(y *subject) bool { return absolute(y.name) == absolute(child.name) }) {
			a.subjects = append(a.subjects, child)
		}
		a.follow(c, child, installed, depth+1)
	}
}

// A nestedStack is a resource whose template is a file.
type nestedStack struct {
	id, path string
	values   map[string]string // of the child's parameters, where they are literal
}

// assetName matches the name that the CDK gives to a file it uploads.
var assetName = regexp.MustCompile(`[0-9a-f]{64}\.(?:json|yaml|yml)`)

func (s *subject) nestedStacks() []nestedStack {
	src := s.expanded.JSON
	if !bytes.Contains(src, []byte(`"AWS::CloudFormation::Stack"`)) && !bytes.Contains(src, []byte(`"AWS::Serverless::Application"`)) {
		return nil
	}
	resources := below(src, "Resources")
	var out []nestedStack
	for id, r := range resources {
		m := below(r)
		property := map[string]string{"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}[textOf(m["Type"])]
		if property == "" {
			continue
		}
		properties := below(r, "Properties")
		path := textOf(properties[property])
		if asset := textOf(below(r, "Metadata")["aws:asset:path"]); asset != "" && properties[property].Kind() != '"' {
			path = asset
		} else if path == "" || strings.Contains(path, "://") {
			path = s.localFiles.assets.file(string(assetName.Find(properties[property])))
		}
		if path == "" {
			continue
		}
		n := nestedStack{id: id, path: path, values: map[string]string{}}
		for name, v := range below(properties["Parameters"]) {
			if value, ok := scalars(v); ok {
				n.values[name] = value
			}
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(x, y nestedStack) int { return strings.Compare(x.id, y.id) })
	return out
}

// textOf returns the text of a JSON string, "" for any other value.
func textOf(v jsontext.Value) string {
	s, _ := text(v)
	return s
}

// groups returns the templates that belong together, by those that no other nests.
// Templates without others are left out.
func (a *application) groups() [][]*subject {
	var outer []*subject
	for _, x := range a.subjects {
		if x.expanded != nil && x.report.Result != nil && !a.inner[x] {
			outer = append(outer, x)
		}
	}
	stacks := make([]*expand.Stack, len(outer))
	for i, x := range outer {
		stacks[i] = a.stack(x, outer[0], map[*expand.Stack]*subject{}, 0)
	}
	var out [][]*subject
	for _, group := range expand.Connected(stacks) {
		var members []*subject
		for _, i := range group {
			members = append(members, outer[i])
		}
		if len(members) > 1 || len(a.nested[members[0]]) > 0 {
			out = append(out, members)
		}
	}
	return out
}

// stack returns a template as one of an application whose first template is first. It
// adds to owner which subject the stack is of.
func (a *application) stack(x, first *subject, owner map[*expand.Stack]*subject, depth int) *expand.Stack {
	known := a.settings
	if depth > 0 {
		known = &settings{} // -p is about the stack that is deployed
	}
	values, _ := known.parameters(x.file.JSON(), nil)
	dir, err := filepath.Rel(absolute(filepath.Dir(first.name)), absolute(filepath.Dir(x.name)))
	if err != nil {
		dir = ""
	}
	s := &expand.Stack{JSON: x.expanded.JSON, Dir: filepath.ToSlash(dir), Parameters: values, Nested: map[string]*expand.Stack{}}
	owner[s] = x
	if depth < maxNested {
		for id, child := range a.nested[x] {
			if child.expanded != nil && child.report.Result != nil {
				inner := a.stack(child, first, owner, depth+1)
				inner.Name = id
				s.Nested[id] = inner
			}
		}
	}
	return s
}

// A composition is a group of templates that belong together, decided as one.
type composition struct {
	*expand.Application
	owner  map[*expand.Stack]*subject
	whole  report.Template // of all, as if they were one template
	result []report.View   // with the places in the whole
}

// compose decides on templates that belong together as one; nil where that isn't
// possible.
func (a *application) compose(roots []*subject) *composition {
	c := &composition{owner: map[*expand.Stack]*subject{}}
	stacks := make([]*expand.Stack, len(roots))
	names := map[string]bool{}
	installed := true
	for i, x := range roots {
		stacks[i] = a.stack(x, roots[0], c.owner, 0)
		if len(roots) > 1 {
			stacks[i].Name = unique(names, strings.TrimSuffix(filepath.Base(x.name), filepath.Ext(x.name)))
		}
		installed = installed && x.report.Macro
	}
	var err error
	if c.Application, err = expand.Compose(stacks...); err != nil {
		return nil // too large as a whole
	}
	h, err := a.configure(nil, nil)
	if err != nil {
		return nil
	}
	localFiles := roots[0].localFiles
	h.Documents = transform.Local(localFiles.loader, func(_, key string) string { return localFiles.assets.file(key) })
	_, result, _ := h.Transform(context.Background(), transform.Event{Region: a.region, AccountID: a.account, Partition: a.partition,
		Fragment: c.JSON, Parameters: c.Parameters, Settled: a.settled})
	if result == nil {
		return nil
	}
	for _, d := range result.Decisions {
		c.result = append(c.result, report.View{At: d.Call.At(), Decision: d})
	}
	c.whole = report.New(roots[0].name, result, nil, installed, c.line)
	return c
}

// line returns where a pointer into the whole is written.
func (c *composition) line(p jsontext.Pointer) report.Place {
	stack, at := c.Place(p)
	return c.owner[stack].place(at)
}

// tell adds to each template's report what the whole tells of its calls.
func (c *composition) tell() {
	views := map[*subject][]report.View{}
	for _, v := range c.result {
		stack, at := c.Place(v.At)
		x := c.owner[stack]
		views[x] = append(views[x], report.View{At: at, Decision: v.Decision})
	}
	for x, list := range views {
		x.report = x.report.Whole(list, func(id string) string { return c.name(x, id) })
	}
}

// name returns how the report of a template names a resource of the whole: by its
// logical id, with the file's name if that is another template.
func (c *composition) name(x *subject, id string) string {
	stack, at := c.Place(jsontext.Pointer("/Resources").AppendToken(id))
	switch there := c.owner[stack]; {
	case at.Parent() != "/Resources":
		return id // of no resource: what SAM adds
	case there == x:
		return at.LastToken()
	default:
		return at.LastToken() + " in " + filepath.ToSlash(there.name)
	}
}

func unique(names map[string]bool, name string) string {
	for names[name] {
		name += "'"
	}
	names[name] = true
	return name
}
