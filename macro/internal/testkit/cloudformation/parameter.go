package cloudformation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// values returns what an event's templateParameterValues holds: every declared
// parameter with the value given or its default, lists as arrays of strings,
// all else as a string; no pseudo parameters.
func values(declared jsontext.Value, given map[string]string) ([]field, error) {
	var out []field
	var missing []string
	for _, p := range members(declared) {
		properties := members(p.value)
		value, ok := given[p.name]
		if !ok {
			var fallback jsontext.Value
			if fallback = member(properties, "Default"); fallback == nil {
				missing = append(missing, p.name)
				continue
			}
			if value, ok = text(fallback); !ok {
				value = string(fallback) // 4 or true, as YAML reads an unquoted default
			}
		}
		kind, _ := text(member(properties, "Type"))
		if kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<") {
			out = append(out, field{p.name, list(value)})
		} else {
			out = append(out, field{p.name, quote(value)})
		}
	}
	if len(missing) > 0 {
		return nil, refuse("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	var strange []string
	for name := range given {
		if member(out, name) == nil {
			strange = append(strange, name)
		}
	}
	if len(strange) > 0 {
		slices.Sort(strange)
		return nil, refuse("Parameters: [%s] do not exist in the template", strings.Join(strange, ", "))
	}
	return out, nil
}

func list(value string) jsontext.Value {
	var elements []jsontext.Value
	for e := range strings.SplitSeq(value, ",") {
		elements = append(elements, quote(strings.TrimSpace(e)))
	}
	return array(elements)
}

// parameter resolves one parameter of a transform: a scalar, a list of scalars,
// or a reference to a parameter of the template or to a pseudo parameter. Any
// other function is refused in CloudFormation's words (seen for
// Fn::ImportValue). It returns nil for AWS::NoValue.
func (d *deployment) parameter(p field, transform string) (jsontext.Value, error) {
	v, ok := d.resolve(p.value)
	if ok && v.Kind() == '[' {
		elements := items(v)
		for i := range elements {
			elements[i], ok = d.resolve(elements[i])
			if !ok || !scalar(elements[i]) {
				return nil, unresolved(p.name, transform)
			}
		}
		return array(elements), nil
	}
	if !ok || v != nil && !scalar(v) {
		return nil, unresolved(p.name, transform)
	}
	return v, nil
}

func unresolved(name, transform string) error {
	return refuse("The value of parameter %s under transform %s must resolve to a string, number, boolean or a list of any of these.", name, transform)
}

func scalar(v jsontext.Value) bool {
	switch v.Kind() {
	case '"', '0', 't', 'f':
		return true
	}
	return false
}

var placeholder = regexp.MustCompile(`\$\{([^!][^}]*)\}`)

// resolve follows Ref, and Fn::Sub without a map, to parameter values.
func (d *deployment) resolve(v jsontext.Value) (jsontext.Value, bool) {
	fields := members(v)
	if len(fields) != 1 {
		return v, v.Kind() != '{'
	}
	argument, ok := text(fields[0].value)
	if !ok {
		return nil, false
	}
	switch fields[0].name {
	case "Ref":
		return d.lookUp(argument)
	case "Fn::Sub":
		out := placeholder.ReplaceAllStringFunc(argument, func(s string) string {
			value, known := d.lookUp(strings.TrimSpace(s[2 : len(s)-1]))
			word, isText := text(value)
			ok = ok && known && isText
			return word
		})
		return quote(strings.ReplaceAll(out, "${!", "${")), ok
	}
	return nil, false
}

func (d *deployment) lookUp(name string) (jsontext.Value, bool) {
	partition, suffix := "aws", "amazonaws.com"
	switch {
	case strings.HasPrefix(d.region, "cn-"):
		partition, suffix = "aws-cn", "amazonaws.com.cn"
	case strings.HasPrefix(d.region, "us-gov-"):
		partition = "aws-us-gov"
	}
	switch name {
	case "AWS::NoValue":
		return nil, true
	case "AWS::AccountId":
		return quote(d.account), true
	case "AWS::Region":
		return quote(d.region), true
	case "AWS::StackName":
		return quote(d.name), true
	case "AWS::StackId":
		return quote(fmt.Sprintf("arn:%s:cloudformation:%s:%s:stack/%s/00000000-0000-4000-8000-000000000000",
			partition, d.region, d.account, d.name)), true
	case "AWS::Partition":
		return quote(partition), true
	case "AWS::URLSuffix":
		return quote(suffix), true
	case "AWS::NotificationARNs":
		return jsontext.Value("[]"), true
	}
	value := member(d.values, name)
	return value, value != nil
}
