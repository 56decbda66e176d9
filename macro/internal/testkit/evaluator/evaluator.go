// Package evaluator is a second, simple implementation of CloudFormation, of resource
// policies and of the services that call Lambda functions, with which tests compare the
// macro's answers. It works on encoding/json's maps, resolves a template completely for one
// set of parameter values, makes the calls that the services will make, and evaluates the
// policies. It shares no code with the macro, and may be slow.
package evaluator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A World is one way in which a template can be deployed.
type World struct {
	Stack, Region, Account, Partition string

	Parameters map[string]string // the value of each parameter
	Hidden     map[string]bool   // parameters whose value isn't known before the deployment
	Imports    map[string]string // exported names and their values
}

// A Deployment is a template deployed in one world.
type Deployment struct {
	World
	Refused map[string]string // logical ids of resources that fail the stack, and why
	Early   map[string]string // permissions that may be made before their function, and why
	Calls   []Call
	Doubts  map[string]string // resources of which it can't be known whom they call, and why

	template   map[string]any
	truths     map[string]bool
	asking     map[string]bool     // conditions and names that are being resolved
	raw        map[string]any      // the resources that exist in this world
	properties map[string]object   // resolved
	needs      map[string][]string // what a resource refers to
	current    string              // the resource that is being resolved
	functions  map[string]string   // ARN -> the resource that makes it; aliases and versions too
	policies   map[string][]Statement
	whole      map[string]string // ARN -> the resource that is its whole policy
}

type object = map[string]any

// Read reads a template's JSON. Numbers keep their digits.
func Read(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var t map[string]any
	err := d.Decode(&t)
	return t, err
}

// Deploy deploys a template as CloudFormation would.
func Deploy(w World, template map[string]any) *Deployment {
	d := &Deployment{
		World: w, template: template, Refused: map[string]string{}, Early: map[string]string{}, Doubts: map[string]string{},
		truths: map[string]bool{}, asking: map[string]bool{}, raw: map[string]any{}, properties: map[string]object{},
		needs: map[string][]string{}, functions: map[string]string{}, policies: map[string][]Statement{}, whole: map[string]string{},
	}
	for name := range section(template, "Conditions") {
		if _, err := d.condition(name); err != nil {
			d.refuse("Conditions."+name, err)
		}
	}
	for id, r := range section(template, "Resources") {
		if exists, err := d.exists(r); err != nil {
			d.refuse(id, err)
		} else if exists {
			d.raw[id] = r
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.raw)) {
		d.resolveResource(id)
	}
	if id, ok := d.circular(); ok {
		d.refuse(id, fmt.Errorf("circular dependency"))
	}
	d.makeFunctions()
	d.makePolicies()
	for _, service := range services {
		service(d)
	}
	for _, c := range d.Calls {
		if policy := d.whole[c.Function]; policy != "" {
			d.doubt(c.Wired, "only the author can change "+policy)
		}
	}
	return d
}

// services make the calls of services. A service that isn't as simple as those in callers
// is an entry here, and a file.
var services = []func(*Deployment){
	readGateway, readServices,
}

func (d *Deployment) refuse(id string, why error) {
	if d.Refused[id] == "" {
		d.Refused[id] = why.Error()
	}
}

func (d *Deployment) exists(r any) (bool, error) {
	name, ok := member(r, "Condition").(string)
	if !ok {
		return true, nil
	}
	return d.condition(name)
}

func (d *Deployment) resolveResource(id string) {
	d.current = id
	v, err := d.resolve(orEmpty(member(d.raw[id], "Properties")))
	if err != nil {
		d.refuse(id, err)
		v = object{}
	}
	d.properties[id], _ = v.(object)
	for _, other := range list(member(d.raw[id], "DependsOn")) {
		name, _ := other.(string)
		if section(d.template, "Resources")[name] == nil {
			d.refuse(id, fmt.Errorf("DependsOn names %s, which the template doesn't have", name))
		} else if d.raw[name] != nil {
			d.needs[id] = append(d.needs[id], name)
		}
	}
	d.current = ""
}

// circular returns a resource that needs itself, if there is one.
func (d *Deployment) circular() (string, bool) {
	state := map[string]int{}
	var visit func(string) bool
	visit = func(id string) bool {
		switch state[id] {
		case 1:
			return true
		case 2:
			return false
		}
		state[id] = 1
		if slices.ContainsFunc(d.needs[id], visit) {
			return true
		}
		state[id] = 2
		return false
	}
	for _, id := range slices.Sorted(maps.Keys(d.raw)) {
		if visit(id) {
			return id, true
		}
	}
	return "", false
}

// after reports whether a resource is made after another.
func (d *Deployment) after(id, first string) bool {
	return id == first || slices.ContainsFunc(d.needs[id], func(next string) bool { return d.after(next, first) })
}

func section(t map[string]any, name string) object {
	o, _ := t[name].(object)
	return o
}

// member returns a member of an object, nil of anything else.
func member(v any, path ...string) any {
	for _, name := range path {
		o, _ := v.(object)
		v = o[name]
	}
	return v
}

// list returns the elements of a list, and anything else as the only one.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func orEmpty(v any) any {
	if v == nil {
		return object{}
	}
	return v
}

// text returns a scalar as CloudFormation writes it into a string.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// Text that isn't known before the deployment is between two marks, which other values
// never have.
const opening, closing = "\ue000", "\ue001"

func unknown(s string) string { return opening + s + closing }

// plain is the value without its marks: what it is once it is deployed.
var plain = strings.NewReplacer(opening, "", closing, "").Replace

func isKnown(s string) bool { return !strings.Contains(s, opening) }
