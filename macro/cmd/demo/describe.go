package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// describe returns lines about what a macro response has changed in the fragment of its
// event. An error says why it is no macro response.
func describe(event, response []byte) (string, error) {
	asked, err := template.Parse(event)
	if err != nil {
		return "", fmt.Errorf("the event: %w", err)
	}
	answered, err := template.Parse(response)
	if err != nil {
		return "", fmt.Errorf("the response: %w", err)
	}
	status, ok := answered.Root().Get("status").Text()
	if !ok {
		return "", errors.New("the response has no status")
	}
	if !strings.EqualFold(status, "success") {
		id, _ := asked.Root().Get("transformId").Text()
		message, _ := answered.Root().Get("errorMessage").Text()
		return fmt.Sprintf("Transform %s failed with: %s\n", id, message), nil
	}
	before, after := asked.Root().Get("fragment"), answered.Root().Get("fragment")
	if before.Raw() == after.Raw() {
		return "nothing to add: same bytes back\n", nil
	}
	changes := compare("", before, after)
	if len(changes) == 0 {
		return "the same values in other bytes\n", nil
	}
	var b strings.Builder
	for _, c := range changes {
		b.WriteString(c.String())
	}
	return b.String(), nil
}

// A change is one difference between two fragments: a value that is added, removed (no
// after) or another.
type change struct {
	path          string
	before, after template.Value
}

// compare returns the differences, each at its outermost place.
func compare(path string, before, after template.Value) []change {
	if before.Raw() == after.Raw() {
		return nil
	}
	var out []change
	switch {
	case before.Kind() == template.Object && after.Kind() == template.Object:
		for name, was := range before.Members() {
			out = append(out, compare(path+"/"+name, was, after.Get(name))...)
		}
		for name, is := range after.Members() {
			if !before.Get(name).Exists() {
				out = append(out, change{path + "/" + name, template.Value{}, is})
			}
		}
		return out
	case before.Kind() == template.Array && after.Kind() == template.Array:
		for i := range max(before.Len(), after.Len()) {
			out = append(out, compare(fmt.Sprintf("%s/%d", path, i), before.Item(i), after.Item(i))...)
		}
		return out
	}
	return []change{{path, before, after}}
}

func (c change) String() string {
	switch {
	case !c.after.Exists():
		return fmt.Sprintf("- %s\n", c.path)
	case c.before.Exists():
		return fmt.Sprintf("~ %s: %s\n", c.path, show(c.after))
	}
	id, isResource := strings.CutPrefix(c.path, "/Resources/")
	kind, typed := c.after.Get("Type").Text()
	if !isResource || !typed || strings.Contains(id, "/") {
		return fmt.Sprintf("+ %s: %s\n", c.path, show(c.after))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "+ %s  %s\n", id, kind)
	properties := c.after.Get("Properties")
	for _, line := range []struct {
		label string
		value template.Value
	}{
		{"condition", c.after.Get("Condition")},
		{"function", properties.Get("FunctionName")},
		{"function", properties.Get("ResourceArn")},
		{"called by", properties.Get("Principal")},
		{"source ARN", properties.Get("SourceArn")},
		{"account", properties.Get("SourceAccount")},
	} {
		if line.value.Exists() {
			fmt.Fprintf(&b, "    %-10s  %s\n", line.label, show(line.value))
		}
	}
	for s := range properties.Path("PolicyDocument", "Statement").Items() {
		fmt.Fprintf(&b, "    %-10s  %s\n", "called by", show(s.Path("Principal", "Service")))
		for v := range s.Path("Condition", "ArnLike", "aws:SourceArn").Items() {
			fmt.Fprintf(&b, "    %-10s  %s\n", "source ARN", show(v))
		}
	}
	for _, v := range allowed(properties.Get("Policies")) {
		fmt.Fprintf(&b, "    %-10s  %s\n", "may invoke", v)
	}
	return b.String()
}

// allowed returns the resources that the statements of a role's policies name.
func allowed(policies template.Value) []string {
	var out []string
	for p := range policies.Items() {
		for s := range p.Path("PolicyDocument", "Statement").Items() {
			resource := s.Get("Resource")
			if resource.Kind() != template.Array {
				out = append(out, show(resource))
			}
			for r := range resource.Items() {
				out = append(out, show(r))
			}
		}
	}
	return out
}

// show is a value for people: a reference is its name, an Fn::Sub its text.
func show(v template.Value) string {
	if s, ok := v.Text(); ok {
		return s
	}
	if s, ok := v.Get("Ref").Text(); ok {
		return s
	}
	if s, ok := v.Get("Fn::Sub").Text(); ok {
		return s
	}
	if id, ok := v.Get("Fn::GetAtt").Item(0).Text(); ok {
		name, _ := v.Get("Fn::GetAtt").Item(1).Text()
		return id + "." + name
	}
	return v.Compact()
}
