package evaluator

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Statement is one of a function's policy.
type Statement struct {
	By         string // the resource that puts it there
	Effect     string
	Everybody  bool
	Services   []string
	Actions    []string
	Resources  []string
	Conditions []condition
}

type condition struct {
	operator, key string
	values        []string
}

// A request is one invocation as the policy sees it.
type request struct {
	principal, function string
	keys                map[string]string // condition keys, in lower case
}

// allowed reports whether a function's policy lets a request through: some
// statement allows it and none denies it
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
func allowed(policy []Statement, r request) bool {
	out := false
	for _, s := range policy {
		if s.matches(r) {
			if s.Effect == "Deny" {
				return false
			}
			out = true
		}
	}
	return out
}

func (s Statement) matches(r request) bool {
	return (s.Everybody || slices.Contains(s.Services, r.principal)) &&
		slices.ContainsFunc(s.Actions, func(a string) bool { return glob(strings.ToLower(a), "lambda:invokefunction") }) &&
		slices.ContainsFunc(s.Resources, func(p string) bool { return glob(p, r.function) }) &&
		!slices.ContainsFunc(s.Conditions, func(c condition) bool { return !c.holds(r.keys) })
}

func (c condition) holds(keys map[string]string) bool {
	operator, ifExists := strings.CutSuffix(c.operator, "IfExists")
	have, ok := keys[strings.ToLower(c.key)]
	if operator == "Null" {
		return slices.Contains(c.values, fmt.Sprint(!ok))
	}
	base, negated := operator, false
	for _, kind := range []string{"String", "Arn"} {
		if rest, cut := strings.CutPrefix(operator, kind+"Not"); cut {
			base, negated = kind+rest, true
		}
	}
	if !ok {
		return negated || ifExists
	}
	return negated != slices.ContainsFunc(c.values, func(v string) bool { return compare(base, v, have) })
}

func compare(operator, want, have string) bool {
	switch operator {
	case "StringEquals", "Bool":
		return want == have
	case "StringEqualsIgnoreCase":
		return strings.EqualFold(want, have)
	case "StringLike":
		return glob(want, have)
	case "ArnLike", "ArnEquals":
		return arnLike(want, have)
	}
	return false
}

// arnLike compares the six components of two ARNs one by one; the last holds
// every further colon.
func arnLike(pattern, arn string) bool {
	p, a := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	if len(p) != 6 || len(a) != 6 {
		return false
	}
	for i := range p {
		if !glob(p[i], a[i]) {
			return false
		}
	}
	return true
}

// glob matches * and ?; * crosses everything.
func glob(pattern, s string) bool {
	if pattern == "" {
		return s == ""
	}
	if pattern[0] == '*' {
		for i := 0; i <= len(s); i++ {
			if glob(pattern[1:], s[i:]) {
				return true
			}
		}
		return false
	}
	return s != "" && (pattern[0] == '?' || pattern[0] == s[0]) && glob(pattern[1:], s[1:])
}

// putPolicy makes a whole policy of an AWS::Lambda::ResourcePolicy.
func (d *Deployment) putPolicy(id string) error {
	p := d.properties[id]
	name, _ := text(p["ResourceArn"])
	if !strings.HasPrefix(plain(name), "arn:") {
		return errors.New("ResourceArn is no complete ARN")
	}
	arn, err := d.target(id, name)
	if err != nil {
		return err
	}
	d.whole[arn] = id
	doc := p["PolicyDocument"]
	if s, isText := doc.(string); isText {
		if err := json.Unmarshal([]byte(plain(s)), &doc); err != nil {
			return err
		}
	}
	d.policies[arn] = append(d.policies[arn], readStatements(id, doc)...)
	return nil
}

// readStatements reads the statements of a policy document.
func readStatements(by string, doc any) (out []Statement) {
	for _, raw := range list(member(doc, "Statement")) {
		s := Statement{By: by, Actions: texts(member(raw, "Action")), Resources: texts(member(raw, "Resource"))}
		s.Effect, _ = member(raw, "Effect").(string)
		principal := member(raw, "Principal")
		s.Everybody = principal == "*" || slices.Contains(texts(member(principal, "AWS")), "*")
		s.Services = texts(member(principal, "Service"))
		conditions, _ := member(raw, "Condition").(object)
		for operator, keys := range conditions {
			for key, values := range orEmpty(keys).(object) {
				s.Conditions = append(s.Conditions, condition{operator, key, texts(values)})
			}
		}
		out = append(out, s)
	}
	return out
}

func texts(v any) []string {
	var out []string
	for _, x := range list(v) {
		s, _ := text(x)
		out = append(out, plain(s))
	}
	return out
}
