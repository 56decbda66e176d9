package emit

import (
	"slices"
	"strings"

	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantinvoke/grantinvoke/macro/internal/function"
	"github.com/grantinvoke/grantinvoke/macro/internal/grant"
	"github.com/grantinvoke/grantinvoke/macro/internal/naming"
	"github.com/grantinvoke/grantinvoke/macro/internal/statement"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// maxRolePolicy is the size of all inline policies of a role together, in
// characters without white space
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const maxRolePolicy = 10240

// policyFrame is the size of the policy document without the items of Resource.
const policyFrame = 130

// slotSize is how many characters a slot adds to the policy of a role, with the longest
// names that are possible.
func (d *writer) slotSize(s *grant.Slot, r *madeRole) int {
	size, seen := 0, map[string]bool{}
	for _, i := range s.Calls {
		t := d.decisions[i].Call.Target
		for _, arn := range resourceARNs(t) {
			if _, there := r.items[arn]; !there && !seen[arn] {
				seen[arn] = true
				size += statement.Lengths{View: d.View}.FunctionARN(t) + 3
			}
		}
	}
	return size
}

// resourceARNs returns the ARN of a function for a role's policy, as JSON, spelled as the
// URI does: so the role refers to nothing that the API doesn't, and closes no circular
// dependency. An ARN without qualifier doesn't match a call with one, nor the reverse.
func resourceARNs(t *function.Target) []string {
	x := t.ARN
	if p, ok := x.Single(); ok && !t.IsName && t.Name.Key() == template.RefTo(p.Text).Key() {
		return []string{t.Name.JSON()} // Fn.Alias, which SAM replaces only in Ref
	}
	if p, ok := x.Single(); ok && p.Kind == template.Ref && p.Text == t.Function {
		return []string{template.AttOf(t.Function, "Arn").JSON()} // its Ref is a name
	}
	first, _ := firstWord(x)
	if x.Split(":")[0].IsDynamic() {
		return []string{x.JSON()}
	}
	if first == "arn" || len(x) > 0 && x[0].Kind != template.Lit && !isName(x, t) && !t.IsName {
		return []string{x.JSON()}
	}
	prefix := template.Text{{Kind: template.Lit, Text: "arn:"}, {Kind: template.Ref, Text: "AWS::Partition"}, {Kind: template.Lit, Text: ":lambda:"},
		{Kind: template.Ref, Text: "AWS::Region"}, {Kind: template.Lit, Text: ":"}}
	switch parts := x.Split(":"); {
	case len(parts) > 2 && statement.Is(parts[1], "function"):
		return []string{template.Join(prefix, x).JSON()}
	case len(parts) > 1 && statement.Is(parts[0], "function"):
		prefix = template.Join(prefix, template.RefTo("AWS::AccountId"), template.Literal(":"))
	default:
		prefix = template.Join(prefix, template.RefTo("AWS::AccountId"), template.Literal(":function:"))
	}
	return []string{template.Join(prefix, x).JSON()}
}

// firstWord is the text before the first colon, where that is literal.
func firstWord(x template.Text) (string, bool) {
	if len(x) == 0 || x[0].Kind != template.Lit {
		return "", false
	}
	word, _, found := strings.Cut(x[0].Text, ":")
	return word, found
}

// isName reports whether a text begins with the name of the function, such as
// ${Fn}:live, and not with an ARN.
func isName(x template.Text, t *function.Target) bool {
	return x[0].Kind == template.Ref && (x[0].Text == t.Function || x[0].Text == "AWS::AccountId" || x[0].Text == "AWS::StackName")
}

// role is the resource of a role: only the service that calls may assume it, and it may
// invoke its functions and nothing else. The trust has no conditions, since API Gateway
// presents no source when it assumes an integration's role.
func (d *writer) role(r *madeRole, condition string) jsontext.Value {
	role := &iam.Role{
		AssumeRolePolicyDocument: map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect": "Allow", "Principal": map[string]any{"Service": r.principal}, "Action": "sts:AssumeRole"}}},
		Policies: []iam.Role_Policy{{PolicyName: "InvokeFunctions", PolicyDocument: map[string]any{
			"Version": "2012-10-17", "Statement": []any{map[string]any{
				"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": []string{blank("functions")}}}}}},
		Path:                       ptr(blank("path")),
		PermissionsBoundary:        ptr(blank("boundary")),
		AWSCloudFormationMetadata:  map[string]any{"GrantInvoke": blank("metadata")},
		AWSCloudFormationCondition: blank("condition"),
	}
	arns := make([]string, 0, len(r.items))
	for arn, when := range r.items {
		if !naming.Everywhere(d.Template, r.when, when) {
			arn = `{"Fn::If":[` + template.Quote(d.conds.Name(when)) + `,` + arn + `,{"Ref":"AWS::NoValue"}]}`
		}
		arns = append(arns, arn)
	}
	slices.Sort(arns)
	slices.Sort(r.routes)
	return newShape(role).append(nil, func(b []byte, name string) ([]byte, bool) {
		switch name {
		case "functions":
			return append(append(append(b, '['), strings.Join(arns, ",")...), ']'), true
		case "condition":
			return template.AppendQuote(b, condition), condition != ""
		case "path":
			return template.AppendQuote(b, r.options.RolePath), r.options.RolePath != ""
		case "boundary":
			return append(b, r.options.PermissionsBoundary...), r.options.PermissionsBoundary != ""
		}
		return append(appendTexts(append(b, `{"For":[`...), slices.Compact(r.routes)), "]}"...), true
	})
}
