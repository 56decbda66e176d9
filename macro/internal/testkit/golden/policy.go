package golden

import (
	"fmt"
	"slices"
	"strings"
)

// policy returns a line for each statement of an AWS::Lambda::ResourcePolicy,
// which is the statement's JSON where it hasn't the macro's form.
func (r reader) policy(resource map[string]any) []string {
	p, _ := resource["Properties"].(map[string]any)
	document, _ := p["PolicyDocument"].(map[string]any)
	statements, _ := document["Statement"].([]any)
	if document["Version"] != "2012-10-17" || len(statements) == 0 {
		return []string{fmt.Sprint("POLICY with the document ", document)}
	}
	arn := spell(p["ResourceArn"])
	fn, _ := r.function(arn, words(resource["DependsOn"]))
	var lines []string
	for _, x := range statements {
		condition := ""
		if branch, ok := ifOnly(x); ok {
			condition, x = " if "+branch.condition, branch.value
		}
		st, _ := x.(map[string]any)
		if st["Effect"] != "Allow" || spell(st["Resource"]) != arn {
			return []string{fmt.Sprint("POLICY with the statement ", st)}
		}
		lines = append(lines, "POLICY "+fn+" | "+r.invokerOf(st)+condition+" | "+sourcesOf(st)+r.under(resource))
	}
	return lines
}

// A branch is a value that is there under a condition alone.
type branch struct {
	condition string
	value     any
}

// ifOnly reads {"Fn::If": [condition, value, {"Ref": "AWS::NoValue"}]}.
func ifOnly(v any) (b branch, ok bool) {
	m, _ := v.(map[string]any)
	list, _ := m["Fn::If"].([]any)
	if len(list) != 3 || spell(list[2]) != "${AWS::NoValue}" {
		return branch{}, false
	}
	return branch{fmt.Sprint(list[0]), list[1]}, true
}

// invokerOf is the principal of a statement, with its access.
func (r reader) invokerOf(st map[string]any) string {
	principal := st["Principal"]
	if m, ok := principal.(map[string]any); ok {
		principal = m["Service"]
	}
	p := map[string]any{"Principal": principal, "Action": st["Action"]}
	conditions, _ := st["Condition"].(map[string]any)
	for _, keys := range conditions {
		for key, v := range keys.(map[string]any) {
			switch key {
			case "lambda:FunctionUrlAuthType":
				p["FunctionUrlAuthType"] = v
			case "lambda:InvokedViaFunctionUrl":
				p["InvokedViaFunctionUrl"] = v
			}
		}
	}
	if principal == "apigateway.amazonaws.com" && st["Action"] == "lambda:InvokeFunction" {
		return "apigateway"
	}
	return r.invoker(p)
}

// sourcesOf are the sources of a statement in order, and whether it names the account.
func sourcesOf(st map[string]any) string {
	conditions, _ := st["Condition"].(map[string]any)
	like, _ := conditions["ArnLike"].(map[string]any)
	equals, _ := conditions["StringEquals"].(map[string]any)
	list, _ := like["aws:SourceArn"].([]any)
	var sources []string
	for _, x := range list {
		condition := ""
		if b, ok := ifOnly(x); ok {
			condition, x = " if "+b.condition, b.value
		}
		text := spell(x)
		if strings.HasPrefix(text, sourcePrefix) {
			text = sourceOf(text)
		} else {
			text = ownARN.ReplaceAllString(text, "A($1:$2)")
		}
		sources = append(sources, text+condition)
	}
	if sources == nil {
		sources = []string{"any"}
	}
	slices.Sort(sources)
	line := strings.Join(sources, ", ")
	if equals["aws:SourceAccount"] != nil {
		line += " +acct"
	}
	return line
}
