package golden

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// under is the condition of an added resource.
func (r reader) under(resource map[string]any) string {
	if name, ok := resource["Condition"].(string); ok {
		return " | cond " + r.condition(map[string]any{"Condition": name})
	}
	return ""
}

// role is the line of a role: the functions that it may invoke. All else must be as it
// always is.
func (r reader) role(resource map[string]any) string {
	p, _ := resource["Properties"].(map[string]any)
	by := map[string]string{"apigateway.amazonaws.com": "", "events.amazonaws.com": " | by events"}
	trusted := ""
	for principal := range by {
		if trust := trustOf(principal); cmp.Equal(trust, p["AssumeRolePolicyDocument"]) {
			trusted = principal
		}
	}
	if trusted == "" {
		return "ROLE with another trust: " + cmp.Diff(trustOf("apigateway.amazonaws.com"), p["AssumeRolePolicyDocument"])
	}
	policies, _ := p["Policies"].([]any)
	if len(policies) != 1 {
		return fmt.Sprintf("ROLE with %d policies", len(policies))
	}
	document, _ := policies[0].(map[string]any)["PolicyDocument"].(map[string]any)
	statements, _ := document["Statement"].([]any)
	if len(statements) != 1 || document["Version"] != "2012-10-17" {
		return fmt.Sprintf("ROLE with %d statements", len(statements))
	}
	s, _ := statements[0].(map[string]any)
	if s["Effect"] != "Allow" || s["Action"] != "lambda:InvokeFunction" || len(s) != 3 {
		return "ROLE with the statement " + compactJSON(s)
	}
	var functions []string
	for _, arn := range s["Resource"].([]any) {
		functions = append(functions, r.invoked(arn))
	}
	slices.Sort(functions)
	line := "ROLE " + strings.Join(functions, ", ")
	for _, name := range []string{"Path", "PermissionsBoundary", "RoleName"} {
		if v := p[name]; v != nil {
			line += " | " + strings.ToLower(strings.TrimPrefix(name, "Permissions")) + " " + spell(v)
		}
	}
	return line + by[trusted] + r.under(resource)
}

// trustOf is the trust policy of a role that one service may assume.
func trustOf(principal string) any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"Service": principal}, "Action": "sts:AssumeRole"}}}
}

// invoked shows an ARN of a role's policy as a PERM line would show the
// function, under the condition that it has there.
func (r reader) invoked(arn any) string {
	if m, ok := arn.(map[string]any); ok && m["Fn::If"] != nil {
		branches := m["Fn::If"].([]any)
		return fmt.Sprintf("%s if %s", r.invoked(branches[1]), r.condition(map[string]any{"Condition": branches[0]}))
	}
	fn, _ := r.function(spell(arn), nil)
	return fn
}

// credentials are the lines for what is new or changed inside of the input's
// resources: a place for credentials, or a deployment under a new id.
func (r reader) credentials(c *comparison) []string {
	var all []string
	ids := map[string]string{}
	for _, x := range c.changed {
		if x.renamed {
			ids[x.at.LastToken()] = x.now
			all = append(all, "RENEW "+x.at.LastToken())
		}
	}
	for _, x := range slices.Concat(c.new, c.changed) {
		place := string(x.at)
		switch parts := strings.Split(place, "/"); {
		case x.renamed || strings.HasPrefix(place, "/Metadata") || strings.HasPrefix(place, "/Conditions"):
		case parts[1] == "Resources" && len(parts) == 3, r.part && len(parts) == 2 && strings.Contains(x.now, `"Type":"AWS::`):
		case renewed(x, ids), parts[len(parts)-1] == "DependsOn" && len(parts) == 4, parts[1] == "Resources" && len(parts) == 5 && parts[3] == "DependsOn":
		case strings.HasPrefix(x.now, `{"Fn::Select":[0,[`+x.old+`,{"Ref":`), strings.HasPrefix(x.now, `{"Fn::Select":[0,[`+x.old+`,{"Fn::If":`): // told by ORDER
		case strings.HasPrefix(place, "/Resources/Fn::ForEach::") && strings.Contains(x.now, `"AWS::Lambda::Permission"`):
			var resource map[string]any
			if err := json.Unmarshal([]byte(x.now), &resource); err == nil {
				all = append(all, "EACH "+strings.TrimPrefix(parts[2], "Fn::ForEach::")+" "+r.permission(resource))
			}
		case strings.HasPrefix(place, "/Resources/Fn::ForEach::") && slices.Contains(parts, "DependsOn"):
			all = append(all, "ORDER "+parts[4]+" | "+strings.ReplaceAll(compactJSON(json.RawMessage(x.now)), `"`, ""))
		default:
			all = append(all, "CRED "+finding.Place(x.at)+" | "+r.given(x.now))
		}
	}
	return all
}

// renewed reports whether only the ids of renewed deployments have changed in a value.
func renewed(x change, ids map[string]string) bool {
	text := x.old
	for old, now := range ids {
		text = strings.NewReplacer(`"`+old+`"`, `"`+now+`"`, `"`+old+`.`, `"`+now+`.`, "${"+old+"}", "${"+now+"}", "${"+old+".", "${"+now+".").Replace(text)
	}
	return text == x.now && x.old != x.now
}

// given shows credentials: "role" is the one that was added.
func (r reader) given(value string) string {
	var v any
	if err := json.Unmarshal([]byte(value), &v); err != nil {
		return err.Error()
	}
	if m, ok := v.(map[string]any); ok && m["Fn::If"] != nil {
		branches := m["Fn::If"].([]any)
		return fmt.Sprintf("%s if %s", r.given(compactJSON(branches[1])), r.condition(map[string]any{"Condition": branches[0]}))
	}
	text := spell(v)
	id, isArn := strings.CutSuffix(strings.TrimPrefix(text, "${"), ".Arn}")
	if _, own := r.in["Resources"][id]; isArn && !own {
		return "role"
	}
	return text
}
