// Package cloudformation plays CloudFormation's side of the macro contract for
// tests: it takes a template with its Transform section and its Fn::Transform
// calls, calls the macros in CloudFormation's order with CloudFormation's
// events, judges their responses by CloudFormation's rules, and returns the
// processed template or the text that a user would read.
//
// Sources: the CloudFormation User Guide ("Overview of CloudFormation macros",
// "Fn::Transform"), and events and messages recorded on AWS. Where both are silent, the
// package is strict.
package cloudformation

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A Macro is a registered macro, or a transform that AWS hosts: an event goes
// in, a response comes out. An error stands for a Lambda that failed, panicked
// or ran out of time, [ErrDenied] for one that may not be called.
type Macro func(event []byte) (response []byte, err error)

// ErrDenied is returned by a Macro that the deployer may not invoke:
// CloudFormation calls with the deployer's own rights.
var ErrDenied = errors.New("the deployer lacks lambda:InvokeFunction on the macro's function")

// maxPayload is what Lambda takes back from a function, in bytes ("Lambda
// quotas", 6 MB for synchronous calls, as its error message has it).
const maxPayload = 6_291_556

// A Stack is a stack about to be created from a template.
type Stack struct {
	Name    string // default: stack
	Account string // default: 123456789012
	Region  string // default: us-east-1

	Parameters map[string]string // parameter values given by the deployer
	// Macros holds what the account's Region knows, by the name in the
	// template: own macros, and hosted transforms under their names that begin
	// with AWS::, such as AWS::Serverless-2016-10-31 and AWS::Include.
	Macros map[string]Macro
}

// Process returns the processed template: JSON, without Transform. The template
// is JSON in its long form (no short YAML tags).
//
// Every Fn::Transform is called before the Transform section, the most deeply
// nested first, those of one place as listed; then the Transform section as
// listed. What a macro returns is not searched for further macros. The error is
// a [*Failure] if a macro or the processed template is at fault, else a [Refusal].
func (s *Stack) Process(template []byte) ([]byte, error) {
	v := jsontext.Value(bytes.Clone(template))
	if !v.IsValid() || v.Compact() != nil {
		return nil, Refusal("Template format error: JSON not well-formed.")
	}
	if v.Kind() != '{' {
		return nil, Refusal("Template format error: unsupported structure.")
	}
	top := members(v)
	d := &deployment{
		name:    cmp.Or(s.Name, "stack"),
		account: cmp.Or(s.Account, "123456789012"),
		region:  cmp.Or(s.Region, "us-east-1"),
		macros:  s.Macros,
	}
	var err error
	if d.values, err = values(member(top, "Parameters"), s.Parameters); err != nil {
		return nil, err
	}
	transforms, err := d.calls(member(top, "Transform"))
	if err != nil {
		return nil, err
	}
	fragment, err := d.expand(object(without(top, "Transform")))
	if err != nil {
		return nil, err
	}
	for _, c := range transforms {
		if fragment, err = d.call(c, fragment, true); err != nil {
			return nil, err
		}
	}
	return fragment, validate(fragment)
}

// A deployment is one processing of one template.
type deployment struct {
	name, account, region string

	values   []field // of the template's parameters
	macros   map[string]Macro
	requests int
}

// expand calls the Fn::Transforms inside v, the deepest first, and returns what
// v has become.
func (d *deployment) expand(v jsontext.Value) (jsontext.Value, error) {
	var err error
	switch v.Kind() {
	case '[':
		elements := items(v)
		for i := range elements {
			if elements[i], err = d.expand(elements[i]); err != nil {
				return nil, err
			}
		}
		return array(elements), nil
	case '{':
		fields := members(v)
		for i, f := range fields {
			if f.name == "Fn::Transform" {
				continue
			}
			if fields[i].value, err = d.expand(f.value); err != nil {
				return nil, err
			}
		}
		return d.transform(fields)
	}
	return v, nil
}

// transform calls the macros that an object's Fn::Transform names. Each gets
// the object without the Fn::Transform, and what it returns takes the object's
// place: the User Guide's "all sibling nodes".
func (d *deployment) transform(fields []field) (jsontext.Value, error) {
	calls, err := d.calls(member(fields, "Fn::Transform"))
	if err != nil {
		return nil, err
	}
	v := object(without(fields, "Fn::Transform"))
	for _, c := range calls {
		if v, err = d.call(c, v, false); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// call sends the fragment through one macro. In the Transform section (whole)
// the fragment is the template and must stay one.
func (d *deployment) call(c call, fragment jsontext.Value, whole bool) (jsontext.Value, error) {
	id := d.id(c.name)
	macro := d.macros[c.name]
	if macro == nil {
		return nil, refuse("No transform named %s found.", id)
	}
	request := d.request()
	answer, err := macro(d.event(id, request, c.parameters, fragment))
	if errors.Is(err, ErrDenied) {
		return nil, refuse("Failed to execute transform %s", c.name)
	}
	if err != nil || len(answer) > maxPayload {
		return nil, malformed(id)
	}
	result, err := read(id, request, answer)
	if err != nil || !whole {
		return result, err
	}
	if result.Kind() != '{' {
		return nil, &Failure{id, "Template format error: unsupported structure."}
	}
	if !hosted(c.name) && !same(member(members(fragment), "Parameters"), member(members(result), "Parameters")) {
		// The rule is known, the wording of AWS is not.
		return nil, &Failure{id, fmt.Sprintf("Transform %s failed: a macro may not change the Parameters section.", id)}
	}
	return result, nil
}

func hosted(name string) bool { return strings.HasPrefix(name, "AWS::") }

// id is the name of a transform as events and messages show it.
func (d *deployment) id(name string) string {
	if hosted(name) {
		return name
	}
	return d.account + "::" + name
}
