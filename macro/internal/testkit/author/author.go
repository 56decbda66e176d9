// Package author writes templates as people write them, right and wrong, for
// tests: every kind of API, every way to name a function, conditions at every
// depth, parameters, and permissions written by hand, right and wrong. It doesn't know
// what the macro should make of a template. The same seed writes the same template.
package author

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
)

// The stack that templates are written for.
const (
	Region    = "us-east-1"
	Account   = "111122223333"
	Partition = "aws"
)

// A Template is a written template, with what a deployment of it gives.
type Template struct {
	JSON    []byte
	Options map[string]string   // the transform's Parameters
	Values  map[string]string   // values of parameters in the event
	Choices map[string][]string // all values that parameters may have
	Hidden  map[string]bool     // parameters whose values aren't in the event
	Imports map[string]string   // exported names, outputs of nested stacks, and their values
}

// Skip leaves out parts that the macro is known to answer wrongly.
type Skip map[string]bool

// Write writes the template of a seed.
func Write(seed uint64, skip Skip) Template {
	a := &author{
		Rand: rand.New(rand.NewPCG(seed, 1706)), skip: skip,
		resources: object{}, exists: map[string]string{}, conditions: object{}, parameters: object{}, mappings: object{},
		t: Template{Options: map[string]string{}, Values: map[string]string{}, Hidden: map[string]bool{}, Choices: map[string][]string{}, Imports: map[string]string{}},
	}
	a.declareConditions()
	a.declareFunctions()
	for range a.IntN(4) {
		pick(a, apis)(a)
	}
	for range a.IntN(4) {
		pick(a, services)(a)
	}
	if a.may("resource-policy", 8) {
		a.policy()
	}
	for range a.IntN(5) {
		a.permission()
	}
	for range a.IntN(4) {
		a.servicePermission()
	}
	a.options()
	doc := object{"Resources": a.resources}
	for name, section := range map[string]object{"Conditions": a.conditions, "Parameters": a.parameters, "Mappings": a.mappings} {
		if len(section) > 0 {
			doc[name] = section
		}
	}
	a.t.JSON, _ = json.Marshal(doc)
	return a.t
}

type object = map[string]any

type author struct {
	*rand.Rand
	skip Skip
	t    Template
	n    int // of resources

	resources, conditions, parameters, mappings object

	functions []function
	calls     []wired // what was wired, for permissions that nearly fit
	sources   []sourced
	exists    map[string]string // resources and their conditions
}

// A function is one that the template makes.
type function struct {
	id, name  string // FunctionName where the author gives one
	condition string
	aliases   []alias
	version   string // logical id, if it has one
}

type alias struct{ id, name, condition string }

// A wired call is what a permission may be written for.
type wired struct {
	api  any // the expression for its id
	tail string
	fn   string // logical id of the function
	qual string
}

func pick[T any](a *author, from []T) T { return from[a.IntN(len(from))] }

// chance is true once in n times.
func (a *author) chance(n int) bool { return a.IntN(n) == 0 }

func (a *author) may(kind string, n int) bool { return a.chance(n) && !a.skip[kind] }

func (a *author) id(prefix string) string {
	a.n++
	return fmt.Sprint(prefix, a.n)
}

func (a *author) add(id, typ string, properties object, condition string) {
	r := object{"Type": typ, "Properties": properties}
	if condition != "" {
		r["Condition"] = condition
	}
	a.resources[id] = r
	a.exists[id] = condition
}

// both is the condition that two others make.
func (a *author) both(x, y string) string {
	switch {
	case x == "" || x == y:
		return y
	case y == "":
		return x
	}
	name := x + "And" + y
	a.conditions[name] = object{"Fn::And": []any{object{"Condition": x}, object{"Condition": y}}}
	return name
}

// Short forms of CloudFormation.
func ref(id string) object             { return object{"Ref": id} }
func att(id, name string) object       { return object{"Fn::GetAtt": []any{id, name}} }
func sub(text string) object           { return object{"Fn::Sub": text} }
func choose(c string, x, y any) object { return object{"Fn::If": []any{c, x, y}} }

var noValue = ref("AWS::NoValue")

// declareConditions makes some that depend on parameters, and some of them.
func (a *author) declareConditions() {
	a.parameter("Env", []string{"prod", "dev", "test"})
	a.parameter("Beta", []string{"true", "false"})
	a.conditions["Prod"] = object{"Fn::Equals": []any{ref("Env"), "prod"}}
	a.conditions["Dev"] = object{"Fn::Equals": []any{ref("Env"), "dev"}}
	a.conditions["Beta"] = object{"Fn::Equals": []any{ref("Beta"), "true"}}
	a.conditions["NotProd"] = object{"Fn::Not": []any{object{"Condition": "Prod"}}}
	a.conditions["Both"] = object{"Fn::And": []any{object{"Condition": "Prod"}, object{"Condition": "Beta"}}}
	a.conditions["Either"] = object{"Fn::Or": []any{object{"Condition": "Dev"}, object{"Condition": "Beta"}}}
}

var conditionNames = []string{"Prod", "Dev", "Beta", "NotProd", "Both", "Either"}

func (a *author) parameter(name string, choices []string) {
	a.parameters[name] = object{"Type": "String"}
	a.t.Choices[name] = choices
	a.t.Values[name] = pick(a, choices)
}

// condition returns a condition in some of the calls, else "".
func (a *author) condition() string {
	if a.chance(5) {
		return pick(a, conditionNames)
	}
	return ""
}

// under puts a value under an Fn::If in some of the calls.
func (a *author) under(v any, other func() any) any {
	if !a.chance(8) {
		return v
	}
	if a.chance(2) {
		return choose(pick(a, conditionNames), v, other())
	}
	return choose(pick(a, conditionNames), other(), v)
}

func (a *author) options() {
	if a.chance(6) {
		a.t.Options["Scope"] = "api"
	}
	if a.chance(6) {
		a.t.Options["Stages"] = "declared"
	}
	if a.chance(8) {
		a.t.Options["SourceAccount"] = "true"
	}
}

// Worlds returns at most n assignments of all parameters, that of the event first.
func (t Template) Worlds(n int) []map[string]string {
	out := []map[string]string{{}}
	names := make([]string, 0, len(t.Choices))
	for name := range t.Choices {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var next []map[string]string
		for _, value := range t.Choices[name] {
			for _, have := range out {
				with := map[string]string{name: value}
				for k, v := range have {
					with[k] = v
				}
				next = append(next, with)
			}
		}
		out = next[:min(len(next), 4*n)]
	}
	return out[:min(len(out), n)]
}
