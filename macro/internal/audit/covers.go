package audit

import (
	"slices"
	"strings"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// twin returns the index of a statement that allows all that the one at i allows,
// or -1. Where two allow the same, only the one to remove has a twin: a stack's is
// kept before a hand-made one, the older before the younger.
func twin(all []Statement, i int) int {
	s := all[i]
	for k, t := range all {
		if k == i || !covers(t.read, s.read) {
			continue
		}
		if t.Public && !s.Public || breadth[t.Wide] > breadth[s.Wide] {
			continue // the narrow one should stay
		}
		if !covers(s.read, t.read) || t.Owner.rank() < s.Owner.rank() || t.Owner.rank() == s.Owner.rank() && k < i {
			return k
		}
	}
	return -1
}

// covers reports whether t allows all that s allows; false where that can't be
// told.
func covers(t, s policy.Statement) bool {
	if t.Effect != policy.Allow || s.Effect != policy.Allow || len(t.Unclear)+len(s.Unclear) > 0 {
		return false
	}
	everybody := slices.Contains(t.Principals, policy.Everybody)
	for _, p := range s.Principals {
		if !everybody && !slices.Contains(t.Principals, p) {
			return false
		}
	}
	if !coverTexts(lower(t.Actions), lower(s.Actions), policy.Covers) {
		return false
	}
	if len(t.Resources) > 0 && (len(s.Resources) == 0 || !coverTexts(t.Resources, s.Resources, policy.Covers)) {
		return false
	}
	for _, c := range t.Conditions {
		if !slices.ContainsFunc(s.Conditions, func(d policy.Condition) bool { return coverCondition(c, d) }) {
			return false
		}
	}
	return true
}

func lower(list []string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = strings.ToLower(x)
	}
	return out
}

// coverTexts reports whether each of the narrow texts is covered by a wide one.
func coverTexts(wide, narrow []string, cover func(string, string) bool) bool {
	for _, n := range narrow {
		if !slices.ContainsFunc(wide, func(w string) bool { return cover(w, n) }) {
			return false
		}
	}
	return true
}

// coverCondition reports whether every request that meets d meets c.
func coverCondition(c, d policy.Condition) bool {
	if !strings.EqualFold(c.Key, d.Key) {
		return false
	}
	x, y := comparison(c.Operator), comparison(d.Operator)
	switch {
	case x == "" || y == "":
		return strings.EqualFold(c.Operator, d.Operator) && slices.Equal(sorted(c.Values), sorted(d.Values))
	case x == "arn" && y == "arn":
		return coverTexts(c.Values, d.Values, coverARN)
	case y == "equals" && x == "equals":
		return coverTexts(c.Values, d.Values, func(w, n string) bool { return w == n })
	case y == "equals" && x == "arn":
		return coverTexts(c.Values, d.Values, func(w, n string) bool { return !strings.ContainsAny(n, "*?") && coverARN(w, n) })
	case x == "like" && (y == "like" || y == "arn"):
		return coverTexts(c.Values, d.Values, policy.Covers)
	case x == "like" && y == "equals":
		return coverTexts(c.Values, d.Values, func(w, n string) bool { return !strings.ContainsAny(n, "*?") && policy.Covers(w, n) })
	}
	return false
}

func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

// comparison tells how an operator compares: "arn", "equals", "like", or "" for
// any other.
func comparison(operator string) string {
	switch strings.ToLower(operator) {
	case "arnlike", "arnequals":
		return "arn"
	case "stringequals":
		return "equals"
	case "stringlike":
		return "like"
	}
	return ""
}

// coverARN reports whether one ARN pattern covers another, each of the six parts
// by itself, as ArnLike compares
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
func coverARN(wide, narrow string) bool {
	w, n := strings.SplitN(wide, ":", 6), strings.SplitN(narrow, ":", 6)
	if len(w) < 6 || len(n) < 6 || strings.Contains(wide, "${") || strings.Contains(narrow, "${") {
		return wide == narrow
	}
	for i := range w {
		if !policy.Covers(w[i], n[i]) {
			return false
		}
	}
	return true
}
