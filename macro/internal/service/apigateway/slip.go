package apigateway

import (
	"regexp"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
)

// slips are the common mistakes in the tail of a source ARN, in the order in which they are
// tried
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
var slips = []invoke.Slip{
	{What: "nothing stands behind the API's id", Mend: func(tail, _ string, _ *invoke.Source) string {
		if tail == "" || tail == "/" {
			return "/*"
		}
		return ""
	}},
	{What: "%s has no method before it", Mend: func(tail, _ string, s *invoke.Source) string {
		if p := segments(tail); s.Form == Key && len(p) == 4 {
			return "/" + p[1] + "/" + p[3]
		}
		return ""
	}},
	{What: "an authorizer calls from authorizers/<id>, without a stage and a method", Mend: func(_, _ string, s *invoke.Source) string {
		if s.Form == Authorizer {
			return "/authorizers/*"
		}
		return ""
	}},
	{What: "ANY is no method that a call has: * stands for all of them", Mend: func(tail, _ string, _ *invoke.Source) string {
		if p := segments(tail); len(p) > 2 && strings.EqualFold(p[2], "ANY") {
			p[2] = "*"
			return strings.Join(p, "/")
		}
		return ""
	}},
	{What: "upper and lower case differ from those of %s", Mend: func(tail, need string, _ *invoke.Source) string {
		if policy.Covers(strings.ToLower(tail), strings.ToLower(need)) {
			return strings.ReplaceAll(need, policy.AnySegment, "*")
		}
		return ""
	}},
	{What: "the root path keeps its slash", Mend: func(tail, _ string, _ *invoke.Source) string { return tail + "/" }},
	{What: "there is a slash at the end", Mend: func(tail, _ string, _ *invoke.Source) string { return strings.TrimRight(tail, "/") }},
	{What: "there is a double slash", Mend: func(tail, _ string, _ *invoke.Source) string { return slashes().ReplaceAllString(tail, "/") }},
	{What: "the path parameter has another name: write * for it", Mend: func(tail, _ string, _ *invoke.Source) string { return pathParameter().ReplaceAllString(tail, "*") }},
	{What: "the stage is missing", Mend: func(tail, _ string, _ *invoke.Source) string { return "/*" + tail }},
	{What: "/* is missing at the end", Mend: func(tail, _ string, _ *invoke.Source) string { return tail + "/*" }},
	{What: "/* at the end is for what lies below %s", Mend: func(tail, _ string, _ *invoke.Source) string { return strings.TrimSuffix(tail, "/*") }},
	{What: "it is for the method %s", Mend: func(tail, _ string, _ *invoke.Source) string { return withAny(tail, 2) },
		Show: func(tail string) string { return segmentOf(tail, 2) }},
	{What: "it is for the stage %s, from which the call doesn't come", Mend: func(tail, _ string, _ *invoke.Source) string { return withAny(tail, 1) },
		Show: func(tail string) string { return segmentOf(tail, 1) }},
}

var (
	slashes       = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/{2,}`) })
	pathParameter = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[^/{}]*\}`) })
)

// segments splits a tail into nothing, the stage, the method, and the path or key.
func segments(tail string) []string { return strings.SplitN(tail, "/", 4) }

func segmentOf(tail string, i int) string {
	if p := segments(tail); len(p) > i {
		return p[i]
	}
	return ""
}

// withAny replaces the stage or the method of a tail by a wildcard, where it is before a
// path or a key.
func withAny(tail string, i int) string {
	p := segments(tail)
	if len(p) <= i+1 {
		return ""
	}
	p[i] = "*"
	return strings.Join(p, "/")
}
