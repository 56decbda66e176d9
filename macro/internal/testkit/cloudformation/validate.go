package cloudformation

import (
	"fmt"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of a template after all transforms: "CloudFormation quotas".
const (
	maxResources = 500
	maxName      = 255
	maxSize      = 1_000_000
)

var logicalID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// validate refuses a processed template that CloudFormation would not begin to
// deploy: too big, unfit names, a resource without a type, a macro call that a
// macro returned, a reference to nothing, a circular dependency.
func validate(template jsontext.Value) error {
	if len(template) > maxSize {
		return invalid("Transformation data limit exceeded")
	}
	top := members(template)
	resources := members(member(top, "Resources"))
	if n := len(resources); n == 0 {
		return invalid("Template format error: At least one Resources member must be defined.")
	} else if n > maxResources {
		return invalid("Template format error: Number of resources, %d, is greater than maximum allowed, %d", n, maxResources)
	}
	for _, r := range resources {
		if err := resource(r); err != nil {
			return err
		}
	}
	if called(template) {
		// "Including macros within macros doesn't work"; AWS's wording is not known.
		return invalid("Template format error: a macro returned an Fn::Transform")
	}
	if err := conditions(top, resources); err != nil {
		return err
	}
	return references(top, resources)
}

func invalid(format string, args ...any) error {
	return &Failure{Reason: fmt.Sprintf(format, args...)}
}

func resource(r field) error {
	switch kind, ok := text(member(members(r.value), "Type")); {
	case !logicalID.MatchString(r.name):
		return invalid("Template format error: Resource name %s is non alphanumeric.", r.name)
	case len(r.name) > maxName:
		return invalid("Template format error: Resource name %s is longer than %d characters.", r.name, maxName)
	case r.value.Kind() != '{':
		return invalid("Template format error: [/Resources/%s] resource definition is malformed", r.name)
	case !ok || kind == "":
		return invalid("Template format error: [/Resources/%s] Every Resources object must contain a Type member.", r.name)
	}
	return nil
}

// called says whether a macro call is left in v.
func called(v jsontext.Value) bool {
	found := false
	walk(v, func(name string, _ jsontext.Value) { found = found || name == "Fn::Transform" })
	return found
}

// conditions refuses a condition, of a resource or of an Fn::If in one, that
// the template does not define.
func conditions(top, resources []field) error {
	defined := members(member(top, "Conditions"))
	var missing []string
	need := func(v jsontext.Value) {
		if name, ok := text(v); ok && member(defined, name) == nil {
			missing = append(missing, name)
		}
	}
	for _, r := range resources {
		need(member(members(r.value), "Condition"))
		walk(r.value, func(name string, value jsontext.Value) {
			if branches := items(value); name == "Fn::If" && len(branches) == 3 {
				need(branches[0])
			}
		})
	}
	if len(missing) > 0 {
		return invalid("Template format error: Unresolved condition dependency %s in the Resources block of the template", missing[0])
	}
	return nil
}
