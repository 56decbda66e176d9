package review

import (
	"regexp"
	"strings"
	"sync"

	"github.com/grantinvoke/grantinvoke/macro/internal/policy"
	"github.com/grantinvoke/grantinvoke/macro/internal/service/apigateway"
)

// A tailMend changes what stands behind the API's id in a SourceArn, which the
// first slash begins, into what it may have been meant for
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html).
type tailMend struct {
	what string // %s: the call's route, or what is there
	make func(tail string, c wantedCall) string
	show func(tail string, c wantedCall) string // what %s is; nil: the route
}

var tailMends = []tailMend{
	{"nothing stands behind the API's id", func(tail string, _ wantedCall) string {
		if tail == "" || tail == "/" {
			return "/*"
		}
		return ""
	}, nil},
	{"%s has no method before it", func(tail string, c wantedCall) string {
		if p := strings.SplitN(tail, "/", 4); c.Source.Form == apigateway.Key && len(p) == 4 {
			return "/" + p[1] + "/" + p[3]
		}
		return ""
	}, nil},
	{"an authorizer calls from authorizers/<id>, without a stage and a method", func(_ string, c wantedCall) string {
		if c.Source.Form == apigateway.Authorizer {
			return "/authorizers/*"
		}
		return ""
	}, nil},
	{"ANY is no method that a call has: * stands for all of them", func(tail string, _ wantedCall) string {
		if p := strings.SplitN(tail, "/", 4); len(p) > 2 && strings.EqualFold(p[2], "ANY") {
			p[2] = "*"
			return strings.Join(p, "/")
		}
		return ""
	}, nil},
	{"upper and lower case differ from those of %s", func(tail string, c wantedCall) string {
		if need := c.tail(); policy.Covers(strings.ToLower(tail), strings.ToLower(need)) {
			return c.anyStage(need)
		}
		return ""
	}, nil},
	{"the root path keeps its slash", func(tail string, c wantedCall) string { return tail + "/" }, nil},
	{"there is a slash at the end", func(tail string, _ wantedCall) string { return strings.TrimRight(tail, "/") }, nil},
	{"there is a double slash", func(tail string, _ wantedCall) string {
		return regexpSlashes().ReplaceAllString(tail, "/")
	}, nil},
	{"the path parameter has another name: write * for it", func(tail string, _ wantedCall) string {
		return regexpParameter().ReplaceAllString(tail, "*")
	}, nil},
	{"the stage is missing", func(tail string, _ wantedCall) string { return "/*" + tail }, nil},
	{"/* is missing at the end", func(tail string, _ wantedCall) string { return tail + "/*" }, nil},
	{"/* at the end is for what lies below %s", func(tail string, _ wantedCall) string { return strings.TrimSuffix(tail, "/*") }, nil},
	{"it is for the method %s", func(tail string, _ wantedCall) string { return withSegment(tail, 2, "*") }, func(tail string, _ wantedCall) string { return segmentOf(tail, 2) }},
	{"it is for the stage %s, from which the call doesn't come", func(tail string, _ wantedCall) string { return withSegment(tail, 1, "*") },
		func(tail string, _ wantedCall) string { return segmentOf(tail, 1) }},
}

var (
	regexpSlashes   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/{2,}`) })
	regexpParameter = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[^/{}]*\}`) })
)

// mend is the table's entry as one of the mends.
func (m tailMend) mend(w asWritten, c wantedCall) (asWritten, string, string) {
	if c.Source.ARN != nil || !w.hasSource {
		return w, "", ""
	}
	tail, own := strings.CutPrefix(w.from, c.api)
	mended := ""
	if own {
		mended = m.make(tail, c)
	}
	if mended == "" || mended == tail {
		return w, "", ""
	}
	name := c.Source.Label
	if m.show != nil {
		name = qualifierName(m.show(tail, c))
	}
	w.from = c.api + mended
	return w, strings.ReplaceAll(m.what, "%s", name), "write " + readableSource(c)
}

// tail is what stands behind the API's id in the call's source ARN.
func (c wantedCall) tail() string { return strings.TrimPrefix(c.source(), c.api) }

// anyStage is a need as a pattern that covers it.
func (c wantedCall) anyStage(need string) string {
	return strings.ReplaceAll(need, policy.AnySegment, "*")
}

func segmentOf(tail string, i int) string {
	if p := strings.SplitN(tail, "/", 4); len(p) > i {
		return p[i]
	}
	return ""
}

// withSegment replaces the stage or the method of a route, where one stands
// before a path or a key.
func withSegment(tail string, i int, by string) string {
	p := strings.SplitN(tail, "/", 4)
	if len(p) <= i+1 {
		return ""
	}
	p[i] = by
	return strings.Join(p, "/")
}
